"""podman with a store, a socket and settings of its own: the machine's other containers are not touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

INSTALL = (
    "apt-get install -y --no-install-recommends podman buildah debootstrap fuse-overlayfs runc slirp4netns "
    "netavark aardvark-dns uidmap iptables"
)
"""What brings the engine on Debian, as root."""
_NEEDED = ("podman", "runc", "slirp4netns", "debootstrap")
_ULIMITS = '"nofile=20000:20000", "nproc=4096:4096"'
"""Not above the hard limits of a container without CAP_SYS_RESOURCE, where the engine itself may run."""
_STARTS_WITHIN_S = 20.0


class EngineMissingError(Exception):
    """Images cannot be built or run here; the message says why, and what would help."""


class Engine:
    """A running podman service, in `with`.

    Raises:
        EngineMissingError: podman is not there, or cannot run a container here.
    """

    def __init__(self, folder: Path) -> None:
        """folder: where its store and settings are kept between runs."""
        self._folder = folder
        self._service: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """For podman, and for what speaks to Docker."""
        return {
            **os.environ,
            "CONTAINERS_CONF": str(self._folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(self._folder / "storage.conf"),
            "DOCKER_HOST": f"unix://{self._socket}",
            "SAM_CLI_TELEMETRY": "0",
            "SAM_CLI_ENABLE_LANGUAGE_EXTENSIONS": "1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
        }

    @property
    def _socket(self) -> Path:
        return self._folder / "podman.sock"

    def __enter__(self) -> Self:
        missing = [name for name in _NEEDED if shutil.which(name) is None]
        if missing:
            raise EngineMissingError(f"{', '.join(missing)} not found; as root: make images-engine")
        if os.geteuid() != 0:
            raise EngineMissingError("debootstrap and the read-only mounts need root")
        self._write_settings()
        self._socket.unlink(missing_ok=True)
        with (self._folder / "podman.log").open("ab") as log:
            words = ["podman", "system", "service", "--time=0", f"unix://{self._socket}"]
            self._service = subprocess.Popen(
                words, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + _STARTS_WITHIN_S
        while not self._socket.exists():
            if self._service.poll() is not None or time.monotonic() > deadline:
                self.__exit__(None, None, None)
                raise EngineMissingError(f"podman's service did not start: {self._folder / 'podman.log'}")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._service is not None and self._service.poll() is None:
            self._service.terminate()
            self._service.wait(timeout=20)

    def podman(self, *words: str) -> str:
        """Its standard output.

        Raises:
            subprocess.CalledProcessError: it failed; `stderr` says why.
        """
        done = subprocess.run(
            ["podman", *words], env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def log_of(self, container: str) -> str:
        """The end of what it wrote, to both of its streams."""
        words = ["podman", "logs", "--tail", "20", container]
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr)[-2000:]

    def has_image(self, name: str) -> bool:
        return bool(self.podman("images", "--quiet", name).strip())

    def _write_settings(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # runc, cgroupfs and files, because crun, systemd and journald are not everywhere an engine can run.
        (self._folder / "containers.conf").write_text(
            f"[containers]\ndefault_ulimits = [{_ULIMITS}]\nlog_driver = 'k8s-file'\n"
            "[engine]\nruntime = 'runc'\ncgroup_manager = 'cgroupfs'\nevents_logger = 'file'\n",
            "utf-8",
        )
        (self._folder / "storage.conf").write_text(
            f"[storage]\ndriver = 'overlay'\ngraphroot = '{self._folder / 'storage'}'\n"
            f"runroot = '{self._folder / 'run'}'\n",
            "utf-8",
        )

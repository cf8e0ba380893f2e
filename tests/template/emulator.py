"""An emulator of AWS's control plane, on this machine alone: it makes the resources and runs no image."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tests.template.cloudformation import ROOT

PROGRAM = ROOT / ".venv-check" / "stack" / "bin" / "ministack"
_READY_S = 60


@dataclass(frozen=True, slots=True)
class Emulator:
    """Where it answers."""

    url: str

    def client(self, service: str) -> Any:
        """A boto3 client of it."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Emulator]:
    """The emulator on a free port of the loopback, its files in the folder; gone afterwards.

    Raises:
        TimeoutError: it does not answer.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",  # without it, it listens on every interface
        "GATEWAY_PORT": str(port),
        "DOCKER_HOST": f"unix://{folder}/no-engine",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM], env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait(port)
        yield Emulator(f"http://127.0.0.1:{port}")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its function workers too
        process.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError

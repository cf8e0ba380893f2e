"""python3 build.py SOURCES TARGET: compiles the tagger's core, the C files in SOURCES, to the library TARGET.

Needs the package of requirements.txt beside this file and nothing of the system: `make setup` and the images
give it one.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path
from typing import Final

_MACHINES: Final = {
    # AVX2 and FMA (ADR 0010).
    "x86_64": ["-mcpu=x86_64_v3"],
    "amd64": ["-mcpu=x86_64_v3"],
}
_OLDEST_GLIBC: Final = "2.17"
_FLAGS: Final = (
    "-std=c11",
    "-O3",
    "-ffp-contract=fast",
    "-fPIC",
    "-shared",
    "-s",
    "-Wall",
    "-Wextra",
    "-Werror",
)


def main(sources: Path, target: Path) -> None:
    """Raises SystemExit: the compiler said no."""
    machine = platform.machine().lower()
    aimed = [] if sys.platform != "linux" else ["-target", f"{_zig_name(machine)}-linux-gnu.{_OLDEST_GLIBC}"]
    draft = target.with_suffix(".draft")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "ziglang", "cc", *aimed, *_MACHINES.get(machine, []), *_FLAGS),
            *sorted(map(str, sources.glob("*.c"))),
            *("-lm", "-o", str(draft)),
        ],
        check=False,
    )
    if done.returncode:
        sys.exit(f"the tagger's core was not built: the compiler ended with {done.returncode}")
    draft.replace(target)


def _zig_name(machine: str) -> str:
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

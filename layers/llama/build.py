"""python3 build.py FOLDER [--kept]: llama-cpp-python's wheel into FOLDER, built or kept; prints its path.

With --kept it is taken from the cache or not at all (exit 3).

Needs the packages of build.txt beside this file, importable, and nothing of the system: the compiler is one
of them. The wheel is kept in ${XDG_CACHE_HOME:-~/.cache}/hntai/wheels under a key of what it is made from.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_NOT_KEPT: Final = 3
_OLDEST_GLIBC: Final = "2.28"
"""Of Amazon Linux 2023's images (2.34) and what Python's own wheels ask for (manylinux_2_28)."""
_MACHINES: Final = {"x86_64": ("x86_64", ["-mcpu=x86_64_v3"]), "aarch64": ("aarch64", [])}
"""AVX2, FMA, F16C and BMI2 on x86-64, as for the tagger; no AVX-512, which a Lambda may lack (ADR 0011)."""
_CMAKE: Final = (
    "-DGGML_NATIVE=OFF",
    "-DGGML_AVX=ON",
    "-DGGML_AVX2=ON",
    "-DGGML_FMA=ON",
    "-DGGML_F16C=ON",
    "-DGGML_BMI2=ON",
    # llama.cpp's own threads: OpenMP's spin on shared cores, and would be one more library.
    "-DGGML_OPENMP=OFF",
    # Text alone, and nothing fetched over the network.
    "-DMTMD_BUILD=OFF",
    "-DLLAVA_BUILD=OFF",
    "-DLLAMA_CURL=OFF",
    "-DLLAMA_OPENSSL=OFF",
    "-DGGML_CCACHE=OFF",
)
_WRAPPER: Final = """#!/bin/sh
# {what} by zig: one target, one machine; flags of its own for instructions would stand against -mcpu.
for word in "$@"; do
    shift
    case $word in
        -m64|-mavx*|-mfma|-mf16c|-mbmi*|-msse*|-march=*|-mtune=*|-mcpu=*) ;;
        *) set -- "$@" "$word" ;;
    esac
done
exec "{zig}" {what} {flags} "$@"
"""


def main(folder: Path, *, is_kept_only: bool) -> Path:
    """The wheel's path. Raises SystemExit: the build failed; the end of its log is in the message."""
    kept = _cache() / _key()
    wheel = _sound(kept)
    if wheel is None and is_kept_only:
        sys.exit(_NOT_KEPT)
    if wheel is None:
        wheel = _built(kept)
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(wheel, folder))


def _key() -> str:
    pins = [(_HERE / name).read_text("utf-8") for name in ("build.txt", "sdist.txt")]
    made_from = [*pins, *_CMAKE, _WRAPPER, repr(_MACHINES), _OLDEST_GLIBC, platform.machine()]
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()[:24]


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "hntai" / "wheels"


def _sound(kept: Path) -> Path | None:
    """The cached wheel whose bytes are those that were built."""
    for wheel in kept.glob("*.whl"):
        noted = wheel.with_suffix(".sha256")
        if noted.exists() and noted.read_text("utf-8") == hashlib.sha256(wheel.read_bytes()).hexdigest():
            return wheel
    return None


def _built(kept: Path) -> Path:
    started = time.monotonic()
    _say("building llama-cpp-python: 5 to 15 minutes, once")
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        with log.open("w") as file:
            done = subprocess.run(
                _words(scratch), env=_environment(Path(scratch)), stdout=file, stderr=file, check=False
            )
        if done.returncode:
            sys.exit(f"llama-cpp-python was not built:\n{log.read_text('utf-8', 'replace')[-4000:]}")
        (built,) = Path(scratch).glob("wheel/*.whl")
        wheel = _keep(built, kept)
    _say(f"built {wheel.name} in {time.monotonic() - started:.0f} s")
    return wheel


def _words(scratch: str) -> list[str]:
    options = [
        "--no-build-isolation",
        "--no-deps",
        "--no-binary",
        ":all:",
        "--require-hashes",
        "--no-cache-dir",
    ]
    return [
        *(sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check", "--verbose", *options),
        *("--requirement", str(_HERE / "sdist.txt"), "--wheel-dir", f"{scratch}/wheel"),
    ]


def _environment(scratch: Path) -> dict[str, str]:
    import ninja
    import ziglang

    tools = scratch / "tools"
    tools.mkdir()
    zig = Path(ziglang.__file__).parent / "zig"
    machine, aimed = _MACHINES[platform.machine()]
    target = (
        f"-target {machine}-linux-gnu.{_OLDEST_GLIBC} {' '.join(aimed)}" if sys.platform == "linux" else ""
    )
    for name, what, flags in (
        ("cc", "cc", target),
        ("c++", "c++", target),
        ("ar", "ar", ""),
        ("ranlib", "ranlib", ""),
    ):
        tool = tools / name
        tool.write_text(_WRAPPER.format(zig=zig, what=what, flags=flags), "utf-8")
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    return {
        **os.environ,
        "PATH": os.pathsep.join(
            [str(Path(ninja.BIN_DIR)), str(Path(sys.executable).parent), os.environ["PATH"]]
        ),
        "CC": str(tools / "cc"),
        "CXX": str(tools / "c++"),
        "CMAKE_ARGS": " ".join([*_CMAKE, f"-DCMAKE_AR={tools / 'ar'}", f"-DCMAKE_RANLIB={tools / 'ranlib'}"]),
        "CMAKE_GENERATOR": "Ninja",
        "ZIG_GLOBAL_CACHE_DIR": str(scratch / "zig"),
        "ZIG_LOCAL_CACHE_DIR": str(scratch / "zig"),
    }


def _keep(built: Path, kept: Path) -> Path:
    """Puts the wheel into the cache, whole or not at all."""
    draft = kept.with_name(f"{kept.name}.{os.getpid()}")
    draft.mkdir(parents=True, exist_ok=True)
    shutil.copy2(built, draft)
    digest = hashlib.sha256(built.read_bytes()).hexdigest()
    (draft / built.with_suffix(".sha256").name).write_text(digest, "utf-8")
    shutil.rmtree(kept, ignore_errors=True)
    draft.replace(kept)
    return kept / built.name


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]), is_kept_only='--kept' in sys.argv[2:])}\n")

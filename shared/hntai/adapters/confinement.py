"""What a child lays upon itself before it opens what a stranger sent."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Final

from hntai.domain.errors import HntaiError

MOST_KILLABLE: Final = "1000"
"""For oom_score_adj: where memory runs out the kernel shall take the child and not the function."""


def moved_streams() -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    """The parent's pipes, moved away from 0 to 2: native libraries print where they like."""
    given = os.fdopen(os.dup(0), "rb", buffering=0)
    made, report = os.fdopen(os.dup(1), "wb", buffering=1 << 18), os.fdopen(os.dup(2), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return given, made, report


def report(pipe: IO[bytes], ended: HntaiError | Mapping[str, object]) -> None:
    """The one line that says how the child ended: what failed, or what it tells of its whole work."""
    if isinstance(ended, HntaiError):
        said: object = {"failed": {"error": type(ended).__name__, "details": ended.details}}
    else:
        said = {"done": dict(ended)}
    with suppress(BrokenPipeError):
        pipe.write(json.dumps(said).encode() + b"\n")


def confine(memory_bytes: int, cpu_s: int) -> None:
    """From here on: no file or socket is opened, none written, and memory and time are bounded."""
    with open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123
        score.write(MOST_KILLABLE)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))

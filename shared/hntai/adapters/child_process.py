"""A child that reads one file a stranger sent: started, listened to up to a deadline, and ended."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, BinaryIO, Final, cast

from hntai.adapters.child_environment import child_environment
from hntai.domain.errors import HntaiError

IN_MEMORY_BYTES: Final = 32 << 20
"""Of a file's own bytes; larger ones go to the function's ephemeral disk."""


def unnamed_file(pieces: Iterable[bytes]) -> BinaryIO:
    """The bytes in memory, or on a disk where they are many; under no name, so that no end leaves them."""
    file: BinaryIO = os.fdopen(os.memfd_create("sent"), "w+b")
    is_on_disk = False
    try:
        for piece in pieces:
            if not is_on_disk and file.tell() + len(piece) > IN_MEMORY_BYTES:
                file, is_on_disk = _moved_to_disk(file), True
            file.write(piece)
    except BaseException:
        file.close()
        raise
    return file


def _moved_to_disk(file: BinaryIO) -> BinaryIO:
    on_disk: Any = tempfile.TemporaryFile()  # noqa: SIM115
    with file:
        file.seek(0)
        shutil.copyfileobj(file, on_disk)
    return cast("BinaryIO", on_disk)


def started(words: Sequence[str], given: BinaryIO) -> subprocess.Popen[bytes]:
    """The child, with the file as its standard input. Raises OSError where there is no such program."""
    environment = {**child_environment(), "OPENBLAS_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    return subprocess.Popen(list(words), stdin=given, stdout=pipe, stderr=pipe, env=environment, bufsize=0)


def taken(pipe: IO[bytes], deadline: float, size: int) -> bytes:
    """Up to size bytes, fewer only at the end. Raises TimeoutError past the deadline."""
    found = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(found) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise TimeoutError
            piece = pipe.read(size - len(found))
            if not piece:
                break
            found += piece
    return bytes(found)


def reported(
    child: subprocess.Popen[bytes], line: bytes, known: Mapping[str, type[HntaiError]]
) -> HntaiError | str | None:
    """How it says that it ended: None at the end of its work, else its error.

    Of a child that says nothing we know, what its end must mean, as a cause.
    """
    try:
        told: Any = json.loads(line)
        failed = None if "done" in told else told["failed"]
        return None if failed is None else known[failed["error"]](**failed["details"])
    except (ValueError, LookupError, TypeError):
        return _cause_of_end(child)


def _cause_of_end(child: subprocess.Popen[bytes]) -> str:
    """Of an end without a report."""
    try:
        code = child.wait(timeout=1.0)
    except subprocess.TimeoutExpired:
        return "crashed"
    return {-signal.SIGXCPU: "too_slow", -signal.SIGKILL: "out_of_memory"}.get(code, "crashed")


def ended(child: subprocess.Popen[bytes]) -> None:
    """Nothing of it is left."""
    if child.poll() is None:
        child.kill()
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()

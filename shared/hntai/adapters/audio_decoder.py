"""Recordings decoded in a process of its own: what a file does to it, it does not do to the function."""

from __future__ import annotations

import json
import math
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, BinaryIO, Final, cast

from hntai.adapters.audio_child import KNOWN
from hntai.adapters.child_environment import child_environment
from hntai.domain.audio_types import HEAD_BYTES, SHOWN, sniffed
from hntai.domain.errors import AudioError, AudioTypeUnknownError, AudioUnreadableError
from hntai.domain.speech import BYTES_PER_S

COMMAND: Final = (sys.executable, "-m", "hntai.adapters.audio_child")
MEMORY_BYTES: Final = 1 << 30
"""Of address space. The libraries alone take a fifth; a recording of 8 channels at 192 kHz little more."""
IN_MEMORY_BYTES: Final = 32 << 20
"""Of a recording's own bytes; larger ones go to the function's ephemeral disk."""
_CHUNK: Final = 8 * BYTES_PER_S
_REPORT_BYTES: Final = 4096


class ChildAudioDecoder:
    """See hntai.ports.AudioDecoder. One child a recording, ended with its iterator."""

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, command: Sequence[str] = COMMAND) -> None:
        self._memory_bytes, self._command = memory_bytes, command

    def decode(self, recording: Iterable[bytes], *, limit_s: float, deadline_s: float) -> Iterator[bytes]:
        with _unnamed_file(recording) as file:
            file.seek(0)
            audio_type = sniffed(file.read(HEAD_BYTES))
            if audio_type is None:
                raise AudioTypeUnknownError(types=list(SHOWN))
            file.seek(0)
            told = (audio_type.value, str(limit_s))
            yield from self._decoded(file, told, time.monotonic() + deadline_s)

    def _decoded(self, recording: BinaryIO, told: Sequence[str], deadline: float) -> Iterator[bytes]:
        cpu_s = max(1, math.ceil(deadline - time.monotonic()))
        child = _started((*self._command, *told, str(self._memory_bytes), str(cpu_s)), recording)
        try:
            assert child.stdout is not None
            assert child.stderr is not None
            while chunk := _taken(child.stdout, deadline):
                yield chunk
            _take_report(child, _taken(child.stderr, deadline, _REPORT_BYTES))
        finally:
            _ended(child)


def _unnamed_file(pieces: Iterable[bytes]) -> BinaryIO:
    """The bytes in memory, or on a disk where they are many; under no name, so that no end leaves them."""
    file: BinaryIO = os.fdopen(os.memfd_create("recording"), "w+b")
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


def _started(words: Sequence[str], recording: BinaryIO) -> subprocess.Popen[bytes]:
    environment = {**child_environment(), "OPENBLAS_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(
            list(words), stdin=recording, stdout=pipe, stderr=pipe, env=environment, bufsize=0
        )
    except OSError as error:
        raise AudioUnreadableError(cause="decoder_missing") from error


def _taken(pipe: IO[bytes], deadline: float, size: int = _CHUNK) -> bytes:
    """Up to size bytes, fewer only at the end. Raises AudioUnreadableError past the deadline."""
    taken = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(taken) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise AudioUnreadableError(cause="too_slow")
            piece = pipe.read(size - len(taken))
            if not piece:
                break
            taken += piece
    return bytes(taken)


def _take_report(child: subprocess.Popen[bytes], line: bytes) -> None:
    """Nothing where the child says that it came to the end; else its error, or what its end must mean."""
    try:
        told: Any = json.loads(line)
        if "done" in told:
            return
        failed = told["failed"]
        raise KNOWN[failed["error"]](**failed["details"])
    except AudioError:
        raise
    except (ValueError, LookupError, TypeError):
        raise AudioUnreadableError(cause=_cause(child)) from None


def _cause(child: subprocess.Popen[bytes]) -> str:
    """Of an end without a report."""
    try:
        code = child.wait(timeout=1.0)
    except subprocess.TimeoutExpired:
        return "crashed"
    return {-signal.SIGXCPU: "too_slow", -signal.SIGKILL: "out_of_memory"}.get(code, "crashed")


def _ended(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()

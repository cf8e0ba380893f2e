"""Recordings decoded in a process of its own: what a file does to it, it does not do to the function."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, BinaryIO, Final

from hntai.adapters.audio_child import KNOWN
from hntai.adapters.child_process import ended, reported, started, taken, unnamed_file
from hntai.domain.audio_types import HEAD_BYTES, SHOWN, sniffed
from hntai.domain.errors import AudioTypeUnknownError, AudioUnreadableError
from hntai.domain.speech import BYTES_PER_S

COMMAND: Final = (sys.executable, "-m", "hntai.adapters.audio_child")
MEMORY_BYTES: Final = 1 << 30
"""Of address space. The libraries alone take a fifth; a recording of 8 channels at 192 kHz little more."""
_CHUNK: Final = 8 * BYTES_PER_S
_REPORT_BYTES: Final = 4096


class ChildAudioDecoder:
    """See hntai.ports.AudioDecoder. One child a recording, ended with its iterator."""

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, command: Sequence[str] = COMMAND) -> None:
        self._memory_bytes, self._command = memory_bytes, command

    def decode(self, recording: Iterable[bytes], *, limit_s: float, deadline_s: float) -> Iterator[bytes]:
        with unnamed_file(recording) as file:
            file.seek(0)
            audio_type = sniffed(file.read(HEAD_BYTES))
            if audio_type is None:
                raise AudioTypeUnknownError(types=list(SHOWN))
            file.seek(0)
            told = (audio_type.value, str(limit_s))
            yield from self._decoded(file, told, time.monotonic() + deadline_s)

    def _decoded(self, recording: BinaryIO, told: Sequence[str], deadline: float) -> Iterator[bytes]:
        cpu_s = max(1, math.ceil(deadline - time.monotonic()))
        try:
            child = started((*self._command, *told, str(self._memory_bytes), str(cpu_s)), recording)
        except OSError as error:
            raise AudioUnreadableError(cause="decoder_missing") from error
        try:
            assert child.stdout is not None
            assert child.stderr is not None
            while chunk := _taken(child.stdout, deadline, _CHUNK):
                yield chunk
            _take_report(child, _taken(child.stderr, deadline, _REPORT_BYTES))
        finally:
            ended(child)


def _taken(pipe: IO[bytes], deadline: float, size: int) -> bytes:
    try:
        return taken(pipe, deadline, size)
    except TimeoutError:
        raise AudioUnreadableError(cause="too_slow") from None


def _take_report(child: subprocess.Popen[bytes], line: bytes) -> None:
    """Nothing where the child says that it came to the end."""
    ended_by = reported(child, line, KNOWN)
    if isinstance(ended_by, str):
        raise AudioUnreadableError(cause=ended_by)
    if ended_by is not None:
        raise ended_by

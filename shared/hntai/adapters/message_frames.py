"""Messages between a process and its child: four bytes of length, then a JSON object in UTF-8."""

from __future__ import annotations

import json
import os
import selectors
import time
from collections.abc import Mapping
from typing import Any, Final

MAX_MESSAGE_BYTES: Final = 16 << 20
"""Similarities of 1,000 sentences as JSON are 10 MB; no prompt comes near."""
_CHUNK: Final = 1 << 16

Message = Mapping[str, Any]


class BrokenMessageError(Exception):
    """What came is no message: too long, not JSON, not an object."""


class ClosedError(Exception):
    """The other side is gone."""


class LateError(Exception):
    """The other side did not read, or did not answer, in time."""


def framed(message: Message) -> bytes:
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return len(body).to_bytes(4, "big") + body


class MessagePipe:
    """Two file descriptors, each wait bounded by a moment of time.monotonic()."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd, self._write_fd, self._held = read_fd, write_fd, bytearray()
        for descriptor in (read_fd, write_fd):
            os.set_blocking(descriptor, False)

    def send(self, message: Message, deadline: float) -> None:
        """Raises ClosedError, LateError."""
        left = memoryview(framed(message))
        while left:
            _wait(self._write_fd, selectors.EVENT_WRITE, deadline)
            try:
                left = left[os.write(self._write_fd, left[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ClosedError from error

    def receive(self, deadline: float) -> Message:
        """Raises BrokenMessageError, ClosedError, LateError."""
        size = int.from_bytes(self._take(4, deadline), "big")
        if size > MAX_MESSAGE_BYTES:
            raise BrokenMessageError
        return _parsed(self._take(size, deadline))

    def _take(self, size: int, deadline: float) -> bytes:
        while len(self._held) < size:
            _wait(self._read_fd, selectors.EVENT_READ, deadline)
            try:
                got = os.read(self._read_fd, _CHUNK)
            except BlockingIOError:
                continue
            except OSError as error:
                raise ClosedError from error
            if not got:
                raise ClosedError
            self._held += got
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken


def _parsed(body: bytes) -> Message:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BrokenMessageError from error
    if not isinstance(message, dict):
        raise BrokenMessageError
    return message


def _wait(descriptor: int, event: int, deadline: float) -> None:
    """Raises LateError."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise LateError
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, event)
        if not selector.select(left):
            raise LateError

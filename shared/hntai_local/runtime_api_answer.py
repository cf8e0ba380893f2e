"""A streamed answer on its way from a runtime to whoever asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_PRELUDE_TYPE = "application/vnd.awslambda.http-integration-response"
_PRELUDE_END = b"\0" * 8
_PIECES = 64
"""How many pieces wait for a slow client before its runtime has to wait too."""

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Prelude:
    """Status and headers; cookies are set-cookie headers again."""

    status: int
    headers: tuple[Header, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """The last part of every answer."""

    error_type: str | None
    """A class name, or a name of Lambda's; None for an answer that is whole."""


Part = Prelude | bytes | Ending


class AnswerStream:
    """Parts in order: a Prelude, pieces of the body, an Ending; or an Ending alone."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        """Set once the runtime has said its last word."""
        self._parts: asyncio.Queue[Part] = asyncio.Queue(_PIECES)
        self._is_abandoned = False

    async def put(self, part: Part) -> None:
        """Passes one part on; waits while the client is slow."""
        if not self._is_abandoned and not self.ended.is_set():
            await self._parts.put(part)

    async def end(self, ending: Ending) -> None:
        """Passes the ending on, unless the answer has ended before."""
        if not self.ended.is_set():
            await self.put(ending)
            self.ended.set()

    def cut(self, error_type: str) -> None:
        """Ends the answer at once, unless it has ended before; a slow client loses what it did not take."""
        if not self.ended.is_set():
            self.ended.set()
            if self._parts.full():
                self._parts.get_nowait()
            self._parts.put_nowait(Ending(error_type))

    async def get(self) -> Part:
        """The next part."""
        return await self._parts.get()

    def abandon(self) -> None:
        """Nobody listens any more: what still comes is dropped, and nothing waits."""
        self._is_abandoned = True
        while not self._parts.empty():
            self._parts.get_nowait()


class AnswerReader:
    """Splits a runtime's bytes into the prelude and the pieces behind it."""

    def __init__(self, content_type: str) -> None:
        self._has_prelude = content_type.lower().startswith(_PRELUDE_TYPE)
        self._content_type = content_type or "application/octet-stream"
        self._held = b""
        self.is_started = False

    def read(self, data: bytes) -> Iterator[Part]:
        """The parts that are complete now.

        Raises:
            ConnectionError: what should be a prelude is none, so the runtime is not to be trusted.
        """
        if self.is_started:
            yield data
        elif not self._has_prelude:
            self.is_started = True
            yield Prelude(200, (("content-type", self._content_type),))
            yield data
        else:
            self._held += data
            head, end, body = self._held.partition(_PRELUDE_END)
            if end:
                self.is_started, self._held = True, b""
                yield _prelude(head)
                if body:
                    yield body


def _prelude(head: bytes) -> Prelude:
    try:
        value: dict[str, Any] = json.loads(head)
        headers = [(str(name), str(text)) for name, text in value.get("headers", {}).items()]
        headers += [("set-cookie", str(cookie)) for cookie in value.get("cookies", ())]
        return Prelude(int(value.get("statusCode", 200)), tuple(headers))
    except (ValueError, TypeError, AttributeError) as error:
        raise ConnectionError("malformed prelude") from error

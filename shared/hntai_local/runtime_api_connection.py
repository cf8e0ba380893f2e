"""One HTTP/1.1 connection of a runtime, with chunked bodies and their trailers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

import h11

_READ_BYTES = 65_536


class RuntimeConnection:
    """request(), then its body() or events(), then answer(); and again while it stays open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER)

    async def request(self) -> h11.Request | None:
        """The next request's head, None when there will be none."""
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        if self._http.our_state is not h11.IDLE:
            return None
        event = await self._event()
        return event if isinstance(event, h11.Request) else None

    async def events(self) -> AsyncIterator[h11.Data | h11.EndOfMessage]:
        """Pieces of the body as they arrive, then its end with the trailers.

        Raises:
            ConnectionError: the runtime broke off.
        """
        while True:
            event = await self._event()
            if not isinstance(event, h11.Data | h11.EndOfMessage):
                raise ConnectionError("the runtime broke off")
            yield event
            if isinstance(event, h11.EndOfMessage):
                return

    async def body(self) -> bytes:
        """The whole body."""
        return b"".join([bytes(event.data) async for event in self.events() if isinstance(event, h11.Data)])

    async def answer(
        self,
        status: int,
        body: bytes | Mapping[str, str],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Sends a JSON answer."""
        content = body if isinstance(body, bytes) else json.dumps(dict(body)).encode()
        sent = {"Content-Type": "application/json", "Content-Length": str(len(content)), **(headers or {})}
        head = h11.Response(status_code=status, headers=list(sent.items()))
        for event in (head, h11.Data(data=content), h11.EndOfMessage()):
            self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()

    async def _event(self) -> h11.Event | None:
        """The next event, None where HTTP has to pause."""
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(_READ_BYTES))
        return event if isinstance(event, h11.Event) else None

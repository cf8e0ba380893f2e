"""Reading a request's body within bounds of size and time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from hntai_local.gateway_problem import RefusedError

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

BODY_LIMIT = 10 * 1024 * 1024
"""Source: API Gateway quotas for HTTP APIs, payload size 10 MB, not to be raised."""
_DRAINED = 32 * 1024 * 1024
"""How much of a refused body is taken in and thrown away, so that its sender reads the refusal."""
_PAUSE_S = 10.0
_WHOLE_S = 60.0
"""A sender's time between two pieces, and for the whole body."""


class ClientLeftError(Exception):
    """Nobody is there to be answered."""


async def read_body(receive: Receive, declared: int | None) -> bytes:
    """The whole body; never more than BODY_LIMIT of it is held.

    declared: what content-length says, None if it says nothing.

    Raises:
        RefusedError: the body is over BODY_LIMIT, or did not come in time.
        ClientLeftError: the line is closed.
    """
    if declared is not None and declared > _DRAINED:
        raise RefusedError("body-too-large", limit=BODY_LIMIT)
    kept = bytearray()
    size = 0
    until = time.monotonic() + _WHOLE_S
    more = True
    while more:
        piece, more = await _next_piece(receive, until)
        size += len(piece)
        if size > _DRAINED:
            raise RefusedError("body-too-large", limit=BODY_LIMIT)
        if size <= BODY_LIMIT:
            kept += piece
        else:
            kept.clear()
    if size > BODY_LIMIT:
        raise RefusedError("body-too-large", limit=BODY_LIMIT)
    return bytes(kept)


async def _next_piece(receive: Receive, until: float) -> tuple[bytes, bool]:
    patience = min(_PAUSE_S, until - time.monotonic())
    try:
        message = await asyncio.wait_for(receive(), max(patience, 0.0))
    except TimeoutError as error:
        raise RefusedError("request-timeout") from error
    if message["type"] == "http.disconnect":
        raise ClientLeftError
    return message.get("body", b""), message.get("more_body", False)

"""Running an ASGI application: its lifespan once, then one request after another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from hntai.runtime.streaming_response import ResponseStream

Message = MutableMapping[str, Any]
AsgiApp = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


class IncompleteAnswerError(Exception):
    """The application returned before its answer was complete."""


class StartupFailedError(Exception):
    """The application said in its lifespan that it cannot start."""


async def answer(app: AsgiApp, scope: dict[str, Any], body: bytes, response: ResponseStream) -> None:
    """Runs the application on one request; each part of its answer leaves as it is made.

    The application may go on after its answer ended (background work); this returns when it returns.

    Raises:
        IncompleteAnswerError: see there. Whatever the application raises.
    """
    await app(scope, _Request(body, response), _Answer(response))
    if not response.is_ended:
        raise IncompleteAnswerError


class _Request:
    """ASGI receive: the whole body once, then silence until our own answer has ended.

    Lambda says nothing when a client leaves, so "http.disconnect" comes after the answer only.
    """

    def __init__(self, body: bytes, response: ResponseStream) -> None:
        self._body: bytes | None = body
        self._response = response

    async def __call__(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._response.ended.wait()
        return {"type": "http.disconnect"}


class _Answer:
    """ASGI send."""

    def __init__(self, response: ResponseStream) -> None:
        self._response = response

    async def __call__(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start" and not self._response.is_started:
            await self._response.start(message["status"], list(message.get("headers", ())))
        elif kind == "http.response.body" and self._response.is_started:
            if self._response.is_ended:
                return
            await self._response.write(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                await self._response.end()
        else:
            raise RuntimeError("the application sent its messages out of order")


class Lifespan:
    """The application's startup and shutdown; an application without lifespan support is fine.

    state: what the application left in its lifespan state, for the scope of every request.
    """

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._events: asyncio.Queue[Message] = asyncio.Queue()
        self._said: asyncio.Queue[str] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.state: dict[str, object] = {}

    async def startup(self) -> None:
        """Returns when the application is ready.

        Raises:
            StartupFailedError: it said it is not. Whatever it raised after taking the startup event.
        """
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        self._task = asyncio.ensure_future(self._run(scope))
        self._task.add_done_callback(_look_at)
        self._events.put_nowait({"type": "lifespan.startup"})
        if await self._next_word() == "lifespan.startup.failed":
            raise StartupFailedError

    async def shutdown(self) -> None:
        """Lets the application clean up; what it raises then is of no use to anyone."""
        if self._task is None or self._task.done():
            return
        self._events.put_nowait({"type": "lifespan.shutdown"})
        await self._next_word()
        self._task.cancel()

    async def _run(self, scope: MutableMapping[str, Any]) -> None:
        await self._app(scope, self._events.get, self._say)

    async def _say(self, message: Message) -> None:
        self._said.put_nowait(message["type"])

    async def _next_word(self) -> str:
        """What the application says next; "" if it ended without a word, as one without lifespan does."""
        assert self._task is not None
        word = asyncio.ensure_future(self._said.get())
        await asyncio.wait({word, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if word.done():
            return word.result()
        word.cancel()
        return ""


def _look_at(task: asyncio.Task[None]) -> None:
    """So that asyncio does not print an exception, with its message, as never retrieved."""
    if not task.cancelled():
        task.exception()

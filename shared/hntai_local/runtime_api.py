"""The Lambda Runtime API as a server, for one runtime process that streams its answers.

Source: AWS Lambda Developer Guide, "Using the Lambda runtime API" and "Response streaming".
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import h11

from hntai_local.runtime_api_answer import AnswerReader, AnswerStream, Ending
from hntai_local.runtime_api_connection import RuntimeConnection

_ROOT = "/2018-06-01/runtime"
_ERROR_TYPE = "lambda-runtime-function-error-type"


@dataclass(frozen=True, slots=True)
class StreamInvocation:
    """What a runtime is to work on, and where its answer goes."""

    request_id: str
    function_arn: str
    trace_id: str
    timeout_s: float
    event: bytes
    answer: AnswerStream


class RuntimeApiServer:
    """Hands one invocation at a time to the runtime, and its answer on, piece by piece.

    is_initialised is set when the runtime first asks for work; init_error when it cannot start.
    """

    def __init__(self) -> None:
        self.is_initialised = asyncio.Event()
        self.init_error: str | None = None
        self._next: asyncio.Queue[StreamInvocation] = asyncio.Queue()
        self._current: StreamInvocation | None = None
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()

    async def start(self) -> str:
        """Listens on a free loopback port; gives what AWS_LAMBDA_RUNTIME_API should be."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stops listening and drops the runtime's connections."""
        if self._server is not None:
            self._server.close()
        for line in tuple(self._lines):
            line.close()

    def hand_out(self, invocation: StreamInvocation) -> None:
        """Gives the runtime this invocation when it next asks."""
        self._next.put_nowait(invocation)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        connection = RuntimeConnection(reader, writer)
        try:
            while (request := await connection.request()) is not None:
                await self._route(request, connection)
        except (OSError, h11.RemoteProtocolError, h11.LocalProtocolError):
            if self._current is not None:
                await self._current.answer.end(Ending("Runtime.StreamError"))
        except asyncio.CancelledError:
            return  # the event loop ends; asyncio would print it
        finally:
            self._lines.discard(writer)
            writer.close()

    async def _route(self, request: h11.Request, connection: RuntimeConnection) -> None:
        path = request.target.decode("ascii", "replace")
        routes: dict[str, Callable[[h11.Request, RuntimeConnection], Awaitable[None]]] = {
            f"{_ROOT}/invocation/next": self._give_next,
            f"{_ROOT}/init/error": self._take_init_error,
        }
        if self._current is not None:
            own = f"{_ROOT}/invocation/{self._current.request_id}"
            routes |= {f"{own}/response": self._take_response, f"{own}/error": self._take_error}
        if path in routes:
            await routes[path](request, connection)
        else:
            await connection.body()
            await connection.answer(403, {"errorType": "InvalidRequestID"})

    async def _give_next(self, _: h11.Request, connection: RuntimeConnection) -> None:
        await connection.body()
        self.is_initialised.set()
        invocation = self._current = await self._next.get()
        deadline_ms = int((time.time() + invocation.timeout_s) * 1000)
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
        }
        await connection.answer(200, invocation.event, headers)

    async def _take_response(self, request: h11.Request, connection: RuntimeConnection) -> None:
        """Each piece goes on as it arrives; then the trailers tell whether the answer is whole."""
        invocation = self._taken()
        content_type = dict(request.headers).get(b"content-type", b"").decode("latin-1")
        reader = AnswerReader(content_type)
        trailers: dict[str, str] = {}
        async for event in connection.events():
            if isinstance(event, h11.Data):
                for part in reader.read(bytes(event.data)):
                    await invocation.answer.put(part)
            else:
                trailers = {name.decode(): value.decode("latin-1") for name, value in event.headers}
        error = trailers.get(_ERROR_TYPE)
        if error is None and not reader.is_started:
            error = "Runtime.InvalidResponse"
        await invocation.answer.end(Ending(error))
        await connection.answer(202, {"status": "OK"})

    async def _take_error(self, _: h11.Request, connection: RuntimeConnection) -> None:
        invocation = self._taken()
        error = _error_type(await connection.body())
        await invocation.answer.end(Ending(error))
        await connection.answer(202, {"status": "OK"})

    async def _take_init_error(self, _: h11.Request, connection: RuntimeConnection) -> None:
        self.init_error = _error_type(await connection.body())
        await connection.answer(202, {"status": "OK"})

    def _taken(self) -> StreamInvocation:
        assert self._current is not None
        return self._current


def _error_type(body: bytes) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(body)["errorType"])
    return "Runtime.Unknown"

"""A Lambda function URL with response streaming, on loopback.

Where it says more than Lambda does: refusals are problem+json, and a function that fails before its
first byte is a 502 that says so.

Source: AWS Lambda Developer Guide, "Invoking Lambda function URLs" and "Response streaming".
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hntai_local.aws_names import function_arn
from hntai_local.function_url_cors import Cors
from hntai_local.function_url_runtimes import TIMED_OUT, StreamingRuntimes
from hntai_local.gateway_body import ClientLeftError, Receive, read_body
from hntai_local.gateway_problem import RefusedError, problem
from hntai_local.http_event import Header, HttpRequest, request_event, trace_of
from hntai_local.http_server import HttpServer
from hntai_local.lambda_answer import LIMIT_BYTES
from hntai_local.leash import Leash
from hntai_local.runtime_api import StreamInvocation
from hntai_local.runtime_api_answer import AnswerStream, Ending, Prelude
from hntai_local.template import LocalFunction

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class StreamCutError(Exception):
    """Ends a client's connection without the mark of a complete answer."""


class FunctionUrl:
    """The ASGI application in front of streaming runtimes, and its server; start() to close().

    Each stream under way has a runtime process of its own; one is warmed at the start.
    """

    def __init__(
        self,
        port: int,
        function: LocalFunction,
        *,
        environment: Mapping[str, str],
        leash: Leash,
        log_dir: Path,
        cors_origins: Sequence[str] = (),
    ) -> None:
        """Takes the port; see HttpServer for its error."""
        self._function = function
        self._cors = Cors(cors_origins)
        self._runtimes = StreamingRuntimes(
            function, environment=environment, leash=leash, log=log_dir / f"{function.name}.log"
        )
        self._server = _Server(self, port, self._runtimes)

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        """Answers when it returns; the first runtime is still warming."""
        self._server.start()

    def close(self) -> None:
        """Stops answering and ends idle runtimes; busy ones end with the leash."""
        self._server.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request: to a runtime, and back piece by piece."""
        request_id = str(uuid.uuid4())
        request = _request(scope)
        answer = AnswerStream()
        try:
            body = await read_body(receive, _declared_length(request))
            self._begin(replace(request, body=body), request_id, answer)
            await self._relay(request, request_id, answer, send)
        except RefusedError as refusal:
            await self._refuse(request, refusal, request_id, send)
        except ClientLeftError:
            return
        finally:
            answer.abandon()

    def _begin(self, request: HttpRequest, request_id: str, answer: AnswerStream) -> None:
        now = datetime.now(UTC)
        trace_id = trace_of(request, now, secrets.token_hex(12))
        event = request_event(
            request,
            route_key="$default",
            path_parameters={},
            request_id=request_id,
            trace_id=trace_id,
            now=now,
        )
        event["rawPath"] = request.raw_path
        payload = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        if len(payload) > LIMIT_BYTES:
            raise RefusedError("event-too-large", limit=LIMIT_BYTES, size=len(payload))
        self._runtimes.begin(
            StreamInvocation(
                request_id=request_id,
                function_arn=function_arn(self._function.name),
                trace_id=trace_id,
                timeout_s=self._function.timeout_s,
                event=payload,
                answer=answer,
            )
        )

    async def _relay(self, request: HttpRequest, request_id: str, answer: AnswerStream, send: Send) -> None:
        """The answer as it comes. A client that left is not noticed: the stream runs to its end."""
        prelude = await answer.get()
        if not isinstance(prelude, Prelude):
            raise RefusedError(_slug(prelude))
        headers = (*prelude.headers, ("x-amzn-requestid", request_id))
        if self._cors.answers_preflight(request, headers):
            await _start(send, 204, self._cors.preflight(request, request_id))
            await send({"type": "http.response.body", "body": b""})
            return
        await _start(send, prelude.status, headers + self._cors.added(request, headers))
        while not isinstance(part := await answer.get(), Ending):
            if isinstance(part, bytes):
                await send({"type": "http.response.body", "body": part, "more_body": True})
        if part.error_type is not None:
            raise StreamCutError
        await send({"type": "http.response.body", "body": b""})

    async def _refuse(self, request: HttpRequest, refusal: RefusedError, request_id: str, send: Send) -> None:
        refused = problem(refusal, request_id)
        headers = (
            *refused.headers,
            ("content-length", str(len(refused.body))),
            ("x-amzn-requestid", request_id),
        )
        await _start(send, refused.status, headers + self._cors.added(request, headers))
        await send({"type": "http.response.body", "body": refused.body})


class _Server(HttpServer):
    """Warms a runtime as soon as the event loop stands, and drops the runtimes when it ends."""

    def __init__(self, app: FunctionUrl, port: int, runtimes: StreamingRuntimes) -> None:
        super().__init__(app, port, setting="HNTAI_STREAM_PORT")
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # its connections inherit it
        self._runtimes = runtimes

    def _serve(self) -> None:
        asyncio.run(self._serve_warm())

    async def _serve_warm(self) -> None:
        self._runtimes.prewarm()
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self._runtimes.close()


def _slug(part: bytes | Ending) -> str:
    timed_out = isinstance(part, Ending) and part.error_type == TIMED_OUT
    return "function-timeout" if timed_out else "function-failed"


async def _start(send: Send, status: int, headers: Sequence[Header]) -> None:
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})


def _request(scope: Scope) -> HttpRequest:
    """The request without its body."""
    client = scope.get("client") or ("127.0.0.1", 0)
    return HttpRequest(
        method=scope["method"],
        raw_path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        source_ip=client[0],
        protocol=f"HTTP/{scope['http_version']}",
    )


def _declared_length(request: HttpRequest) -> int | None:
    given = request.header("content-length")
    return int(given) if given.isdigit() else None

"""The HTTP API's stand-in: real version 2.0 events to the functions, with API Gateway's limits.

Where it says more than API Gateway does: refusals are problem+json; a known path with a wrong method is
405 (AWS: 404), a function over the time limit is 504 (AWS: 503), a failed one 502 (AWS: 500).
"""

from __future__ import annotations

import json
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hntai_local.gateway_body import ClientLeftError, Receive, read_body
from hntai_local.gateway_calls import INTEGRATION_LIMIT_S, FunctionCalls, Invoker
from hntai_local.gateway_problem import RefusedError, problem
from hntai_local.gateway_routes import Match, NoMatch, match_route
from hntai_local.http_event import Header, HttpAnswer, HttpRequest, request_event, trace_of
from hntai_local.http_server import HttpServer
from hntai_local.template import Route

_HEADERS_LIMIT = 10_240
"""Source: API Gateway quotas for HTTP APIs, request line and header values together."""

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Gateway:
    """The ASGI application and its server; start() to close()."""

    def __init__(
        self,
        port: int,
        routes: Sequence[Route],
        invoker: Invoker,
        *,
        cors_origins: Sequence[str] = (),
        log: Path | None = None,
        integration_limit_s: float = INTEGRATION_LIMIT_S,
    ) -> None:
        """Takes the port; see HttpServer for its error.

        log: gets one JSON line per request: id, route, status, milliseconds; never a path or a value.
        """
        self._routes = routes
        self._calls = FunctionCalls(invoker, limit_s=integration_limit_s)
        self._cors_origins = frozenset(cors_origins)
        self._log = log
        self._server = HttpServer(self, port, setting="HNTAI_PORT")

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        self._server.start()

    def close(self) -> None:
        """Stops answering; calls under way are left to whoever ends the functions."""
        self._server.close()
        self._calls.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, answered."""
        began = time.monotonic()
        request_id = str(uuid.uuid4())
        request = _request(scope)
        found = match_route(self._routes, request.method, request.raw_path)
        try:
            answer = await self._answer(request, found, receive, request_id)
        except ClientLeftError:
            return
        self._note(request_id, found, answer.status, began)
        await _send(send, answer, request_id)

    async def _answer(
        self, request: HttpRequest, found: Match | NoMatch, receive: Receive, request_id: str
    ) -> HttpAnswer:
        try:
            match = _accepted(request, found)
            body = await read_body(receive, _declared_length(request))
            now = datetime.now(UTC)
            trace_id = trace_of(request, now, secrets.token_hex(12))
            event = request_event(
                replace(request, body=body),
                route_key=match.route_key,
                path_parameters=match.path_parameters,
                request_id=request_id,
                trace_id=trace_id,
                now=now,
            )
            return await self._calls.answer(match.function, event, trace_id=trace_id)
        except RefusedError as refusal:
            answer = problem(refusal, request_id)
            return replace(answer, headers=answer.headers + self._cors(request))

    def _cors(self, request: HttpRequest) -> tuple[Header, ...]:
        """So that a page from an allowed origin can read a refusal the function never saw."""
        origin = request.header("origin")
        if origin not in self._cors_origins:
            return ()
        return (("access-control-allow-origin", origin), ("vary", "Origin"))

    def _note(self, request_id: str, found: Match | NoMatch, status: int, began: float) -> None:
        if self._log is None:
            return
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request_id": request_id,
            "route": found.route_key if isinstance(found, Match) else None,
            "status": status,
            "duration_ms": round((time.monotonic() - began) * 1000, 1),
        }
        with self._log.open("a") as file:
            file.write(json.dumps(line) + "\n")


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


def _accepted(request: HttpRequest, found: Match | NoMatch) -> Match:
    """The match, where the request's head is one the gateway takes."""
    if sum(len(name) + len(value) for name, value in request.headers) > _HEADERS_LIMIT:
        raise RefusedError("headers-too-large", limit=_HEADERS_LIMIT)
    if isinstance(found, Match):
        return found
    if found.allowed:
        raise RefusedError("method-not-allowed", headers=(("allow", ", ".join(found.allowed)),))
    raise RefusedError("unknown-resource")


async def _send(send: Send, answer: HttpAnswer, request_id: str) -> None:
    headers = list(answer.headers)
    if not any(name == "x-request-id" for name, _ in headers):
        headers.append(("x-request-id", request_id))
    if answer.status not in (204, 304):
        headers.append(("content-length", str(len(answer.body))))
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    body = b"" if answer.status in (204, 304) else answer.body
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})

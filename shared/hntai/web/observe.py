"""The outermost layer of every app: request id, one log line, metrics, and no exception past it."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hntai.ports import MetricSink
from hntai.web.log_events import LogEvent
from hntai.web.logging import frames, log

REFUSALS = frozenset({401, 403, 413, 422, 429})
_UNFORESEEN = {
    "type": "urn:hntai:problem:unforeseen",
    "title": "Something went wrong on our side",
    "status": 500,
}


class Observed:
    """An ASGI app that answers every request and says, in counts, how it went."""

    def __init__(self, app: ASGIApp, function: str, metrics: MetricSink) -> None:
        self.app = app
        self.function = function
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        scope["hntai.request_id"] = _request_id(scope)
        answer = _Answer(send, scope["hntai.request_id"])
        try:
            await self.app(scope, receive, answer.send)
        except Exception as error:
            self._log_defect(scope, error)
            if not answer.status:
                await answer.send_unforeseen()
        self._record(scope, answer.status, time.perf_counter() - started)

    def _log_defect(self, scope: Scope, error: Exception) -> None:
        log(
            LogEvent.request_failed,
            function=self.function,
            route=_route(scope),
            request_id=scope["hntai.request_id"],
            error_class=type(error).__name__,
            frames=frames(error),
        )

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = _route(scope), scope["method"] if scope["method"] in _METHODS else "OTHER"
        common: dict[str, Any] = {
            "function": self.function,
            "route": route,
            "method": method,
            "status": status,
            "request_id": scope["hntai.request_id"],
            "problem": scope.get("hntai.problem", ""),
        }
        if status in REFUSALS:
            log(LogEvent.request_refused, **common)
        else:
            log(LogEvent.request_finished, duration_ms=round(seconds * 1000, 1), **common)
        labels = {"function": self.function, "route": route, "status": str(status)}
        self._metrics.count("hntai_requests_total", labels)
        self._metrics.observe("hntai_request_seconds", {"function": self.function, "route": route}, seconds)
        self._metrics.flush()


_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


class _Answer:
    """Sends on what the app answers, remembering its status and adding the request id."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ()), (b"x-request-id", self._request_id.encode())]
            message = {**message, "headers": headers}
        await self._send(message)

    async def send_unforeseen(self) -> None:
        body = json.dumps({**_UNFORESEEN, "instance": self._request_id}).encode()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await self.send({"type": "http.response.start", "status": 500, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def _request_id(scope: Scope) -> str:
    """API Gateway's id of the request; one of our own elsewhere. Never one the caller sent."""
    event: Mapping[str, Any] = scope.get("aws.event") or {}
    return str(event.get("requestContext", {}).get("requestId") or uuid.uuid4())


def _route(scope: Scope) -> str:
    """The route's template, never the path: a path can hold an id."""
    route = scope.get("route")
    return str(getattr(route, "path", "unmatched"))

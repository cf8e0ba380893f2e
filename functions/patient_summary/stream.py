"""The streaming Lambda URL: starts a run or joins one, and relays its events as they are made.

It stands outside the VPC and holds no connection: it asks the function inside, with its caller's
credentials, and that function checks them before any work.
"""

from __future__ import annotations

import asyncio
import base64
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from hntai.bootstrap import Parts
from hntai.contracts.jobs import RunEventsAnswer
from hntai.domain.errors import FunctionUnavailableError
from hntai.domain.run_events import EventType, RunEvent, progress, sse
from hntai.web.app import create_app, observed
from hntai.web.problem import problem

PAGE_WAIT_S = 5.0
"""How long one page is waited for; an empty one becomes a heartbeat, so those are at most this far apart."""
TRIES = 3
_PASSED_ON = ("authorization", "x-api-key", "content-type", "last-event-id")
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

parts = Parts()
invoke = parts.run_events_invoker()
api = create_app(parts.open_entry("stream"))


@api.post("/generate_patient_summary")
async def generate_patient_summary(request: Request) -> Response:
    """Starts a run and streams it; on this address `?stream=true` goes without saying."""
    inside = _Inside(request)
    started = await inside.ask("POST", "/generate_patient_summary", body=await request.body())
    if started.status != 202:
        return started.response()
    job_id = str(json.loads(started.body)["job_id"])
    after = "0-0"
    if "idempotency-replayed" in started.headers and "last-event-id" in request.headers:
        inside.forget("idempotency-key")
        opened = await inside.ask("POST", f"/jobs/{job_id}/events/open")
        if opened.status != 200:
            return opened.response()
        after = str(json.loads(opened.body)["after"])
    return _streamed(inside, job_id, after, started.headers)


@api.get("/jobs/{job_id}/events")
async def get_job_events(job_id: uuid.UUID, request: Request) -> Response:
    """Joins a run, from its start or after Last-Event-ID."""
    inside = _Inside(request)
    opened = await inside.ask("POST", f"/jobs/{job_id}/events/open")
    if opened.status != 200:
        return opened.response()
    return _streamed(inside, str(job_id), str(json.loads(opened.body)["after"]), {})


@dataclass(frozen=True, slots=True)
class _Inner:
    """An answer of the function inside."""

    status: int
    headers: Mapping[str, str]
    body: str

    def response(self) -> Response:
        """Passed on as it is."""
        kept = {name: value for name, value in self.headers.items() if name.lower() in _ANSWERED}
        return Response(self.body, self.status, kept)


_ANSWERED = frozenset({"content-type", "retry-after", "www-authenticate", "idempotency-replayed"})


class _Inside:
    """The function inside, asked with the caller's own credentials."""

    def __init__(self, request: Request) -> None:
        names = _PASSED_ON if request.method == "GET" else (*_PASSED_ON, "idempotency-key")
        self._headers = {name: request.headers[name] for name in names if name in request.headers}
        self._request_id = str(request.scope["hntai.request_id"])
        client = request.client
        self._source_ip = client.host if client else "0.0.0.0"  # noqa: S104

    def forget(self, name: str) -> None:
        """No longer sends this header on."""
        self._headers.pop(name, None)

    async def ask(self, method: str, path: str, query: str = "", body: bytes = b"") -> _Inner:
        """Raises FunctionUnavailableError."""
        event = self._event(method, path, query, body)
        answer: dict[str, Any] = await asyncio.to_thread(invoke, event)
        text = str(answer.get("body") or "")
        if answer.get("isBase64Encoded"):
            text = base64.b64decode(text).decode()
        return _Inner(int(answer["statusCode"]), answer.get("headers", {}), text)

    async def page(self, job_id: str, after: str) -> RunEventsAnswer | _Inner:
        """The next events, or a refusal; tried again where the function inside failed.

        Raises:
            FunctionUnavailableError: it failed TRIES times.
        """
        query = f"after={after}&wait_s={PAGE_WAIT_S}"
        for left in reversed(range(TRIES)):
            try:
                answer = await self.ask("GET", f"/jobs/{job_id}/events", query)
            except FunctionUnavailableError:
                if not left:
                    raise
            else:
                if answer.status == 200:
                    return RunEventsAnswer.model_validate_json(answer.body)
                if answer.status < 500:
                    return answer
                if not left:
                    raise FunctionUnavailableError(status=answer.status)
            await asyncio.sleep(0.5)
        raise FunctionUnavailableError

    def _event(self, method: str, path: str, query: str, body: bytes) -> dict[str, object]:
        """An HTTP API event, format 2.0."""
        http = {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": self._source_ip,
            "userAgent": "",
        }
        context = {"http": http, "requestId": self._request_id, "stage": "$default", "domainName": "relay"}
        return {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {"host": "relay", **self._headers},
            "requestContext": context,
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }


def _streamed(inside: _Inside, job_id: str, after: str, headers: Mapping[str, str]) -> Response:
    shown = {name: value for name, value in headers.items() if name.lower() == "idempotency-replayed"}
    return StreamingResponse(
        _events(inside, job_id, after),
        media_type="text/event-stream",
        headers={**_HEADERS, **shown, "X-Job-Id": job_id},
    )


async def _events(inside: _Inside, job_id: str, after: str) -> AsyncIterator[str]:
    """The run's events until its last, with heartbeats between; an error event if they cannot be read."""
    is_first = after == "0-0"
    while True:
        try:
            page = await inside.page(job_id, after)
        except FunctionUnavailableError as error:
            members = problem(error)
            yield sse(None, RunEvent(EventType.ERROR, {"problem": members.pop("type"), **members}))
            return
        if isinstance(page, _Inner):
            if page.status == 429:
                yield sse(None, RunEvent(EventType.HEARTBEAT, {}))
                await asyncio.sleep(PAGE_WAIT_S)
                continue
            members = json.loads(page.body)
            yield sse(None, RunEvent(EventType.ERROR, {"problem": members.pop("type"), **members}))
            return
        if not page.events and not page.is_over:
            stalled = progress(0, "queued", job_id=job_id) if is_first else RunEvent(EventType.HEARTBEAT, {})
            yield sse(None, stalled)
        for stored in page.events:
            yield sse(stored.id, RunEvent(EventType(stored.type), stored.data))
            after = stored.id
        is_first = False
        if page.is_over:
            return


app = observed(api)

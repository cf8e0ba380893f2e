"""A small app behind the web entry, over memory, asked as a client would."""

from __future__ import annotations

import json
from typing import Any

import httpx
from fastapi import FastAPI, Request

from hntai.contracts.strict import Contract
from hntai.domain.errors import TextTooLongError
from hntai.domain.identity import Identity, Scope
from hntai.ports import EntryPorts, Gate
from hntai.web.app import CallerOf, create_app, observed
from hntai.web.form_body import file_or
from hntai.web.guard import scoped
from tests.memory.access import MemoryIdempotencyRecords, MemoryMetrics, MemoryRateLimiter, MemoryVerifier
from tests.memory.runs import SteppingClock

SECRET_WORD = "Testpatient"
ANNA = Identity("default", "anna", frozenset({"scrub"}))
READER = Identity("default", "reader", frozenset({"metrics"}))


class Note(Contract):
    text: str
    copies: int = 1


class Entry:
    """A small app over memory, asked as a client would."""

    def __init__(self, limit: int = 1_000_000) -> None:
        self.metrics = MemoryMetrics()
        self.idempotency = MemoryIdempotencyRecords(SteppingClock())
        verifier = MemoryVerifier({"anna": ANNA, "reader": READER})
        gate = Gate(verifier, MemoryRateLimiter(limit), self.idempotency)
        self.api = create_app(EntryPorts("test", self.metrics, ("https://app.example",), gate))
        self.calls = 0
        self._add_routes(self.api)
        self.app = observed(self.api)

    def _add_routes(self, api: FastAPI) -> None:
        @api.post("/note", **scoped(Scope.SCRUB))
        def note(request: Note, caller: CallerOf) -> dict[str, Any]:
            self.calls += 1
            if request.text == "too long":
                raise TextTooLongError(limit=10, length=11)
            if request.text == "defect":
                raise RuntimeError(SECRET_WORD)
            return {"by": caller.identity.subject, "text": request.text * request.copies, "call": self.calls}

        @api.post("/file", **scoped(Scope.SCRUB, form=Note))
        async def file(request: Request) -> dict[str, int]:
            self.calls += 1
            sent = await file_or(request, Note)
            return {"bytes": len(sent) if isinstance(sent, bytes) else 0, "call": self.calls}

        @api.get("/either", **scoped(Scope.SCRUB, Scope.EXTRACT))
        def either() -> dict[str, str]:
            return {}

        @api.get("/open")
        def open_() -> dict[str, str]:
            return {"status": "open"}

    async def ask(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **arguments)

    def post(
        self, body: Any, token: str | None = "anna", path: str = "/note", **headers: str
    ) -> httpx.Response:
        import anyio

        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"content-type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        return anyio.run(lambda: self.ask("POST", path, content=content, headers=sent))

    def get(self, path: str, **headers: str) -> httpx.Response:
        import anyio

        return anyio.run(lambda: self.ask("GET", path, headers=headers))


def problem_of(response: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    members: dict[str, Any] = response.json()
    assert members["type"] == f"urn:hntai:problem:{slug}"
    assert members["instance"] == response.headers["x-request-id"]
    assert SECRET_WORD not in response.text
    return members

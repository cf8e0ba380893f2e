"""A FHIR R4 demo server on the loopback: a real HTTP API over resources in memory, with demo credentials."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from hntai_local.fhir_server_answers import (
    SEARCHABLE,
    BrokenOffAnswer,
    OutcomeError,
    capability_statement,
    http_outcome,
    json_answer,
    outcome_answer,
)
from hntai_local.fhir_server_faults import Fault
from hntai_local.fhir_server_store import FhirStore, InvalidResourceError, Page, Resource
from hntai_local.http_server import HttpServer
from hntai_local.visits_pages import visits_pages

DEMO_TOKEN = "demo-ehr-token"
DEMO_KEY = "demo-ehr-key"
DEMO_CREDENTIALS = json.dumps({"token": DEMO_TOKEN, "key": DEMO_KEY})
"""As the secret of bulks holds them."""
_BODY_LIMIT = 64 * 1024 * 1024
_PAGE = 50
_PAGE_LIMIT = 1000
_UNDERSTOOD = SEARCHABLE | {"_count", "_sort", "_format", "_type", "_page"}


class FhirServer:
    """Serves from start() to close(); faults make reads of the patients they name go wrong."""

    def __init__(self, port: int = 0, *, faults: Mapping[str, Fault] | None = None) -> None:
        """Takes the port (0: any free one); see HttpServer for its error."""
        self.store = FhirStore()
        self.faults: dict[str, Fault] = dict(faults or {})
        self.fault_counts: dict[str, int] = {}
        self.without_everything: int | None = None
        """The status $everything is refused with, as by a server that has no such operation."""
        self.visits: dict[str, Sequence[Resource]] = {}
        """Pages of the visits form by patient."""
        routes = [
            Route("/", self._load, methods=["POST"]),
            Route("/metadata", self._metadata),
            Route("/Patient/{id}/$everything", self._everything),
            Route("/patients/{id}/visits", self._visits),
            Route("/{kind}/{id}", self._read, methods=["GET"]),
            Route("/{kind}/{id}", self._update, methods=["PUT"]),
            Route("/{kind}", self._search),
        ]
        handlers: dict[Any, Any] = {
            OutcomeError: outcome_answer,
            HTTPException: http_outcome,
        }
        self._server = HttpServer(
            Starlette(routes=routes, exception_handlers=handlers), port, setting="HNTAI_EHR_PORT"
        )

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        self._server.start()

    def close(self) -> None:
        self._server.close()

    async def _metadata(self, _: Request) -> Response:
        """Open to all, as R4 asks. Source: FHIR R4, RESTful API, capabilities."""
        return json_answer(capability_statement())

    async def _load(self, request: Request) -> Response:
        _require_token(request)
        bundle = await _resource_body(request)
        try:
            kept = self.store.load(bundle)
        except InvalidResourceError as error:
            raise OutcomeError(422, "invalid", str(error)) from error
        kind = "batch-response" if bundle["type"] == "batch" else "transaction-response"
        entries = [
            {
                "response": {
                    "status": "201 Created" if is_new else "200 OK",
                    "location": f"{resource['resourceType']}/{resource['id']}",
                }
            }
            for resource, is_new in kept
        ]
        return json_answer({"resourceType": "Bundle", "type": kind, "entry": entries})

    async def _update(self, request: Request) -> Response:
        _require_token(request)
        resource = await _resource_body(request)
        named = (request.path_params["kind"], request.path_params["id"])
        if (resource.get("resourceType"), resource.get("id")) != named:
            raise OutcomeError(400, "invalid", "type and id must be those of the address")
        try:
            kept, is_new = self.store.put(resource)
        except InvalidResourceError as error:
            raise OutcomeError(422, "invalid", str(error)) from error
        return json_answer(kept, 201 if is_new else 200)

    async def _read(self, request: Request) -> Response:
        _require_token(request)
        _require_key(request)
        kind, resource_id = request.path_params["kind"], request.path_params["id"]
        resource = self.store.get(kind, resource_id)
        if resource is None:
            raise OutcomeError(404, "not-found", "no such resource")
        return await self._faulty(resource_id if kind == "Patient" else "", 1, resource)

    async def _search(self, request: Request) -> Response:
        _require_token(request)
        _require_key(request)
        asked = _asked(request)
        page = self._page(asked) or self.store.search(
            request.path_params["kind"],
            {name: value for name, value in asked.items() if name in SEARCHABLE},
            _size(asked),
        )
        return await self._faulty(page.owner, page.number, self._bundle(request, page))

    async def _everything(self, request: Request) -> Response:
        _require_token(request)
        _require_key(request)
        if self.without_everything is not None:
            raise OutcomeError(self.without_everything, "not-supported", "no such operation here")
        patient_id = request.path_params["id"]
        if self.store.get("Patient", patient_id) is None:
            raise OutcomeError(404, "not-found", "no such patient")
        asked = _asked(request)
        kinds = frozenset(asked["_type"].split(",")) if "_type" in asked else frozenset()
        page = self._page(asked) or self.store.everything(patient_id, kinds, _size(asked))
        return await self._faulty(patient_id, page.number, self._bundle(request, page))

    async def _visits(self, request: Request) -> Response:
        """The same patients in the flat form; see docs/visits.md."""
        _require_token(request)
        _require_key(request)
        patient_id, number = request.path_params["id"], int(request.query_params.get("page", "1"))
        pages = self.visits.get(patient_id) or visits_pages(self.store, patient_id)
        if not 0 < number <= len(pages):
            raise OutcomeError(404, "not-found", "no such patient, or page")
        more = {"next": f"{request.url.path}?page={number + 1}"} if number < len(pages) else {}
        return await self._faulty(patient_id, number, {**pages[number - 1], **more})

    def _page(self, asked: Mapping[str, str]) -> Page | None:
        """The page a link led to, None where the first is asked for."""
        if "_page" not in asked:
            return None
        page = self.store.next_page(asked["_page"])
        if page is None:
            raise OutcomeError(410, "not-found", "this page is not kept any more")
        return page

    def _bundle(self, request: Request, page: Page) -> Resource:
        here = f"{self.url}{request.url.path}"
        links = [{"relation": "self", "url": f"{here}?{request.url.query}".rstrip("?")}]
        if page.next_token:
            links.append({"relation": "next", "url": f"{here}?_page={page.next_token}"})
        entries = [
            {
                "fullUrl": f"{self.url}/{resource['resourceType']}/{resource['id']}",
                "resource": resource,
                "search": {"mode": "match"},
            }
            for resource in page.resources
        ]
        return {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": page.total,
            "link": links,
            "entry": entries,
        }

    async def _faulty(self, patient_id: str, page: int, body: Resource) -> Response:
        """The answer, gone wrong where a fault says so."""
        fault = self.faults.get(patient_id)
        if fault is None or page < fault.from_page:
            return json_answer(body)
        count = self.fault_counts[patient_id] = self.fault_counts.get(patient_id, 0) + 1
        if fault.times is not None and count > fault.times:
            return json_answer(body)
        await asyncio.sleep(fault.delay_s)
        if fault.status is not None:
            raise OutcomeError(fault.status, "transient", "asked for by a test")
        if fault.wrong_content_type:
            return Response("<!doctype html><title>Maintenance</title>", media_type="text/html")
        return BrokenOffAnswer(json_answer(body)) if fault.break_off else json_answer(body)


def _asked(request: Request) -> dict[str, str]:
    """Query parameters; several of one name are alternatives to us, and unknown ones are refused."""
    asked: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        asked[name] = f"{asked[name]},{value}" if name in asked else value
    if not set(asked) <= _UNDERSTOOD:
        raise OutcomeError(400, "not-supported", "understood: " + " ".join(sorted(_UNDERSTOOD)))
    return asked


def _size(asked: Mapping[str, str]) -> int:
    given = asked.get("_count", str(_PAGE))
    if not (given.isascii() and given.isdigit() and int(given) > 0):
        raise OutcomeError(400, "value", "_count is a number from 1")
    return min(int(given), _PAGE_LIMIT)


def _require_token(request: Request) -> None:
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {DEMO_TOKEN}".encode()):
        raise OutcomeError(401, "login", "Authorization: Bearer with the demo token is needed")


def _require_key(request: Request) -> None:
    given = request.headers.get("x-api-key", "")
    if not hmac.compare_digest(given.encode(), DEMO_KEY.encode()):
        raise OutcomeError(401, "login", "x-api-key with the demo key is needed")


async def _resource_body(request: Request) -> Resource:
    kept = bytearray()
    try:
        async for piece in request.stream():
            kept += piece
            if len(kept) > _BODY_LIMIT:
                raise OutcomeError(413, "too-long", f"at most {_BODY_LIMIT} bytes")
        value = json.loads(bytes(kept))
    except (ValueError, ClientDisconnect) as error:
        raise OutcomeError(400, "structure", "the body is not JSON") from error
    if not isinstance(value, dict):
        raise OutcomeError(400, "structure", "the body is not a resource")
    return value

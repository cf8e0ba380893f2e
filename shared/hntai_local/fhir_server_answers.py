"""What the FHIR demo server says: FHIR JSON, OperationOutcomes, its capabilities, and half an answer."""

from __future__ import annotations

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

FHIR_JSON = "application/fhir+json"
SEARCHABLE = frozenset({"patient", "subject", "_id", "category", "code", "status"})
"""Search parameters this server knows."""

Resource = dict[str, Any]


class OutcomeError(Exception):
    """Ends a request with an OperationOutcome."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(code)
        self.status, self.code, self.text = status, code, text


class BrokenOffAnswer(Response):
    """Half of another answer, under the length of the whole, and then nothing."""

    def __init__(self, whole: Response) -> None:
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        body = bytes(self._whole.body)
        await send({"type": "http.response.start", "status": 200, "headers": self._whole.raw_headers})
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        # Returning with more promised makes the server close the line.


def json_answer(value: Resource, status: int = 200) -> Response:
    """FHIR JSON."""
    return Response(json.dumps(value, ensure_ascii=False), status, media_type=FHIR_JSON)


async def outcome_answer(_: Request, error: OutcomeError) -> Response:
    """The refusal as an OperationOutcome."""
    issue = {"severity": "error", "code": error.code, "diagnostics": error.text}
    answer = json_answer({"resourceType": "OperationOutcome", "issue": [issue]}, error.status)
    if error.status == 401:
        answer.headers["www-authenticate"] = "Bearer"
    return answer


async def http_outcome(request: Request, error: HTTPException) -> Response:
    """Addresses and methods nobody serves."""
    code = "not-supported" if error.status_code == 405 else "not-found"
    return await outcome_answer(request, OutcomeError(error.status_code, code, "no such interaction here"))


def capability_statement() -> Resource:
    """What this server can do."""
    search = [{"name": name, "type": "token"} for name in sorted(SEARCHABLE - {"patient", "subject"})]
    search += [{"name": name, "type": "reference"} for name in ("patient", "subject")]
    rest = {
        "mode": "server",
        "interaction": [{"code": "transaction"}, {"code": "batch"}],
        "operation": [
            {
                "name": "everything",
                "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
            }
        ],
        "searchParam": search,
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-01-01",
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON],
        "rest": [rest],
    }

"""POST /extract_medical_data; invoked directly, the same contract without HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from hntai.bootstrap import Parts
from hntai.contracts.extraction import ExtractionAnswer, ExtractionRequest, answer_of
from hntai.domain.extraction.fhir_bundle import bundle
from hntai.domain.identity import Scope
from hntai.web.app import CallerOf, create_app, lambda_handler, observed
from hntai.web.guard import scoped
from hntai.web.task import invoker_caller, parse_task

FHIR = "application/fhir+json"
parts = Parts()
extract = parts.extract_data()
api = create_app(parts.entry("extract"))


@api.post(
    "/extract_medical_data",
    response_model=ExtractionAnswer,
    response_model_exclude_none=True,
    responses={200: {"content": {FHIR: {"schema": {"type": "object"}}}}},
    **scoped(Scope.EXTRACT),
)
def extract_data(request: ExtractionRequest, http: Request, caller: CallerOf) -> ExtractionAnswer | Response:
    """What the text says of a patient; as a FHIR R4 Bundle where `Accept` asks for one."""
    found = extract(request, caller)
    if FHIR in http.headers.get("accept", ""):
        return JSONResponse(bundle(found.extraction), media_type=FHIR)
    return answer_of(found.extraction, found.audit_id)


def task(payload: dict[str, Any], request_id: str) -> dict[str, Any]:
    """A direct invocation: whoever IAM lets invoke the function has the scope."""
    found = extract(parse_task(ExtractionRequest, payload), invoker_caller(request_id))
    return answer_of(found.extraction, found.audit_id).model_dump(mode="json", exclude_none=True)


app = observed(api)
handler = lambda_handler(app, task)

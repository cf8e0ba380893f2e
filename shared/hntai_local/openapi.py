"""One OpenAPI document for the whole API, out of the functions that serve it."""

from __future__ import annotations

import json
import os
from typing import Any
from unittest.mock import patch

from hntai_local.state_dir import PROJECT_ROOT

TARGET = PROJECT_ROOT / "functions" / "status" / "openapi.json"
_PLACES = {
    "DATABASE_URL": "postgresql://nowhere",
    "REDIS_URL": "redis://127.0.0.1:1",
    "SECRET_KEY": "unused: no request is served here",
    "JWT_SECRET_KEY": "unused: no request is served here",
    "HNTAI_KMS_KEY_ID": "unused",
    "HNTAI_STATE_MACHINE_ARN": "unused",
    "HNTAI_TRANSCRIPTION_MACHINE_ARN": "unused",
    "HNTAI_DOCUMENT_MACHINE_ARN": "unused",
    "HNTAI_UPLOADS_BUCKET": "unused",
    "HNTAI_RUN_EVENTS_FUNCTION": "unused",
}
"""Settings enough to build the apps; building connects to nothing."""
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key"},
}


def described() -> str:
    """The document, as it is kept in the repository."""
    with patch.dict(os.environ, _PLACES):
        from functions.extract.app import api as extract
        from functions.patient_summary.app import api as patient_summary
        from functions.scrub.app import api as scrub
        from functions.status.app import api as status
        from functions.summarize.app import api as summarize
        from functions.transcribe.app import api as transcribe
        from functions.upload.app import api as upload

    merged: dict[str, Any] = {}
    for api in (scrub, summarize, extract, patient_summary, upload, transcribe, status):
        _merge(merged, api.openapi())
    merged["components"]["securitySchemes"] = _SECURITY
    merged["components"]["schemas"].pop("HTTPValidationError", None)
    merged["components"]["schemas"].pop("ValidationError", None)
    _replace_validation_answers(merged)
    _tell_streaming_elsewhere(merged)
    return json.dumps(merged, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def write() -> int:
    """Writes it; 0."""
    TARGET.write_text(described(), encoding="utf-8")
    print(f"wrote {TARGET.relative_to(PROJECT_ROOT)}")
    return 0


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _replace_validation_answers(api: dict[str, Any]) -> None:
    """FastAPI promises its own 422; ours is a problem, as are all the others."""
    problem = {
        "description": "problem+json (RFC 9457)",
        "content": {"application/problem+json": {"schema": _PROBLEM}},
    }
    for methods in api["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = problem


def _tell_streaming_elsewhere(api: dict[str, Any]) -> None:
    """The HTTP API has no events to give: it refuses, and the streaming URL answers with a stream."""
    answers = api["paths"]["/jobs/{job_id}/events"]["get"]["responses"]
    answers["200"] = {
        "description": "on the streaming URL: the events, as they happen",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
    answers["400"] = {
        "description": "on the HTTP API: streaming-elsewhere, with stream_url",
        "content": {"application/problem+json": {"schema": _PROBLEM}},
    }


_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "instance": {"type": "string", "description": "the request id"},
    },
}

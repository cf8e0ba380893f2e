"""The recorded events as calls: which function each is for, with a token that opens and a job there is."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from hntai_local.state_dir import PROJECT_ROOT
from hntai_local.template import Template

_JOB = "00000000-0000-4000-8000-000000000001"
"""Stands in the events for a job there is."""
_SENT_HEADERS = frozenset({"accept", "authorization", "content-type"})
_DIRECT = {
    "scrub_task": "ScrubFunction",
    "extract_task": "ExtractFunction",
    "summarize_task": "SummarizeFunction",
    "fetch_record_task": "FetchRecordFunction",
    "run_step_task": "RunStepFunction",
    "generate_section_task": "GenerateSectionFunction",
    "transcribe_step_task": "TranscribeStepFunction",
    "upload_step_task": "UploadStepFunction",
    "drain_audit_task": "DrainAuditFunction",
    "anchor_audit_task": "AnchorAuditFunction",
    "migrate_task": "MigrateFunction",
    "bulk_step_task": "BulkStepFunction",
    "verify_audit_task": "VerifyAuditFunction",
    "run_events_start_http": "RunEventsFunction",
    "run_events_page_http": "RunEventsFunction",
    "stream_http": "StreamFunction",
}
"""Events that come by no route of the HTTP API."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event, ready to be sent."""

    name: str
    function: str
    """Its logical id."""
    event: dict[str, Any]

    @property
    def payload(self) -> bytes:
        return json.dumps(self.event).encode()

    @property
    def is_routed(self) -> bool:
        """It comes through the HTTP API."""
        return self.name not in _DIRECT

    @property
    def is_binary(self) -> bool:
        """Its body is not text; `sam local start-api` hands on none that are not."""
        try:
            base64.b64decode(self.event.get("body") or "").decode()
        except (ValueError, UnicodeDecodeError):
            return bool(self.event["isBase64Encoded"])
        return False

    @property
    def is_stream(self) -> bool:
        return self.function == "StreamFunction"

    def request(self, base: str) -> httpx.Response:
        """The same call over HTTP."""
        body = self.event.get("body", "")
        content = base64.b64decode(body) if self.event["isBase64Encoded"] else body.encode()
        http = self.event["requestContext"]["http"]
        query = self.event["rawQueryString"]
        url = f"{base}{self.event['rawPath']}{'?' + query if query else ''}"
        headers = {name: value for name, value in self.event["headers"].items() if name in _SENT_HEADERS}
        return httpx.request(http["method"], url, content=content, headers=headers, timeout=120)


def recorded_events(template: Template, *, token: str, job: str) -> Iterator[Recorded]:
    """Every event of events/, in order of name.

    Raises:
        KeyError: an event is for no function.
    """
    routes = {f"{route.method} {route.path}": route.function for route in template.routes}
    for path in sorted((PROJECT_ROOT / "events").glob("*.json")):
        event = json.loads(_filled(path, token=token, job=job))
        function = _DIRECT.get(path.stem) or routes[event["routeKey"]]
        yield Recorded(path.stem, function, event)


def _filled(path: Path, *, token: str, job: str) -> str:
    return path.read_text("utf-8").replace("{{token}}", token).replace(_JOB, job)

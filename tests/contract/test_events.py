"""The recorded events are what the doors take: HTTP events fit their contract, payloads their step."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from hntai.adapters.audit import from_message
from hntai.contracts.extraction import ExtractionRequest
from hntai.contracts.patient_summary import PatientSummaryRequest
from hntai.contracts.scrub import ScrubBatchRequest, ScrubRequest
from hntai.contracts.summary import SummaryRequest
from hntai.contracts.transcript import RecordingRequest
from hntai.contracts.upload import UploadRequest
from hntai.domain.statements import Section
from hntai_local.state_dir import PROJECT_ROOT
from hntai_local.template import read_template

EVENTS = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((PROJECT_ROOT / "events").glob("*.json"))
}
BODIES: dict[str, Any] = {
    "POST /phi/scrub": ScrubRequest,
    "POST /phi/scrub/batch": ScrubBatchRequest,
    "POST /api/generate_summary": SummaryRequest,
    "POST /extract_medical_data": ExtractionRequest,
    "POST /generate_patient_summary": PatientSummaryRequest,
    "POST /uploads": UploadRequest,
    "POST /api/extract_medical_data_from_audio": RecordingRequest,
}
TASKS = {
    "FetchRecordFunction": "fetch_record_task",
    "RunStepFunction": "run_step_task",
    "GenerateSectionFunction": "generate_section_task",
    "TranscribeStepFunction": "transcribe_step_task",
    "UploadStepFunction": "upload_step_task",
    "DrainAuditFunction": "drain_audit_task",
    "AnchorAuditFunction": "anchor_audit_task",
    "VerifyAuditFunction": "verify_audit_task",
    "MigrateFunction": "migrate_task",
    "BulkStepFunction": "bulk_step_task",
    "RunEventsFunction": "run_events_start_http",
    "StreamFunction": "stream_http",
}
HTTP = sorted(name for name in EVENTS if name.endswith("_http"))


@pytest.mark.parametrize("name", HTTP)
def test_an_http_event_has_format_2_and_fits_its_contract(name: str) -> None:
    event = EVENTS[name]
    http = event["requestContext"]["http"]
    assert event["version"] == "2.0"
    assert http["path"] == event["rawPath"]
    assert all(key == key.lower() for key in event["headers"])
    contract = BODIES.get(f"{http['method']} {event['rawPath']}")
    if contract is not None:
        contract.model_validate(json.loads(event["body"]))
    elif event["isBase64Encoded"]:
        assert event["headers"]["content-type"].startswith("multipart/form-data")
        assert b'name="file"' in base64.b64decode(event["body"])
    else:
        assert "body" not in event


def test_every_route_of_the_template_has_an_event() -> None:
    recorded = {EVENTS[name]["routeKey"] for name in HTTP}
    template = read_template(PROJECT_ROOT / "template.yaml")
    wanted = {f"{route.method} {route.path}" for route in template.routes} - {
        "GET /docs",
        "GET /openapi.json",
    }
    assert wanted <= recorded


def test_every_function_without_a_route_has_an_event() -> None:
    template = read_template(PROJECT_ROOT / "template.yaml")
    routed = {route.function for route in template.routes}
    without = {function.name for function in template.functions} - routed
    assert without == set(TASKS)
    assert set(TASKS.values()) <= set(EVENTS)


def test_the_payloads_are_those_the_state_machine_sends() -> None:
    text = Path(PROJECT_ROOT / "functions/patient_summary/workflow.asl.json").read_text("utf-8")
    steps = set(re.findall(r'"step": "(\w+)"', text))
    assert EVENTS["run_step_task"]["step"] in steps
    section = EVENTS["generate_section_task"]
    assert Section[section["section"].upper()]
    assert set(section) == {"job_id", "section", "mode", "requested_mode"}
    machine = Path(PROJECT_ROOT / "functions/transcribe/workflow.asl.json").read_text("utf-8")
    task = EVENTS["transcribe_step_task"]
    assert f'"step": "{task["step"]}", "job_id.$": "$.job_id", "piece.$"' in machine
    assert set(task) == {"step", "job_id", "piece"}
    machine = Path(PROJECT_ROOT / "functions/upload/workflow.asl.json").read_text("utf-8")
    task = EVENTS["upload_step_task"]
    assert f'"step": "{task["step"]}", "job_id.$": "$.job_id", "range.$"' in machine
    assert set(task) == {"step", "job_id", "range"}
    bulk = Path(PROJECT_ROOT / "functions/bulk/workflow.asl.json").read_text("utf-8")
    row = EVENTS["bulk_step_task"]
    assert f'"step": "{row["step"]}", "bulk_id.$": "$.bulk_id", "attempt.$": "$.attempt", "row.$"' in bulk
    assert set(row) == {"step", "bulk_id", "attempt", "row"}


def test_a_queued_message_is_a_row() -> None:
    for record in EVENTS["drain_audit_task"]["Records"]:
        assert from_message(record["body"]).actor == "anna"


def test_a_direct_payload_fits_the_same_contract_as_http() -> None:
    ScrubRequest.model_validate(EVENTS["scrub_task"])
    SummaryRequest.model_validate(EVENTS["summarize_task"])
    ExtractionRequest.model_validate(EVENTS["extract_task"])


def test_no_event_carries_a_token() -> None:
    for event in EVENTS.values():
        assert event.get("headers", {}).get("authorization", "Bearer {{token}}") == "Bearer {{token}}"

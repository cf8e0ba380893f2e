"""A run told from its history alone: everything an operator needs, and nothing of the patient."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from hntai.admin.run_states import state_rows
from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN
from hntai_local.lambda_answer import Invocation
from tests.other_patients import another_patient
from tests.workflow.conftest import Run, Workflow

pytestmark = [pytest.mark.postgres, pytest.mark.valkey, pytest.mark.aws]
MARK = "Qzmarkx"
SHORTEST = 5
"""Shorter strings of a record are words of every other text too."""


def marked_bundle() -> dict[str, Any]:
    """A record every string of which carries a mark, but for what FHIR itself reads."""
    bundle: dict[str, Any] = json.loads(
        json.dumps(another_patient(f"{MARK}-1")).replace("Testpatient", f"{MARK}patient")
    )
    for entry in bundle["entry"]:
        for note in entry["resource"].get("note", ()):
            note["text"] = f"{MARK} {note['text']}"
        for coded in ("code", "medicationCodeableConcept"):
            if "text" in entry["resource"].get(coded, {}):
                entry["resource"][coded]["text"] += f" {MARK}"
    return bundle


def leaves_of(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from leaves_of(child)


def refused(error: str) -> Invocation:
    return Invocation(json.dumps({"errorType": error, "errorMessage": error}).encode(), "Unhandled")


@pytest.fixture
def marked(workflow: Workflow) -> dict[str, Any]:
    bundle = marked_bundle()
    headers = {"Authorization": f"Bearer {DEMO_TOKEN}"}
    httpx.post(workflow.ehr.url, json=bundle, headers=headers).raise_for_status()
    return bundle


def told(run: Run) -> list[tuple[str, ...]]:
    """State, tries and how it went, of each passage through a state."""
    events = json.loads(run.history)
    for event in events:
        event["timestamp"] = datetime.fromisoformat(event["timestamp"])
    return [(row[1], row[3], row[4]) for row in state_rows(events[0]["timestamp"], events)]


def test_retries_and_fallbacks_are_told_and_no_string_of_the_record_is(
    workflow: Workflow, marked: dict[str, Any]
) -> None:
    workflow.functions.answers["build_chart", 1] = refused("DatabaseUnavailableError")
    for attempt in range(1, 5):
        workflow.functions.answers["generate_section/clinical_assessment", attempt] = refused(
            "DatabaseUnavailableError"
        )
    run = workflow.run(patient=f"{MARK}-1")
    assert run.outcome.answer is not None
    assert "Amoxicillin" in json.dumps(run.outcome.answer), "it was this record that the run worked on"
    rows = told(run)
    assert ("FetchRecord", "1", "ok") in rows
    assert ("BuildChart", "2", "DatabaseUnavailableError: retried, then ok") in rows
    assert ("GenerateSection", "4", "DatabaseUnavailableError x4: caught") in rows
    assert ("GenerateSectionByRule", "1", "ok") in rows
    assert rows[-1] == ("Done", "", "ok")
    strings = {text for text in leaves_of(marked) if len(text) >= SHORTEST}
    assert {text for text in strings if text in run.history} == set()
    assert MARK not in run.history
    assert DEMO_TOKEN not in run.history
    assert DEMO_KEY not in run.history


def test_the_branch_that_failed_is_told_and_the_patient_is_not(workflow: Workflow) -> None:
    run = workflow.run(patient=f"{MARK}-nobody")
    assert run.status == "FAILED"
    assert told(run) == [
        ("FetchRecord", "1", "EhrPatientUnknownError: caught"),
        ("FailRun", "1", "ok"),
        ("Failed", "", "ok"),
    ]
    assert MARK not in run.history

"""The state machine when all is well: every state once, one audit row, nothing of the patient in it."""

from __future__ import annotations

import json
import re
from typing import Any

import psycopg
import pytest

from hntai.adapters.ehr_visits import VisitsEhr
from hntai.domain.jobs import JobState
from tests.workflow.conftest import Workflow, audit_rows, patient_id

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.valkey,
    pytest.mark.aws,
    # moto's interpreter leaves its own boto3 connections to the garbage collector
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]

ROAD = [
    "FetchRecord",
    "AreDocumentsAdded",
    "BuildChart",
    "ChooseMode",
    "GenerateSections",
    *["GenerateSection"] * 4,
    "Verify",
    "Assemble",
    "Publish",
    "Done",
]
ANNA = 0


def test_a_run_goes_through_every_state_and_leaves_one_audit_row(workflow: Workflow) -> None:
    before = audit_rows(workflow, "succeeded")
    run = workflow.run()
    assert (run.status, run.outcome.state, run.waits) == ("SUCCEEDED", JobState.SUCCEEDED, [])
    assert sorted(run.states) == sorted(ROAD)
    assert audit_rows(workflow, "succeeded") == before + 1
    assert run.outcome.answer is not None
    assert run.outcome.answer["fallbacks"] == []


def test_a_run_reads_the_visits_form_where_the_setting_says_so(workflow: Workflow) -> None:
    object.__setattr__(workflow.parts.settings, "ehr_format", "visits")
    run = workflow.run()
    assert isinstance(workflow.parts.fetch_record().ehr, VisitsEhr)
    assert run.outcome.answer is not None
    assert "Type 2 diabetes mellitus" in run.outcome.answer["summary"]


def test_the_history_holds_ids_and_counts_and_nothing_of_the_patient(workflow: Workflow) -> None:
    run = workflow.run()
    for word in (
        "Testpatient",
        patient_id(ANNA),
        "Placeholder",
        "Metformin",
        "demo-ehr-token",
        "demo-ehr-key",
    ):
        assert word not in run.history
    assert len(run.history) < 256 * 1024


def test_working_text_and_credentials_are_gone_when_the_run_ends(workflow: Workflow) -> None:
    workflow.run()
    job = next(iter(reversed(_jobs(workflow))))
    with psycopg.connect(workflow.postgres.url()) as connection:
        kept = connection.execute("SELECT count(*) FROM run_documents WHERE job_id = %s", (job,)).fetchone()
    assert kept == (0,)
    request = workflow.parts.workspace.request(job)
    assert (request.token, request.key) == ("", "")


def _jobs(workflow: Workflow) -> list[Any]:
    with psycopg.connect(workflow.postgres.url()) as connection:
        return [
            row[0] for row in connection.execute("SELECT job_id FROM jobs ORDER BY created_at").fetchall()
        ]


def test_a_mode_without_a_model_falls_back_to_rule_and_says_so(workflow: Workflow) -> None:
    run = workflow.run(
        generation_mode="hq", patient_summarizer_model_name="any", patient_summarizer_model_type="gguf"
    )
    assert run.outcome.answer is not None
    assert run.outcome.answer["fallbacks"] == ["model_not_baked"]
    assert run.outcome.answer["model_used"] == "hntai-rules@1"


def test_safe_harbor_has_no_absolute_date(workflow: Workflow) -> None:
    run = workflow.run(phi_policy="safe_harbor")
    answer = json.dumps({k: run.outcome.answer[k] for k in ("summary", "baseline", "delta", "evidence")})  # type: ignore[index]
    assert not re.search(r"\b(19|20)\d\d-\d\d", answer)

"""Steps that fail for good: by rule where a rule can stand in, else the run fails, by name, once."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from hntai.domain.errors import RecordMissingError
from hntai.domain.jobs import Job, JobId, JobState
from hntai.services.run_workspace import RunRequest
from hntai_local.fhir_server_faults import Fault
from hntai_local.lambda_answer import Invocation, failed
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

ANNA = 0


@pytest.mark.parametrize("step", ["build_chart", "choose_mode", "verify", "assemble", "publish"])
def test_a_step_that_fails_unforeseen_fails_the_run_without_its_message(
    workflow: Workflow, step: str
) -> None:
    answer = failed("UnexpectedStepError", "unexpected-step: cause=KeyError", "r")
    workflow.functions.answers[step, 1] = answer
    run = workflow.run()
    assert (run.status, run.outcome.error) == ("FAILED", "UnexpectedStepError")
    assert run.states[-2:] == ["FailRun", "Failed"]


def test_a_run_that_fails_after_text_was_touched_leaves_a_failed_audit_row(workflow: Workflow) -> None:
    before = audit_rows(workflow, "failed")
    workflow.functions.answers["verify", 1] = failed("UnexpectedStepError", "x", "r")
    workflow.run()
    assert audit_rows(workflow, "failed") == before + 1


def test_a_function_that_times_out_is_named_as_such(workflow: Workflow) -> None:
    workflow.functions.answers["build_chart", 1] = failed(
        "Sandbox.Timedout", "Task timed out after 60 s", "r"
    )
    assert workflow.run().outcome.error == "RunTimedOutError"


def test_a_state_that_outruns_its_limit_is_named_as_such(workflow: Workflow) -> None:
    workflow.functions.hooks["choose_mode", 1] = lambda _event: time.sleep(3)
    run = workflow.run(change=lambda text: text.replace('"TimeoutSeconds": 60', '"TimeoutSeconds": 1'))
    assert run.outcome.error == "RunTimedOutError"


def test_a_section_that_fails_is_written_by_rule(workflow: Workflow) -> None:
    workflow.functions.answers["generate_section/plan", 1] = failed("UnexpectedStepError", "x", "r")
    run = workflow.run()
    assert run.status == "SUCCEEDED"
    assert "GenerateSectionByRule" in run.states
    assert run.tries["generate_section/plan"] == 2


def test_a_section_that_fails_by_rule_too_fails_the_run(workflow: Workflow) -> None:
    for attempt in (1, 2):
        workflow.functions.answers["generate_section/plan", attempt] = failed("UnexpectedStepError", "x", "r")
    run = workflow.run()
    assert (run.status, run.outcome.error) == ("FAILED", "UnexpectedStepError")


def test_a_section_by_rule_waits_for_the_database_too(workflow: Workflow) -> None:
    workflow.functions.answers["generate_section/plan", 1] = failed("UnexpectedStepError", "x", "r")

    def break_once_the_others_are_done(_event: Mapping[str, Any]) -> None:
        time.sleep(2)
        workflow.postgres.stop()

    workflow.functions.hooks["generate_section/plan", 2] = break_once_the_others_are_done

    def mend(_event: Mapping[str, Any]) -> None:
        workflow.postgres.start()
        workflow.wait_until_well()

    workflow.functions.hooks["generate_section/plan", 3] = mend
    run = workflow.run()
    assert (run.status, run.tries["generate_section/plan"]) == ("SUCCEEDED", 3)


def test_failing_a_run_is_tried_again_whatever_the_error(workflow: Workflow) -> None:
    workflow.ehr.faults[patient_id(ANNA)] = Fault(status=401)
    for attempt in range(1, 7):
        workflow.functions.answers["fail_run", attempt] = Invocation(
            b'{"errorType":"X","errorMessage":""}', "Unhandled"
        )
    run = workflow.run()
    assert (run.outcome.error, run.tries["fail_run"]) == ("EhrRefusedError", 7)
    assert len(run.waits) == 6


def test_a_run_stopped_from_outside_is_ended_by_the_next_one(workflow: Workflow) -> None:
    """As an operator's stop in the console leaves it: sealed text, credentials and no audit row."""
    before, parts = audit_rows(workflow, "failed"), workflow.parts
    long_ago = parts.step.clock() - timedelta(minutes=20)
    job = Job(JobId(uuid.uuid4()), "default", "anna", "request-0", JobState.QUEUED, long_ago)
    asked = RunRequest("demo-1", "token", "key", "rule", "fast", "limited_dataset", None, None)
    parts.jobs.create(job, parts.workspace.sealed_request(job.id, asked))
    parts.jobs.start_fetch(job.id, long_ago)
    parts.jobs.mark_phi_touched(job.id)
    parts.workspace.put(job.id, "record", {"resources": []})
    assert workflow.run().status == "SUCCEEDED"
    assert parts.jobs.result(job.id).error == "RunTimedOutError"
    assert audit_rows(workflow, "failed") == before + 1
    assert parts.workspace.request(job.id).token == ""
    with pytest.raises(RecordMissingError):
        parts.workspace.get(job.id, "record")

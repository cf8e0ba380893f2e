"""Every Retry and Catch of the state machine, taken by a real failure; waits recorded, not slept."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from hntai.domain.errors import RateLimitedError, SealingUnavailableError, leaves
from hntai.domain.jobs import JobState
from hntai_local.fhir_server_faults import Fault
from hntai_local.lambda_answer import Invocation, failed
from tests.workflow.conftest import WORKFLOW, Workflow, patient_id

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


def audit_rows(workflow: Workflow, outcome: str) -> int:
    with psycopg.connect(workflow.postgres.url()) as connection:
        query = "SELECT count(*) FROM phi_audit_log WHERE operation = 'patient_summary' AND outcome = %s"
        row = connection.execute(query, (outcome,)).fetchone()
        assert row is not None
        return int(row[0])


def definition() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(WORKFLOW.read_text("utf-8"))
    return read


# -- the good road


def test_a_run_goes_through_every_state_and_leaves_one_audit_row(workflow: Workflow) -> None:
    before = audit_rows(workflow, "succeeded")
    run = workflow.run()
    assert (run.status, run.outcome.state, run.waits) == ("SUCCEEDED", JobState.SUCCEEDED, [])
    assert sorted(run.states) == sorted(ROAD)
    assert audit_rows(workflow, "succeeded") == before + 1
    assert run.outcome.answer is not None
    assert run.outcome.answer["fallbacks"] == []


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


# -- the EHR


def test_an_ehr_that_recovers_is_asked_again_within_its_budget(workflow: Workflow) -> None:
    workflow.ehr.faults[patient_id(ANNA)] = Fault(status=503, times=2)
    run = workflow.run()
    assert run.status == "SUCCEEDED"
    assert run.waits == [1.0, 1.5]
    assert run.tries["fetch_record"] == 3


@pytest.mark.parametrize(
    ("fault", "error", "tries"),
    [
        (Fault(status=503), "EhrUnavailableError", 4),
        (Fault(break_off=True), "EhrUnavailableError", 4),
        (Fault(wrong_content_type=True), "EhrAnswerInvalidError", 1),
        (Fault(status=401), "EhrRefusedError", 1),
    ],
)
def test_an_ehr_that_fails_for_good_fails_the_run_by_name(
    workflow: Workflow, fault: Fault, error: str, tries: int
) -> None:
    before = audit_rows(workflow, "failed")
    workflow.ehr.faults[patient_id(ANNA)] = fault
    run = workflow.run()
    assert (run.status, run.outcome.state, run.outcome.error) == ("FAILED", JobState.FAILED, error)
    assert run.tries["fetch_record"] == tries
    assert run.states[-2:] == ["FailRun", "Failed"]
    assert audit_rows(workflow, "failed") == before


def test_an_unknown_patient_fails_without_looking_for_a_stored_record(workflow: Workflow) -> None:
    run = workflow.run(patient="nobody-here")
    assert run.outcome.error == "EhrPatientUnknownError"
    assert "LoadStoredRecord" not in run.states


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(wrong_content_type=True)])
def test_an_ehr_that_fails_is_stood_in_for_by_the_stored_record_loudly(
    workflow: Workflow, fault: Fault
) -> None:
    workflow.run()
    workflow.ehr.faults[patient_id(ANNA)] = fault
    run = workflow.run()
    answer = run.outcome.answer
    assert answer is not None
    assert answer["fallbacks"] == ["stored_record"]
    assert "as last stored" in answer["summary"].splitlines()[1]
    assert answer["warnings"][0] in answer["summary"]


def test_refused_credentials_never_open_the_stored_record(workflow: Workflow) -> None:
    workflow.run()
    workflow.ehr.faults[patient_id(ANNA)] = Fault(status=403)
    assert workflow.run().outcome.error == "EhrRefusedError"


def test_a_slow_ehr_is_a_timeout_once_the_callers_budget_is_spent(workflow: Workflow) -> None:
    workflow.ehr.faults[patient_id(ANNA)] = Fault(delay_s=9)
    run = workflow.run(timeout_mode="fast")
    assert (run.outcome.error, run.tries["fetch_record"]) == ("EhrTimeoutError", 1)


def test_a_fetch_that_outruns_its_state_counts_as_a_slow_ehr(workflow: Workflow) -> None:
    workflow.ehr.faults[patient_id(ANNA)] = Fault(delay_s=3)
    run = workflow.run(change=lambda text: text.replace('"TimeoutSeconds": 50', '"TimeoutSeconds": 1'))
    assert "NameEhrTimeout" in run.states
    assert run.outcome.error == "EhrTimeoutError"


def test_a_fetch_function_that_times_out_counts_as_a_slow_ehr(workflow: Workflow) -> None:
    workflow.functions.answers["fetch_record", 1] = failed("Sandbox.Timedout", "Task timed out", "r")
    run = workflow.run()
    assert run.states[:3] == ["FetchRecord", "NameEhrTimeout", "LoadStoredRecord"]
    assert run.outcome.error == "EhrTimeoutError"


def test_another_patients_record_fails_the_run_and_is_not_stored(workflow: Workflow) -> None:
    """An EHR that answers with the wrong patient, as a mixed-up index would."""
    asked, served = "mixed-up", patient_id(1)
    workflow.ehr_answers_for(asked, served)
    run = workflow.run(patient=asked)
    assert run.outcome.error in ("EhrWrongPatientError", "EhrAnswerInvalidError")
    with psycopg.connect(workflow.postgres.url()) as connection:
        assert connection.execute("SELECT count(*) FROM stored_records").fetchone() == (0,)


# -- the services below


STEPS = (
    "load_stored_record",
    "build_chart",
    "choose_mode",
    "generate_section/plan",
    "verify",
    "assemble",
    "publish",
    "fail_run",
)
FAILING_EHR = {"load_stored_record", "fail_run"}


def break_and_mend(
    workflow: Workflow, step: str, breaking: Callable[[], None], mending: Callable[[], None]
) -> None:
    """Breaks something before the step's first try and mends it before the second.

    A section waits until the other three are done: with waits not slept, theirs would be used up at once.
    """

    def break_it(_event: Mapping[str, Any]) -> None:
        time.sleep(2 if step.startswith("generate_section") else 0)
        breaking()

    workflow.functions.hooks[step, 1] = break_it

    def mend_it(_event: Mapping[str, Any]) -> None:
        mending()
        workflow.wait_until_well()

    workflow.functions.hooks[step, 2] = mend_it
    if step in FAILING_EHR:
        workflow.ehr.faults[patient_id(ANNA)] = Fault(wrong_content_type=True)


@pytest.mark.parametrize("step", ["fetch_record", *STEPS])
def test_a_database_that_comes_back_costs_a_retry_and_nothing_else(workflow: Workflow, step: str) -> None:
    break_and_mend(workflow, step, workflow.postgres.stop, workflow.postgres.start)
    run = workflow.run()
    assert run.tries[step] == 2
    assert len(run.waits) == 1
    assert run.status == ("FAILED" if step in FAILING_EHR else "SUCCEEDED")


@contextmanager
def missing_key(workflow: Workflow) -> Iterator[None]:
    """The key's alias is gone for a while. (moto does not refuse a disabled key.)"""
    kms = workflow.aws("kms")
    key = kms.describe_key(KeyId="alias/hntai")["KeyMetadata"]["KeyId"]
    kms.delete_alias(AliasName="alias/hntai")
    try:
        yield
    finally:
        kms.create_alias(AliasName="alias/hntai", TargetKeyId=key)


@pytest.mark.parametrize(
    "step", ["fetch_record", "build_chart", "generate_section/plan", "verify", "assemble", "publish"]
)
def test_a_key_service_that_comes_back_costs_a_retry(workflow: Workflow, step: str) -> None:
    key = missing_key(workflow)

    def breaking() -> None:
        key.__enter__()
        forget_keys(workflow)

    def mending() -> None:
        key.__exit__(None, None, None)

    break_and_mend(workflow, step, breaking, mending)
    run = workflow.run()
    assert (run.status, run.tries[step]) == ("SUCCEEDED", 2)


def forget_keys(workflow: Workflow) -> None:
    """As a fresh environment: no data key in memory."""
    sealer = workflow.parts.sealer
    sealer._current = None
    sealer._opened.clear()


def test_forgetting_keys_with_a_missing_key_is_really_an_error(workflow: Workflow) -> None:
    sealed = workflow.parts.sealer.seal(b"text", "context")
    with missing_key(workflow):
        forget_keys(workflow)
        with pytest.raises(SealingUnavailableError):
            workflow.parts.sealer.open(sealed, "context")
        with pytest.raises(SealingUnavailableError):
            workflow.parts.sealer.seal(b"text", "context")
    assert workflow.parts.sealer.open(sealed, "context") == b"text"


@pytest.mark.parametrize("step", ["fetch_record", *STEPS])
def test_a_throttled_function_is_called_again(workflow: Workflow, step: str) -> None:
    def throttle(_event: Mapping[str, Any]) -> None:
        raise RateLimitedError(retry_after_s=1)

    break_and_mend(workflow, step, lambda: None, lambda: None)
    workflow.functions.hooks[step, 1] = throttle
    run = workflow.run()
    assert (run.tries[step], len(run.waits)) == (2, 1)


def test_no_result_without_its_audit_row(workflow: Workflow) -> None:
    """The chain's heads are locked and the queue is gone: publishing waits for the first of them."""
    lock = psycopg.connect(workflow.postgres.url())
    queue_url = workflow.parts.settings.audit_queue_url
    before = audit_rows(workflow, "succeeded")

    def breaking(_event: Mapping[str, Any]) -> None:
        lock.execute("SELECT FROM phi_audit_head FOR UPDATE")
        workflow.parts.audit._queue._queue_url = "http://127.0.0.1:1/none"  # type: ignore[union-attr]

    def mending(_event: Mapping[str, Any]) -> None:
        lock.rollback()
        workflow.wait_until_well()

    workflow.functions.hooks["publish", 1] = breaking
    workflow.functions.hooks["publish", 2] = mending
    run = workflow.run()
    lock.close()
    workflow.parts.audit._queue._queue_url = queue_url or ""  # type: ignore[union-attr]
    assert "AuditUnavailableError" in run.history
    assert (run.status, run.tries["publish"]) == ("SUCCEEDED", 2)
    assert audit_rows(workflow, "succeeded") == before + 1


def test_without_valkey_the_run_ends_the_same(workflow: Workflow) -> None:
    workflow.valkey.stop()
    try:
        run = workflow.run(is_well_after=False)
    finally:
        workflow.valkey.start()
    assert run.status == "SUCCEEDED"


# -- steps that fail for good


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


# -- the definition itself


NEVER_FROM_A_STEP = {
    "IdempotencyInProgressError",
    "RateLimitedError",
    "CacheUnavailableError",
    "WorkflowUnavailableError",
    "FunctionUnavailableError",
    "KeySetUnavailableError",
}
"""Retryable leaves of the web entry and the relay: no state can raise them."""


def names_in(part: str, node: Any = None) -> set[str]:
    """Every error named under the part ("Retry", "Catch") of any state."""
    node = definition() if node is None else node
    if isinstance(node, list):
        return set().union(*(names_in(part, one) for one in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {name for rule in node.get(part, ()) for name in rule["ErrorEquals"]}
    return own.union(*(names_in(part, value) for key, value in node.items() if key != part))


def test_every_retryable_leaf_a_step_can_raise_is_retried_by_name() -> None:
    retryable = {leaf.__name__ for leaf in leaves() if leaf.retryable}
    assert retryable - NEVER_FROM_A_STEP <= names_in("Retry")


def test_every_error_named_is_a_leaf_or_one_of_aws() -> None:
    ours = {leaf.__name__ for leaf in leaves()}
    named = names_in("Retry") | names_in("Catch")
    assert {name for name in named if "." not in name} <= ours
    assert named >= {"States.Timeout", "States.ALL", "Lambda.TooManyRequestsException"}


def test_every_task_of_the_machine_has_a_time_limit_and_a_way_to_fail() -> None:
    states = definition()["States"]
    inner = states["GenerateSections"]["ItemProcessor"]["States"]
    for name, state in {**states, **inner}.items():
        if state["Type"] == "Task":
            assert state["TimeoutSeconds"] <= 300, name
            assert state.get("Catch") or name in ("FailRun", "GenerateSectionByRule"), name

"""The EHR fails, slowly or at once: tried again inside the budget, then stood in for, or named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest

from hntai.adapters.ehr_turns import ValkeyEhrTurns
from hntai.domain.errors import EhrUnavailableError
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import JobId, JobState
from hntai.ports import Ehr, EhrCredentials, EhrRecord
from hntai.services.run_steps.fetch_record import FetchRecord
from hntai_local.fhir_server_faults import Fault
from hntai_local.lambda_answer import failed
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
NOT_READ = "The EHR offers no search for AllergyIntolerance: nothing of this kind was read."


def test_an_ehr_that_recovers_is_asked_again_within_its_budget(workflow: Workflow) -> None:
    workflow.ehr.faults[patient_id(ANNA)] = Fault(status=503, times=2)
    run = workflow.run()
    assert run.status == "SUCCEEDED"
    assert run.waits == []
    assert (run.tries["fetch_record"], workflow.ehr.fault_counts[patient_id(ANNA)]) == (1, 3)


@pytest.mark.parametrize(
    ("fault", "error", "asked"),
    [
        (Fault(status=503), "EhrUnavailableError", 4),
        (Fault(break_off=True), "EhrUnavailableError", 4),
        (Fault(wrong_content_type=True), "EhrAnswerInvalidError", 1),
        (Fault(status=401), "EhrRefusedError", 1),
    ],
)
def test_an_ehr_that_fails_for_good_fails_the_run_by_name(
    workflow: Workflow, fault: Fault, error: str, asked: int
) -> None:
    before = audit_rows(workflow, "failed")
    workflow.ehr.faults[patient_id(ANNA)] = fault
    run = workflow.run()
    assert (run.status, run.outcome.state, run.outcome.error) == ("FAILED", JobState.FAILED, error)
    assert (run.tries["fetch_record"], workflow.ehr.fault_counts[patient_id(ANNA)]) == (1, asked)
    assert run.states[-2:] == ["FailRun", "Failed"]
    assert audit_rows(workflow, "failed") == before


def test_an_unknown_patient_fails_without_looking_for_a_stored_record(workflow: Workflow) -> None:
    run = workflow.run(patient="nobody-here")
    assert run.outcome.error == "EhrPatientUnknownError"
    assert "LoadStoredRecord" not in run.states


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(break_off=True)])
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


def test_a_stream_warns_of_a_stored_record_before_its_first_word(workflow: Workflow) -> None:
    workflow.run()
    workflow.ehr.faults[patient_id(ANNA)] = Fault(status=503)
    answer = workflow.run().outcome.answer
    assert answer is not None
    warning = answer["warnings"][0]
    job_id = JobId(UUID(answer["job_id"]))
    told = [stored.event.data for stored in workflow.parts.step.events.read(job_id, "0-0", 0)]
    warned = next(place for place, data in enumerate(told) if data.get("warning") == warning)
    deltas = {str(data["section"]): str(data["delta"]) for data in told if "delta" in data}
    assert warned < next(place for place, data in enumerate(told) if "delta" in data)
    assert deltas["Clinical Assessment"].startswith(f"- **{warning}**\n")
    assert sum(warning in delta for delta in deltas.values()) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=401), "EhrRefusedError"),
        (Fault(status=403), "EhrRefusedError"),
        (Fault(status=400), "EhrRefusedError"),
        (Fault(status=302), "EhrRefusedError"),
        (Fault(status=431), "EhrRefusedError"),
        (Fault(wrong_content_type=True), "EhrAnswerInvalidError"),
    ],
)
def test_what_may_be_a_refusal_never_opens_the_stored_record(
    workflow: Workflow, fault: Fault, error: str
) -> None:
    workflow.run()
    workflow.ehr.faults[patient_id(ANNA)] = fault
    run = workflow.run()
    assert run.outcome.error == error
    assert "LoadStoredRecord" not in run.states


@dataclass
class Incomplete:
    """An EHR whose record comes with a warning, as long as it answers."""

    whole: Ehr
    is_down: bool = False

    def fetch(self, patient_id: str, credentials: EhrCredentials, budget_s: float) -> EhrRecord:
        if self.is_down:
            raise EhrUnavailableError
        return EhrRecord(self.whole.fetch(patient_id, credentials, budget_s).resources, (NOT_READ,))


def test_what_could_not_be_read_is_told_and_stays_told_in_the_stored_record(workflow: Workflow) -> None:
    steps: Any = workflow.functions.steps
    incomplete = Incomplete(steps._fetch_record().ehr)
    fetch = FetchRecord(workflow.parts.step, incomplete, ValkeyEhrTurns(workflow.parts.cache))
    steps._fetch_record = lambda: fetch
    first = workflow.run().outcome.answer
    incomplete.is_down = True
    second = workflow.run().outcome.answer
    assert first is not None
    assert second is not None
    assert first["warnings"][0] == NOT_READ
    assert "minutes old" in second["warnings"][0]
    assert second["warnings"][1] == NOT_READ
    assert second["summary"].splitlines()[1] == f"- **{second['warnings'][0]}**"


def test_only_who_fetched_a_record_is_stood_in_for_by_it(workflow: Workflow) -> None:
    workflow.run()
    workflow.ehr.faults[patient_id(ANNA)] = Fault(status=503)
    stranger = Caller(Identity("default", "someone-else", frozenset()), "request-2")
    assert workflow.run(caller=stranger).outcome.error == "EhrUnavailableError"


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

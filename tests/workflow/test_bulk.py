"""A bulk, executed for real: the Distributed Map, its batches, a run of the summary for each row."""

from __future__ import annotations

import importlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import httpx
import pytest

from hntai.adapters.bulk_starter import StepFunctionsBulkStarter
from hntai.adapters.ehr_turns import ValkeyEhrTurns
from hntai.admin.run_states import visits
from hntai.bulk_parts import BulkParts
from hntai.contracts.bulk import BulkRow
from hntai.domain.bulk import BulkId, BulkPlan, job_of
from hntai_local.aws_resources import UPLOADS_BUCKET
from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN
from tests.other_patients import another_patient
from tests.workflow.conftest import Workflow, patient_id

pytestmark = [pytest.mark.postgres, pytest.mark.valkey, pytest.mark.aws]
MAPS = (
    "moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component"
)
"""Where moto keeps the events of batches from being seen."""
LATE = "late-1"
"""A patient that the EHR does not know until it is told."""


@dataclass
class Bulks:
    """Starts bulks and keeps every event of every history, the batches' too."""

    parts: BulkParts
    machine: str
    managers: list[Any] = field(default_factory=list)

    def create(self, *patients: str, **changes: Any) -> BulkId:
        fields: dict[str, Any] = {
            "tenant": "default", "actor": "operator", "rows": len(patients), "batch_rows": 2,
            "requests_per_s": 50.0, "concurrency": 2, "tolerated_failure_percentage": 50,
        }  # fmt: skip
        rows = [BulkRow(patientid=patient) for patient in patients]
        return self.parts.store.create(BulkPlan(**{**fields, **changes}), rows)

    def run(self, bulk_id: BulkId, attempt: int = 1) -> dict[str, Any]:
        """The execution once it has ended, with its history and those of its batches as one text."""
        starter = StepFunctionsBulkStarter(self.machine)
        starter.start(str(bulk_id), attempt)
        deadline = time.monotonic() + 60
        while starter.is_running(str(bulk_id), attempt):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        client = boto3.client("stepfunctions")
        arn = f"{self.machine.replace(':stateMachine:', ':execution:')}:{bulk_id}-{attempt}"
        history = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        inner = [manager.get_event_history() for manager in self.managers]
        ended = client.describe_execution(executionArn=arn)
        return {**ended, "history": json.dumps([history, inner], default=str)}

    def counts(self, bulk_id: BulkId) -> dict[str, int]:
        return dict(self.parts.sum_up()(bulk_id))  # type: ignore[arg-type]


@pytest.fixture
def bulks(workflow: Workflow, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bulks]:
    from functions.bulk import steps

    parts = BulkParts(workflow.parts)
    monkeypatch.setattr(steps, "parts", parts)
    workflow.functions.bulk_steps = steps
    bulks = Bulks(parts, os.environ["HNTAI_BULK_MACHINE_ARN"])
    distributed: Any = importlib.import_module(MAPS)
    make = distributed.EventManager

    def kept() -> Any:
        bulks.managers.append(make())
        return bulks.managers[-1]

    monkeypatch.setattr(distributed, "EventManager", kept)
    workflow.parts.cache.run(lambda valkey: valkey.delete("ehr-turns"))
    yield bulks
    workflow.functions.bulk_steps = None
    blobs = bulks.parts.store.blobs
    blobs.delete(blobs.keys("bulk/"))


def objects() -> dict[str, bytes]:
    s3 = boto3.client("s3")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=UPLOADS_BUCKET, Prefix="bulk/")["Contents"]]
    return {key: s3.get_object(Bucket=UPLOADS_BUCKET, Key=key)["Body"].read() for key in keys}


def test_rows_are_summarised_one_fails_alone_and_a_resumed_bulk_does_the_rest(
    bulks: Bulks, workflow: Workflow
) -> None:
    known = [patient_id(0), patient_id(1), patient_id(2)]
    bulk_id = bulks.create(known[0], LATE, known[1], known[2])
    ended = bulks.run(bulk_id)
    assert ended["status"] == "SUCCEEDED"
    assert bulks.counts(bulk_id) == {"rows": 4, "succeeded": 3, "failed": 1, "pending": 0}
    lines = {line["row"]: line for line in bulks.parts.store.lines(bulk_id)}
    assert [lines[row]["patientid"] for row in range(4)] == [known[0], LATE, known[1], known[2]]
    assert lines[1] == {
        "row": 1, "patientid": LATE, "state": "failed", "error": "EhrPatientUnknownError",
    }  # fmt: skip
    assert all("## Clinical Assessment" in lines[row]["answer"]["summary"] for row in (0, 2, 3))
    fetched = workflow.functions.tries["fetch_record"]
    headers = {"Authorization": f"Bearer {DEMO_TOKEN}"}
    httpx.post(workflow.ehr.url, json=another_patient(LATE), headers=headers).raise_for_status()
    ended = bulks.run(bulk_id, attempt=2)
    assert ended["status"] == "SUCCEEDED"
    assert workflow.functions.tries["fetch_record"] == fetched + 1, "what is done is not done again"
    assert bulks.counts(bulk_id) == {"rows": 4, "succeeded": 4, "failed": 0, "pending": 0}
    lines = {line["row"]: line for line in bulks.parts.store.lines(bulk_id)}
    assert (lines[1]["patientid"], lines[1]["state"]) == (LATE, "succeeded")


def test_no_history_no_key_and_nothing_clear_in_the_bucket_names_a_patient(bulks: Bulks) -> None:
    patients = [patient_id(0), "Qzmarkx-nobody"]
    ended = bulks.run(bulks.create(*patients))
    assert bulks.managers
    assert "TakeTurn" in ended["history"], "the batches' own events are looked at"
    kept = objects()
    told = ended["history"] + "".join(kept) + "".join(body.decode("latin-1") for body in kept.values())
    for word in (*patients, DEMO_TOKEN, DEMO_KEY, "Testpatient", "## Clinical"):
        assert word not in told


def test_a_bulk_of_which_nothing_succeeds_stops_and_says_how_it_stands(bulks: Bulks) -> None:
    bulk_id = bulks.create(*[f"nobody-{number}" for number in range(4)], tolerated_failure_percentage=0)
    ended = bulks.run(bulk_id)
    assert (ended["status"], ended["error"]) == ("FAILED", "BulkStopped")
    counts = bulks.counts(bulk_id)
    assert counts["succeeded"] == 0
    assert counts["failed"] >= 2


def test_the_ehr_is_asked_no_faster_than_was_asked_for(bulks: Bulks, workflow: Workflow) -> None:
    started = time.monotonic()
    bulk_id = bulks.create(*[patient_id(0)] * 4, requests_per_s=1.0, batch_rows=1, concurrency=4)
    assert bulks.run(bulk_id)["status"] == "SUCCEEDED"
    assert time.monotonic() - started >= 3.0


def test_a_record_of_many_pages_takes_as_many_turns(
    bulks: Bulks, workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hntai.adapters.ehr_fhir.PAGE_SIZE", 10)
    bulk_id = bulks.create(patient_id(0), requests_per_s=0.5)
    bulks.run(bulk_id)
    fetched = json.loads(_output(job_of(bulk_id, 1, 0), "FetchRecord"))
    waits = ValkeyEhrTurns(workflow.parts.cache).take(0.5)
    assert fetched["requests"] > 2
    assert waits > 2.0 * (fetched["requests"] - 2)


def _output(job_id: object, state: str) -> str:
    machine = os.environ["HNTAI_STATE_MACHINE_ARN"].replace(":stateMachine:", ":execution:")
    history = boto3.client("stepfunctions").get_execution_history(
        executionArn=f"{machine}:{job_id}", maxResults=1000
    )
    return next(visit.output for visit in visits(history["events"]) if visit.name == state)


def test_what_a_bulk_sealed_for_the_ehr_is_gone_and_nobodys_events_stay(
    bulks: Bulks, workflow: Workflow
) -> None:
    bulk_id = bulks.create(patient_id(0))
    bulks.run(bulk_id)
    ids = [arn.rpartition(":")[2] for arn in _summaries()]
    job_id = job_of(bulk_id, 1, 0)
    assert str(job_id) in ids
    request = workflow.parts.workspace.request(job_id)
    assert (request.token, request.key, request.patient_id) == ("", "", patient_id(0))
    assert workflow.parts.run_events.read(job_id, "0-0", 0.01) == []


def _summaries() -> list[str]:
    machine = os.environ["HNTAI_STATE_MACHINE_ARN"]
    runs = boto3.client("stepfunctions").list_executions(stateMachineArn=machine, maxResults=1000)
    return [run["executionArn"] for run in runs["executions"]]


def test_a_row_that_could_not_be_started_is_told_by_its_error(bulks: Bulks, workflow: Workflow) -> None:
    object.__setattr__(workflow.parts.settings, "bulk_ehr_credentials", "not an object, but 32 bytes long..")
    bulk_id = bulks.create(patient_id(0))
    bulks.run(bulk_id)
    (line,) = bulks.parts.store.lines(bulk_id)
    assert (line["state"], line["error"]) == ("failed", "ConfigurationError")

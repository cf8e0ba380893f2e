"""The state machine, executed for real: moto's interpreter, the real steps in this process, and real
PostgreSQL, Valkey, KMS, SQS and a FHIR server, each of which a test may break for a while."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import httpx
import psycopg
import pytest

from hntai.adapters.ehr_fhir import FhirEhr
from hntai.adapters.ehr_turns import ValkeyEhrTurns
from hntai.bootstrap import Parts
from hntai.config import read_settings
from hntai.contracts.patient_summary import PatientSummaryRequest
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import JobId
from hntai.services.read_run import RunOutcome
from hntai.services.run_steps.fetch_record import FetchRecord
from hntai_local.aws_endpoint import AwsEndpoint
from hntai_local.aws_names import ACCOUNT_ID, REGION
from hntai_local.aws_resources import provision, substituted
from hntai_local.demo_patients import demo_bundles
from hntai_local.fhir_server import DEMO_CREDENTIALS, DEMO_KEY, DEMO_TOKEN, FhirServer
from hntai_local.moto_shims import recorded_waits
from hntai_local.postgres import PostgresServer
from hntai_local.stack_functions import WORKFLOWS
from hntai_local.state_dir import PROJECT_ROOT
from hntai_local.valkey import ValkeyServer
from tests.workflow.in_process_functions import InProcessFunctions

WORKFLOW = PROJECT_ROOT / "functions" / "patient_summary" / "workflow.asl.json"
FUNCTIONS = ("FetchRecordFunction", "RunStepFunction", "GenerateSectionFunction")
CALLER = Caller(Identity("default", "anna", frozenset({"patient-summary"})), "request-1")


@dataclass
class Run:
    """What one execution did."""

    status: str
    outcome: RunOutcome
    states: Sequence[str]
    waits: Sequence[float]
    tries: Mapping[str, int]
    history: str


@dataclass
class Workflow:
    """Everything the machine stands on, and a way to run it."""

    parts: Parts
    functions: InProcessFunctions
    ehr: FhirServer
    postgres: PostgresServer
    valkey: ValkeyServer
    aws: Callable[[str], Any]

    def run(
        self,
        *,
        patient: str | None = None,
        change: Callable[[str], str] = lambda text: text,
        is_well_after: bool = True,
        caller: Caller = CALLER,
        within_s: float = 60.0,
        **asked: Any,
    ) -> Run:
        """One execution from start to end. change: edits the definition first."""
        request = PatientSummaryRequest(
            patientid=patient or patient_id(0), token=DEMO_TOKEN, key=DEMO_KEY, **asked
        )
        machine = self._machine(change(WORKFLOW.read_text("utf-8")))
        object.__setattr__(self.parts.settings, "state_machine_arn", machine)
        self.functions.tries.clear()
        with recorded_waits() as waits:
            job_id = self.parts.start_run()(request, caller)
            described = self._ended(machine, job_id, within_s)
        history = self._history(machine, job_id)
        states = [e["stateEnteredEventDetails"]["name"] for e in history if "stateEnteredEventDetails" in e]
        if is_well_after:
            self.wait_until_well()
        outcome = self.parts.read_run().outcome(job_id)
        text = json.dumps(history, default=str)
        return Run(described["status"], outcome, states, list(waits), dict(self.functions.tries), text)

    def ehr_answers_for(self, asked: str, served: str) -> None:
        """From now on the EHR answers for one id with another patient's record."""
        base = httpx.HTTPTransport()

        def answer(request: httpx.Request) -> httpx.Response:
            request.url = request.url.copy_with(
                raw_path=request.url.raw_path.replace(asked.encode(), served.encode())
            )
            return base.handle_request(request)

        steps: Any = self.functions.steps
        ehr = FhirEhr(self.ehr.url, httpx.MockTransport(answer))
        fetch = FetchRecord(self.parts.step, ehr, ValkeyEhrTurns(self.parts.cache))
        steps._fetch_record = lambda: fetch

    def wait_until_well(self) -> None:
        deadline = time.monotonic() + 10
        while not all(probe() for probe in self.parts.probes()):
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def _machine(self, definition: str) -> str:
        made = self.aws("stepfunctions").create_state_machine(
            name=f"m-{uuid.uuid4().hex[:12]}",
            definition=substituted(definition, FUNCTIONS),
            roleArn=f"arn:aws:iam::{ACCOUNT_ID}:role/any",
        )
        return str(made["stateMachineArn"])

    def _ended(self, machine: str, job_id: JobId, within_s: float) -> Mapping[str, Any]:
        arn = _execution(machine, job_id)
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            described: Mapping[str, Any] = self.aws("stepfunctions").describe_execution(executionArn=arn)
            if described["status"] != "RUNNING":
                return described
            time.sleep(0.05)
        raise AssertionError("the run did not end")

    def _history(self, machine: str, job_id: JobId) -> list[dict[str, Any]]:
        answer = self.aws("stepfunctions").get_execution_history(
            executionArn=_execution(machine, job_id), maxResults=1000
        )
        events: list[dict[str, Any]] = answer["events"]
        return events


def _execution(machine: str, job_id: JobId) -> str:
    return machine.replace(":stateMachine:", ":execution:") + f":{job_id}"


def audit_rows(workflow: Workflow, outcome: str) -> int:
    with psycopg.connect(workflow.postgres.url()) as connection:
        query = "SELECT count(*) FROM phi_audit_log WHERE operation = 'patient_summary' AND outcome = %s"
        row = connection.execute(query, (outcome,)).fetchone()
        assert row is not None
        return int(row[0])


def patient_id(place: int) -> str:
    entries = demo_bundles()[place]["entry"]
    return str(next(e["resource"]["id"] for e in entries if e["resource"]["resourceType"] == "Patient"))


@pytest.fixture(scope="session")
def aws_environment(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[InProcessFunctions, dict[str, str]]]:
    """The AWS endpoint of this process, with its resources made; AWS's variables point at it."""
    functions, state = InProcessFunctions(), tmp_path_factory.mktemp("aws")
    endpoint = AwsEndpoint(0, functions, state_dir=state)
    endpoint.start()
    before = dict(os.environ)
    os.environ.update(
        AWS_ENDPOINT_URL=endpoint.url,
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_DEFAULT_REGION=REGION,
    )
    secrets = {"secret-key": "s" * 48, "jwt-secret-key": "j" * 48, "bulk-ehr": DEMO_CREDENTIALS}
    settings = provision(
        endpoint.url,
        state_dir=state,
        secrets=secrets,
        definitions=WORKFLOWS,
        functions=(*FUNCTIONS, "TranscribeStepFunction", "UploadStepFunction", "BulkStepFunction"),
    )
    yield functions, settings
    endpoint.close()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def ehr() -> Iterator[FhirServer]:
    server = FhirServer()
    server.start()
    for bundle in demo_bundles():
        answer = httpx.post(server.url, json=bundle, headers={"Authorization": f"Bearer {DEMO_TOKEN}"})
        answer.raise_for_status()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def no_objects_of_another_test(aws_environment: tuple[InProcessFunctions, dict[str, str]]) -> None:
    """The bucket of uploads is one for all tests; each finds it empty."""
    s3, bucket = boto3.client("s3"), aws_environment[1]["HNTAI_UPLOADS_BUCKET"]
    for item in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
        s3.delete_object(Bucket=bucket, Key=item["Key"])


@pytest.fixture
def workflow(
    aws_environment: tuple[InProcessFunctions, dict[str, str]],
    ehr: FhirServer,
    postgres: PostgresServer,
    valkey: ValkeyServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Workflow]:
    functions, provisioned = aws_environment
    places = {
        "DATABASE_URL": postgres.url("hntai_app"),
        "REDIS_URL": valkey.url,
        "EHR_BASE_URL": ehr.url,
        **provisioned,
    }
    for name, value in places.items():
        monkeypatch.setenv(name, value)
    from functions.patient_summary import steps

    parts = Parts(read_settings())
    monkeypatch.setattr(steps, "parts", parts)
    monkeypatch.setattr(steps, "_fetch_record", cache(parts.fetch_record))
    monkeypatch.setattr(steps, "_generate_section", cache(parts.generate_section))
    functions.steps = steps
    functions.hooks.clear()
    functions.answers.clear()
    ehr.faults.clear()
    ehr.fault_counts.clear()
    with parts.session.transaction() as cursor:
        cursor.execute("DELETE FROM stored_records")
    yield Workflow(parts, functions, ehr, postgres, valkey, boto3.client)
    if postgres.pid is None:
        postgres.start()
    functions.wait_until_done()
    parts.close()

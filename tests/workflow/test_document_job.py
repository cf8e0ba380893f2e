"""A document's job as the state machine runs it, over real PostgreSQL, Valkey, KMS and S3."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import psycopg
import pytest

from hntai.bootstrap import Parts
from hntai.config import read_settings
from hntai.contracts.document import DocumentAnswer
from hntai.domain.errors import AuditUnavailableError, BlobsUnavailableError, leaves
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import JobId, JobState
from hntai.services.document_steps.assemble_document import upload_id_of
from hntai.services.read_run import RunOutcome
from hntai_local.lambda_answer import Invocation
from hntai_local.moto_shims import recorded_waits
from hntai_local.postgres import PostgresServer
from hntai_local.stack_functions import WORKFLOWS
from hntai_local.valkey import ValkeyServer
from tests.memory.documents import LineReader
from tests.workflow.in_process_functions import InProcessFunctions
from tests.workflow.test_definition import NEVER_FROM_A_STEP, RETRIED_WHERE_RAISED, names_in

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.valkey,
    pytest.mark.aws,
    # moto's interpreter leaves its own boto3 connections to the garbage collector
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]
MACHINE = WORKFLOWS["HNTAI_DOCUMENT_MACHINE_ARN"]
CALLER = Caller(Identity("default", "anna", frozenset({"upload"})), "request-1")
LETTER = b"Dear colleague.\nSCAN Patient John Doe.\nSCAN BAD page.\n" + b"SCAN Another.\n" * 4
RETRYABLE_ELSEWHERE = NEVER_FROM_A_STEP | {"ModelFailedError"}


@dataclass
class House:
    parts: Parts
    functions: InProcessFunctions
    postgres: PostgresServer
    bucket: str

    def run(self, content: bytes = LETTER) -> tuple[JobId, RunOutcome, str]:
        """A job from its start to its end; the history of its execution too."""
        self.functions.tries.clear()
        with recorded_waits():
            job_id = self.parts.upload_document().file(content, CALLER, is_scrubbed=True)
            assert not isinstance(job_id, DocumentAnswer)
            outcome = self._ended(job_id)
        arn = str(self.parts.settings.document_machine_arn).replace(":stateMachine:", ":execution:")
        history = boto3.client("stepfunctions").get_execution_history(
            executionArn=f"{arn}:{job_id}", maxResults=1000
        )
        return job_id, outcome, json.dumps(history["events"], default=str)

    def _ended(self, job_id: JobId) -> RunOutcome:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            outcome = self.parts.read_run().outcome(job_id)
            if outcome.state.is_final:
                return outcome
            time.sleep(0.05)
        raise AssertionError("the job did not end")

    def objects(self) -> list[str]:
        listed = boto3.client("s3").list_objects_v2(Bucket=self.bucket)
        return [item["Key"] for item in listed.get("Contents", ())]

    def rows(self, job_id: JobId) -> Mapping[str, tuple[str, dict[str, int]]]:
        query = "SELECT operation, outcome, entity_counts FROM phi_audit_log WHERE id = ANY(%s)"
        ids = [uuid.uuid5(job_id, name) for name in ("upload", "document_deleted")]
        with psycopg.connect(self.postgres.url()) as connection:
            return {row[0]: (row[1], row[2]) for row in connection.execute(query, (ids,))}


@pytest.fixture
def house(
    aws_environment: tuple[InProcessFunctions, dict[str, str]],
    postgres: PostgresServer,
    valkey: ValkeyServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[House]:
    functions, provisioned = aws_environment
    places = {"DATABASE_URL": postgres.url("hntai_app"), "REDIS_URL": valkey.url, **provisioned}
    for name, value in places.items():
        monkeypatch.setenv(name, value)
    from functions.upload import steps

    parts = Parts(read_settings())
    parts.__dict__["document_reader"] = LineReader()
    monkeypatch.setattr(steps, "parts", parts)
    functions.document_steps = steps
    functions.hooks.clear()
    functions.answers.clear()
    bucket = provisioned["HNTAI_UPLOADS_BUCKET"]
    yield House(parts, functions, postgres, bucket)
    functions.wait_until_done()
    parts.close()


def test_every_page_is_told_and_the_text_kept_and_nothing_else(house: House) -> None:
    job_id, outcome, history = house.run()
    assert (outcome.state, outcome.error) == (JobState.SUCCEEDED, None)
    answer = DocumentAnswer.model_validate(outcome.answer)
    assert [page.text for page in answer.pages] == [
        "Dear colleague.",
        "Patient [REDACTED].",
        "",
        *["Another."] * 4,
    ]
    assert answer.pages[2].warnings == ("no_text_layer", "ocr_failed")
    (key,) = house.objects()
    assert key.endswith(upload_id_of(job_id).hex)
    kept = house.parts.document_store.document(upload_id_of(job_id), CALLER.identity)
    assert kept.text == answer.text
    assert house.rows(job_id) == {
        "upload": ("succeeded", {"NAME": 1}),
        "document_deleted": ("succeeded", {"DOCUMENT_OBJECT": 1}),
    }
    assert {"recognise_pages/0", "recognise_pages/1"} <= set(house.functions.tries)
    for word in ("Dear", "Doe", "Another"):
        assert word not in history


def test_a_range_whose_function_died_is_tried_again(house: House) -> None:
    house.functions.answers["recognise_pages/1", 1] = Invocation(
        b'{"errorType":"Runtime.ExitError","errorMessage":""}', "Unhandled"
    )
    _, outcome, _ = house.run()
    assert outcome.state is JobState.SUCCEEDED
    assert house.functions.tries["recognise_pages/1"] == 2


def test_a_store_that_stays_away_fails_the_job_and_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs, real = house.parts.blobs, house.parts.blobs.read

    def read(key: str, *, first: int | None = None) -> Any:
        raise BlobsUnavailableError

    house.functions.hooks["recognise_pages/0", 1] = lambda _: monkeypatch.setattr(blobs, "read", read)
    house.functions.hooks["fail_document", 1] = lambda _: monkeypatch.setattr(blobs, "read", real)
    job_id, outcome, _ = house.run()
    assert (outcome.state, outcome.error) == (JobState.FAILED, "BlobsUnavailableError")
    assert house.objects() == []
    assert house.rows(job_id)["upload"][0] == "failed"


def test_no_result_without_its_audit_rows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    audit, calls = house.parts.audit, iter((AuditUnavailableError(),))
    real = audit.append

    def append(rows: Any) -> None:
        failure = next(calls, None)
        if failure is not None:
            raise failure
        real(rows)

    house.functions.hooks["publish", 1] = lambda _: monkeypatch.setattr(audit, "append", append)
    _, outcome, _ = house.run()
    assert outcome.state is JobState.SUCCEEDED
    assert house.functions.tries["publish"] == 2


def test_every_retryable_leaf_a_step_can_raise_is_retried_by_name() -> None:
    definition = json.loads(MACHINE.read_text("utf-8"))
    retryable = {leaf.__name__ for leaf in leaves() if leaf.retryable}
    assert retryable - RETRYABLE_ELSEWHERE - RETRIED_WHERE_RAISED <= names_in("Retry", definition)
    named = names_in("Retry", definition) | names_in("Catch", definition)
    assert {name for name in named if "." not in name} <= {leaf.__name__ for leaf in leaves()}

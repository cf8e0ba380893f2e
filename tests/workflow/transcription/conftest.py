"""Everything a transcription stands on: PostgreSQL, Valkey, and KMS and S3 by moto, with real decoding and a
recogniser of the tests."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import numpy as np
import psycopg
import pytest

from hntai.bootstrap import Parts
from hntai.config import read_settings
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import JobId
from hntai.services.read_run import RunOutcome
from hntai.services.transcription.start_transcription import AudioOptions
from hntai_local.moto_shims import recorded_waits
from hntai_local.postgres import PostgresServer
from hntai_local.valkey import ValkeyServer
from tests.memory.audio import MemorySpeech
from tests.recordings import Samples, recording, silence, tone
from tests.workflow.in_process_functions import InProcessFunctions

CALLER = Caller(Identity("default", "anna", frozenset({"transcribe", "extract"})), "request-1")
SAID = "Patient John Doe, SSN 123-45-6789."


@dataclass
class House:
    parts: Parts
    functions: InProcessFunctions
    model: MemorySpeech
    postgres: PostgresServer
    bucket: str

    def run(self, content: bytes, **options: Any) -> tuple[JobId, RunOutcome, str]:
        """A job from its start to its end; the history of its execution too."""
        self.functions.tries.clear()
        with recorded_waits():
            job_id = self.parts.start_transcription()(content, AudioOptions(**options), CALLER)
            outcome = self.ended(job_id)
        arn = str(self.parts.settings.transcription_machine_arn).replace(":stateMachine:", ":execution:")
        history = boto3.client("stepfunctions").get_execution_history(
            executionArn=f"{arn}:{job_id}", maxResults=1000
        )
        return job_id, outcome, json.dumps(history["events"], default=str)

    def ended(self, job_id: JobId) -> RunOutcome:
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

    def rows(self, job_id: JobId) -> dict[str, tuple[str, dict[str, int], bytes]]:
        query = "SELECT operation, outcome, entity_counts, input_hmac FROM phi_audit_log WHERE id = ANY(%s)"
        names = ("transcribe", "audio_deleted", "extract_from_audio")
        ids = [uuid.uuid5(job_id, name) for name in names]
        with psycopg.connect(self.postgres.url()) as connection:
            return {row[0]: (row[1], row[2], bytes(row[3])) for row in connection.execute(query, (ids,))}


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
    from functions.transcribe import steps

    parts, model = Parts(read_settings()), MemorySpeech()
    monkeypatch.setattr(Parts, "speech_model", lambda _self: model)
    monkeypatch.setattr(steps, "parts", parts)
    functions.transcription_steps = steps
    functions.hooks.clear()
    functions.answers.clear()
    bucket = str(parts.settings.uploads_bucket)
    yield House(parts, functions, model, postgres, bucket)
    functions.wait_until_done()
    parts.close()


def visit() -> bytes:
    """Eleven minutes, compressed."""
    parts: list[Samples] = [tone(280, rate_hz=16_000), silence(4, rate_hz=16_000)]
    parts += [tone(200, rate_hz=16_000), silence(90, rate_hz=16_000), tone(100, rate_hz=16_000)]
    return recording("flac", np.concatenate(parts, axis=1), rate_hz=16_000)

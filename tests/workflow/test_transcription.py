"""The transcription's state machine, executed for real over PostgreSQL, Valkey, and KMS and S3 by moto, with
real decoding and a recogniser of the tests; and the door before it, asked over HTTP."""

from __future__ import annotations

import base64
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
from hntai.domain.errors import ModelFailedError, leaves
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import JobId, JobState
from hntai.services.file_store import owner_part
from hntai.services.read_run import RunOutcome
from hntai.services.transcription.start_transcription import AudioOptions
from hntai_local.lambda_answer import Invocation
from hntai_local.moto_shims import recorded_waits
from hntai_local.postgres import PostgresServer
from hntai_local.stack_functions import WORKFLOWS
from hntai_local.valkey import ValkeyServer
from tests.memory.audio import MemorySpeech, speech_pcm
from tests.recordings import Samples, recording, silence, tone, wav
from tests.workflow.conftest import InProcessFunctions
from tests.workflow.test_definition import NEVER_FROM_A_STEP, RETRIED_WHERE_RAISED, names_in

MACHINE = WORKFLOWS["HNTAI_TRANSCRIPTION_MACHINE_ARN"]
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


def test_a_visit_becomes_a_scrubbed_transcript_and_nothing_of_it_is_left(house: House) -> None:
    house.model.says = SAID
    job_id, outcome, history = house.run(visit(), is_scrubbed=True)
    assert outcome.state is JobState.SUCCEEDED, outcome
    assert outcome.answer is not None
    assert outcome.answer["duration_s"] == pytest.approx(674, abs=0.5)
    assert "Doe" not in json.dumps(outcome.answer)
    assert outcome.answer["segments"][-1]["end_s"] == pytest.approx(674, abs=0.5)
    assert house.objects() == []
    rows = house.rows(job_id)
    assert rows["transcribe"][0] == "succeeded"
    assert rows["transcribe"][1]["SSN"] > 0
    assert rows["audio_deleted"][1]["AUDIO_OBJECT"] >= 3
    assert rows["audio_deleted"][2] == rows["transcribe"][2]
    assert "Doe" not in history
    assert "Patient" not in history


def test_progress_is_told_on_the_same_road_as_of_summaries(house: House) -> None:
    job_id, _, _ = house.run(visit())
    read = house.parts.read_run()
    page = read.events(job_id, CALLER, "0-0", 0.0)
    stages = [stored.event.data.get("stage") for stored in page.events]
    assert page.is_over
    assert stages[0] == "queued"
    assert {"prepare_audio", "transcribe_windows", "assemble_transcript"} <= set(stages)
    assert page.events[-1].event.data["text"]


def test_silence_has_no_pieces_and_an_empty_transcript(house: House) -> None:
    job_id, outcome, _ = house.run(recording("flac", silence(700, rate_hz=8_000), rate_hz=8_000))
    assert outcome.answer is not None
    assert (outcome.answer["text"], outcome.answer["duration_s"]) == ("", 700.0)
    assert house.objects() == []
    assert set(house.rows(job_id)) == {"transcribe", "audio_deleted"}


@pytest.mark.parametrize("step", ["prepare_audio", "transcribe_windows/0", "assemble_transcript", "publish"])
def test_a_throttled_step_is_tried_again(house: House, step: str) -> None:
    body = {"errorType": "BlobsUnavailableError", "errorMessage": "", "stackTrace": []}
    if step == "assemble_transcript":
        body["errorType"] = "RecognizerBudgetError"
    house.functions.answers[step, 1] = Invocation(json.dumps(body).encode(), "Unhandled")
    _, outcome, _ = house.run(visit())
    assert outcome.state is JobState.SUCCEEDED, outcome
    assert house.functions.tries[step] == 2


def test_a_model_that_fails_once_is_asked_again_and_one_that_fails_twice_fails_the_job(house: House) -> None:
    house.model.failing = [ModelFailedError(model="listener", cause="crashed")]
    assert house.run(visit())[1].state is JobState.SUCCEEDED
    house.model.failing = [ModelFailedError(model="listener", cause="crashed")] * 20
    job_id, outcome, _ = house.run(visit())
    assert (outcome.state, outcome.error) == (JobState.FAILED, "ModelFailedError")
    assert house.objects() == []
    assert house.rows(job_id)["transcribe"][0] == "failed"


def test_a_recording_that_broke_off_fails_its_job_with_that_problem(house: House) -> None:
    job_id, outcome, _ = house.run(wav(speech_pcm((600, True)), claimed=1 << 30))
    assert (outcome.state, outcome.error) == (JobState.FAILED, "AudioUnreadableError")
    assert house.objects() == []
    assert house.rows(job_id)["audio_deleted"][1]["AUDIO_OBJECT"] >= 3


def test_an_upload_is_transcribed_as_a_job_and_deleted(house: House) -> None:
    key = f"uploads/{owner_part(house.parts.digests, CALLER.identity)}/{uuid.uuid4().hex}"
    house.parts.blobs.put(key, visit())
    job_id = house.parts.start_transcription()(key, AudioOptions(is_retained=True), CALLER)
    outcome = house.ended(job_id)
    assert outcome.answer is not None
    retained = outcome.answer["retained"]["s3_key"]
    assert house.objects() == [f"{retained}/00000"]
    sealed = b"".join(house.parts.blobs.read(f"{retained}/00000"))
    assert not sealed.startswith(b"fLaC")


def test_every_retryable_leaf_a_step_can_raise_is_retried_by_name() -> None:
    definition = json.loads(MACHINE.read_text("utf-8"))
    retryable = {leaf.__name__ for leaf in leaves() if leaf.retryable}
    wanted = retryable - (NEVER_FROM_A_STEP - {"BlobsUnavailableError"}) - RETRIED_WHERE_RAISED
    assert wanted <= names_in("Retry", definition)
    ours = {leaf.__name__ for leaf in leaves()}
    named = names_in("Retry", definition) | names_in("Catch", definition)
    assert {name for name in named if "." not in name} <= ours


def _event(path: str, body: bytes, content_type: str, query: str = "") -> dict[str, Any]:
    http = {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""}
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": "test", "content-type": content_type, "authorization": f"Bearer {_token()}"},
        "requestContext": {"http": http, "requestId": "r-1", "stage": "$default", "domainName": "test"},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def _token() -> str:
    from hntai_local.token import make_token

    return make_token("j" * 48, subject="anna", scopes=("transcribe", "extract"), ttl_s=600)


def _form(content: bytes, field: str = "file") -> tuple[bytes, str]:
    head = f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="Secretpatient.wav"\r\n\r\n'
    return head.encode() + content + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"


@pytest.fixture
def ask(house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Asks functions/transcribe/app.py as Lambda does."""
    import importlib
    import sys

    sys.modules.pop("functions.transcribe.app", None)
    app = importlib.import_module("functions.transcribe.app")

    def asked(path: str, body: bytes, content_type: str, query: str = "") -> tuple[int, dict[str, Any], Any]:
        answer = app.handler(_event(path, body, content_type, query), None)
        text = answer["body"]
        text = base64.b64decode(text) if answer["isBase64Encoded"] else text
        return answer["statusCode"], answer["headers"], json.loads(text)

    yield asked
    app.parts.close()
    sys.modules.pop("functions.transcribe.app", None)


def test_a_form_with_a_memo_is_answered_at_once(house: House, ask: Any) -> None:
    house.model.says = SAID
    status, _, answer = ask("/transcribe", *_form(recording("m4a", tone(4))), "scrub=true")
    assert status == 200, answer
    assert set(answer) == {"text", "segments", "language", "duration_s", "model_used", "timing"}
    assert answer["text"] == "Patient [REDACTED], SSN [REDACTED]."
    assert house.objects() == []


def test_a_long_recording_is_202_with_a_job(house: House, ask: Any) -> None:
    status, headers, answer = ask("/transcribe", *_form(visit()))
    assert (status, answer["state"]) == (202, "queued")
    assert headers["location"] == f"/jobs/{answer['job_id']}"
    assert house.ended(JobId(uuid.UUID(answer["job_id"]))).state is JobState.SUCCEEDED


def test_the_door_of_extraction_answers_data(house: House, ask: Any) -> None:
    house.model.says = SAID
    path = "/api/extract_medical_data_from_audio"
    status, _, answer = ask(path, *_form(recording("mp3", tone(3))))
    assert (status, answer["data"]["medications"]) == (200, [])
    assert "Doe" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        (_form(b"#EXTM3U\nfile:///etc/hostname\n"), 415, "audio-type-unknown"),
        (_form(b""), 415, "audio-type-unknown"),
        (_form(wav(b"")), 422, "audio-unreadable"),
        (_form(wav(bytes(3200), claimed=1 << 26)), 422, "audio-unreadable"),
        (_form(bytes((4 << 20) + 1)), 413, "upload-too-large"),
        (_form(b"x", field="other"), 400, "malformed-form"),
        ((b"no form at all", "multipart/form-data; boundary=b"), 400, "malformed-form"),
        ((b"no form at all", "multipart/form-data"), 400, "malformed-form"),
        ((b"{", "application/json"), 400, "malformed-request"),
        ((b'{"s3_key": 7}', "application/json"), 422, "invalid-request"),
        ((b'{"s3_key": "uploads/x/y", "Secretpatient": 1}', "application/json"), 422, "invalid-request"),
        ((b'{"s3_key": "uploads/x/Secretpatient"}', "application/json"), 404, "unknown-resource"),
        ((b'{"s3_key": "audit/1"}', "application/json"), 404, "unknown-resource"),
    ],
)
def test_what_cannot_be_transcribed_is_a_clear_problem_without_an_echo(
    house: House, ask: Any, body: tuple[bytes, str], status: int, slug: str
) -> None:
    answered, headers, problem = ask("/transcribe", *body)
    assert (answered, problem["type"]) == (status, f"urn:hntai:problem:{slug}")
    assert headers["content-type"] == "application/problem+json"
    assert "Secretpatient" not in json.dumps(problem)
    assert house.objects() == []


def test_an_upload_that_never_came_is_409(house: House, ask: Any) -> None:
    key = f"uploads/{owner_part(house.parts.digests, CALLER.identity)}/{'0' * 32}"
    status, _, problem = ask("/transcribe", json.dumps({"s3_key": key}).encode(), "application/json")
    assert (status, problem["type"]) == (409, "urn:hntai:problem:upload-missing")

"""The transcription's state machine, executed for real over PostgreSQL, Valkey, and KMS and S3 by moto, with
real decoding and a recogniser of the tests."""

from __future__ import annotations

import json
import uuid

import pytest

from hntai.domain.errors import ModelFailedError, leaves
from hntai.domain.jobs import JobState
from hntai.services.file_store import owner_part
from hntai.services.transcription.start_transcription import AudioOptions
from hntai_local.lambda_answer import Invocation
from hntai_local.stack_functions import WORKFLOWS
from tests.memory.audio import speech_pcm
from tests.recordings import recording, silence, wav
from tests.workflow.test_definition import NEVER_FROM_A_STEP, RETRIED_WHERE_RAISED, names_in
from tests.workflow.transcription.conftest import CALLER, SAID, House, visit

MACHINE = WORKFLOWS["HNTAI_TRANSCRIPTION_MACHINE_ARN"]


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

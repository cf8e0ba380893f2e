"""A recording is answered at once or becomes a job; what is kept of it is kept sealed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pytest

from hntai.contracts.transcript import AudioExtractionAnswer, TranscriptAnswer
from hntai.domain.errors import (
    AuditUnavailableError,
    BlobsUnavailableError,
    ModelFailedError,
    ModelUnknownError,
    ResourceUnknownError,
    WorkflowUnavailableError,
)
from hntai.domain.jobs import JobKind
from hntai.domain.speech import SpeechSegment, SpeechWindow
from hntai.services.documents.document_store import UploadId
from hntai.services.transcription.hearing import shown
from hntai.services.transcription.start_transcription import AudioOptions
from tests.memory.audio import MemorySpeech, speech_pcm
from tests.memory.transcriptions import ANNA, BERTA, Transcriptions

PLAIN, SCRUBBED = AudioOptions(), AudioOptions(is_scrubbed=True)
RETAINED, KEPT = AudioOptions(is_retained=True), AudioOptions(is_kept=True)
MEMO = speech_pcm((2, True), (3, False), (4, True))
TO_A_JOB = 40
"""So often heard, the memo is longer than five minutes."""


@pytest.fixture
def house() -> Transcriptions:
    return Transcriptions()


def test_a_memo_is_answered_with_the_fields_of_the_contract(house: Transcriptions) -> None:
    answer = house.transcribe.file(MEMO, PLAIN, ANNA)
    assert isinstance(answer, TranscriptAnswer)
    assert set(shown(answer)) == {"text", "segments", "language", "duration_s", "model_used", "timing"}
    assert answer.text == "Heard from 0 to 2. Heard from 5 to 9."
    assert [(one.start_s, one.end_s) for one in answer.segments] == [(0.0, 2.0), (5.0, 9.0)]
    assert (answer.language, answer.duration_s) == ("en", 9.0)
    assert answer.model_used.startswith("listener@r1")
    assert house.rows() == [("transcribe", "succeeded", {})]
    assert not house.blobs.kept


def test_silence_is_an_empty_transcript(house: Transcriptions) -> None:
    answer = house.transcribe.file(speech_pcm((5, False)), SCRUBBED, ANNA)
    assert isinstance(answer, TranscriptAnswer)
    assert (answer.text, answer.segments, answer.duration_s) == ("", (), 5.0)
    assert house.model.heard == []


def test_scrubbing_takes_names_out_of_text_and_segments_and_counts_them() -> None:
    house = Transcriptions(model=MemorySpeech(says="Patient John Doe, SSN 123-45-6789."))
    answer = house.transcribe.file(MEMO, SCRUBBED, ANNA)
    assert isinstance(answer, TranscriptAnswer)
    assert "Doe" not in answer.model_dump_json()
    assert answer.segments[0].text == "Patient [REDACTED], SSN [REDACTED]."
    assert house.rows() == [("transcribe", "succeeded", {"NAME": 2, "SSN": 2})]
    (row,) = house.audit.rows.values()
    assert row.model.startswith("listener@r1")
    assert row.model.endswith("hntai-phi@5")


def test_findings_of_a_recording_have_their_place_and_their_time() -> None:
    house = Transcriptions(model=MemorySpeech(says="John Doe takes metformin 500 mg twice daily. No fever."))
    answer = house.transcribe.file(MEMO, AudioOptions(JobKind.AUDIO_EXTRACTION, is_scrubbed=True), ANNA)
    assert isinstance(answer, AudioExtractionAnswer)
    body = shown(answer)
    assert "Doe" not in answer.model_dump_json()
    drug, fever = body["data"]["medications"][0], body["data"]["problems"][0]
    assert (drug["drug"], drug["dose"], drug["unit"]) == ("metformin", "500", "mg")
    assert (fever["text"], fever["assertion"]) == ("fever", "negated")
    assert body["transcript"][fever["start"] : fever["end"]] == "fever"
    first = body["segments"][0]
    assert (drug["start_s"], drug["end_s"]) == (first["start_s"], first["end_s"])
    operation, _, counts = house.rows()[0]
    assert operation == "extract_from_audio"
    assert counts["medications"] == len(body["data"]["medications"])
    assert next(iter(house.audit.rows.values())).model.endswith("rules@1")


def test_over_five_minutes_is_a_job_with_the_recording_sealed(house: Transcriptions) -> None:
    house.decoder.times = TO_A_JOB
    outcome = house.transcribe.file(MEMO, PLAIN, ANNA)
    assert house.starter.started == [outcome]
    assert all(key.startswith(f"jobs/{outcome}/source/") for key in house.blobs.kept)
    assert all(MEMO[:64] not in kept for kept in house.blobs.kept.values())
    assert not house.rows()


class Slow(MemorySpeech):
    """Takes its time over each window."""

    def transcribe(
        self, pcm: bytes, windows: Sequence[SpeechWindow], *, deadline_s: float
    ) -> Iterator[Sequence[SpeechSegment]]:
        for segments in super().transcribe(pcm, windows, deadline_s=deadline_s):
            time.sleep(2.1)
            yield segments


def test_a_memo_that_will_take_too_long_becomes_a_job_before_it_has() -> None:
    house = Transcriptions(model=Slow(), budget_s=5.0)
    started = time.monotonic()
    pauses = [stretch for _ in range(5) for stretch in ((10, True), (2, False))]
    outcome = house.transcribe.file(speech_pcm(*pauses), PLAIN, ANNA)
    assert house.starter.started == [outcome]
    assert time.monotonic() - started < 4


def test_a_model_that_runs_out_of_time_leaves_the_memo_to_a_job() -> None:
    house = Transcriptions(model=MemorySpeech(failing=[ModelFailedError(model="listener", cause="too_slow")]))
    assert house.starter.started == [house.transcribe.file(MEMO, PLAIN, ANNA)] != []


def test_a_model_that_fails_is_a_problem_and_the_upload_stays_for_another_try() -> None:
    house = Transcriptions(model=MemorySpeech(failing=[ModelFailedError(model="listener", cause="crashed")]))
    key = house.uploaded(MEMO)
    with pytest.raises(ModelFailedError):
        house.transcribe.upload(key, PLAIN, ANNA)
    assert house.rows() == [("transcribe", "failed", {})]
    assert isinstance(house.transcribe.upload(key, PLAIN, ANNA), TranscriptAnswer)


@pytest.mark.parametrize("times", [1, TO_A_JOB])
def test_without_a_model_nothing_is_begun(times: int) -> None:
    def speech() -> MemorySpeech:
        raise ModelUnknownError(models=[])

    house = Transcriptions(speech=speech)
    house.decoder.times = times
    with pytest.raises(ModelUnknownError):
        house.transcribe.file(MEMO, PLAIN, ANNA)
    assert not house.jobs.stored
    assert not house.blobs.kept
    assert not house.rows()


def test_a_recording_is_retained_sealed_only_where_asked_and_can_be_used_again(house: Transcriptions) -> None:
    answer = house.transcribe.file(MEMO, RETAINED, ANNA)
    assert isinstance(answer, TranscriptAnswer)
    assert answer.retained is not None
    assert all(key.startswith(answer.retained.s3_key) for key in house.blobs.kept)
    assert all(MEMO[:64] not in kept for kept in house.blobs.kept.values())
    assert (answer.retained.expires_at - house.clock()).days == 30
    again = house.transcribe.upload(answer.retained.s3_key, PLAIN, ANNA)
    assert isinstance(again, TranscriptAnswer)
    assert again.text == answer.text
    assert house.blobs.kept
    with pytest.raises(ResourceUnknownError):
        house.transcribe.upload(answer.retained.s3_key, PLAIN, BERTA)


def test_a_transcript_is_kept_sealed_for_its_owner_where_asked(house: Transcriptions) -> None:
    answer = house.transcribe.file(MEMO, KEPT, ANNA)
    assert isinstance(answer, TranscriptAnswer)
    assert answer.kept is not None
    ((key, sealed),) = house.blobs.kept.items()
    assert key.startswith("documents/")
    assert b"Heard" not in sealed
    upload_id = UploadId(answer.kept.upload_id)
    assert house.kept.document(upload_id, ANNA.identity).text == answer.text
    assert (answer.kept.expires_at - house.clock()).days == 30
    with pytest.raises(ResourceUnknownError):
        house.kept.document(upload_id, BERTA.identity)


def test_without_its_audit_row_there_is_no_answer_and_no_kept_transcript(house: Transcriptions) -> None:
    house.audit.failing = AuditUnavailableError()
    with pytest.raises(AuditUnavailableError):
        house.transcribe.file(MEMO, KEPT, ANNA)
    assert not house.blobs.kept


def test_a_store_that_is_away_is_a_problem_and_starts_nothing(house: Transcriptions) -> None:
    house.blobs.is_down, house.decoder.times = True, TO_A_JOB
    with pytest.raises(BlobsUnavailableError):
        house.transcribe.file(MEMO, PLAIN, ANNA)
    assert not house.jobs.stored


def test_a_job_that_cannot_be_started_leaves_nothing_behind(house: Transcriptions) -> None:
    def fail(_job_id: object) -> None:
        raise WorkflowUnavailableError

    house.starter.on_start, house.decoder.times = fail, TO_A_JOB
    with pytest.raises(WorkflowUnavailableError):
        house.transcribe.file(MEMO, PLAIN, ANNA)
    assert not house.blobs.kept
    (stored,) = house.jobs.stored.values()
    assert stored.job.state.is_final

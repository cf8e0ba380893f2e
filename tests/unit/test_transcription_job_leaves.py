"""What a transcription's job leaves: its result, what was asked to be kept, and proof that the rest went."""

from __future__ import annotations

import uuid

import pytest

from hntai.domain.errors import (
    AudioTooLongError,
    AudioUnreadableError,
    BlobsUnavailableError,
    ModelFailedError,
)
from hntai.domain.jobs import JobState
from hntai.services.documents.document_store import UploadId
from hntai.services.transcription.start_transcription import AudioOptions
from tests.memory.transcriptions import ANNA, VISIT, Transcriptions, answer, started

SOURCE_OBJECTS = 3
"""22 MB, in chunks of 8 MiB."""
PIECE_OBJECTS = 5
"""Pieces of 282, 297 and 95 s: 9.0, 9.5 and 3.0 MB."""


def test_when_it_has_ended_only_the_result_is_left_and_the_audit_says_what_went() -> None:
    house = Transcriptions()
    job_id = started(house)
    before = len(house.blobs.kept)
    house.run(job_id)
    assert not house.blobs.kept
    assert not house.documents.kept
    assert before == SOURCE_OBJECTS
    assert house.rows() == [
        ("transcribe", "succeeded", {}),
        ("audio_deleted", "succeeded", {"AUDIO_OBJECT": SOURCE_OBJECTS + PIECE_OBJECTS}),
    ]
    transcribed, deleted = house.audit.rows.values()
    assert transcribed.input_hmac == deleted.input_hmac


def test_a_jobs_transcript_is_kept_too_once_however_often_its_state_is_tried() -> None:
    house = Transcriptions()
    job_id = started(house, is_kept=True, is_scrubbed=True)
    for place in house.prepare(job_id)["pieces"]:
        house.windows(job_id, place)
    for _ in range(2):
        house.assemble(job_id)
    house.end.publish(job_id)
    said = answer(house, job_id)
    (key,) = house.blobs.kept
    assert key.startswith("documents/")
    upload_id = UploadId(uuid.UUID(said["kept"]["upload_id"]))
    assert house.kept.document(upload_id, ANNA.identity).text == said["text"]


def test_a_job_that_fails_after_it_kept_its_transcript_leaves_none() -> None:
    house = Transcriptions()
    job_id = started(house, is_kept=True)
    for place in house.prepare(job_id)["pieces"]:
        house.windows(job_id, place)
    house.assemble(job_id)
    house.end.fail(job_id, "AuditUnavailableError")
    assert not house.blobs.kept


def test_an_upload_is_deleted_as_soon_as_its_pieces_are_sealed() -> None:
    house = Transcriptions()
    key = house.uploaded(VISIT)
    job_id = house.start(key, AudioOptions(), ANNA)
    house.prepare(job_id)
    assert key not in house.blobs.kept
    assert house.blobs.kept
    assert all(VISIT[:64] not in kept for kept in house.blobs.kept.values())
    house.run(job_id)
    assert not house.blobs.kept
    assert house.rows()[1][2] == {"AUDIO_OBJECT": 1 + PIECE_OBJECTS}


def test_a_retained_recording_outlives_its_job_and_a_failed_one_leaves_none() -> None:
    house = Transcriptions()
    job_id = started(house, is_retained=True)
    house.run(job_id)
    retained = answer(house, job_id)["retained"]
    assert set(house.blobs.kept) == set(house.blobs.keys(retained["s3_key"]))
    again = house.start(retained["s3_key"], AudioOptions(), ANNA)
    house.run(again)
    assert answer(house, again)["text"] == answer(house, job_id)["text"]
    assert house.blobs.kept
    house.blobs.kept.clear()
    house.model.failing = [ModelFailedError(model="listener", cause="crashed")]
    failed = started(house, is_retained=True)
    house.run(failed)
    assert not house.blobs.kept


@pytest.mark.parametrize(
    "error", [AudioTooLongError(limit_s=14_400.0), AudioUnreadableError(cause="truncated")]
)
def test_a_recording_that_cannot_be_read_fails_its_job_and_is_gone(error: Exception) -> None:
    house = Transcriptions()
    job_id = started(house)
    house.decoder.failing = error
    house.run(job_id)
    outcome = house.read.outcome(job_id)
    assert (outcome.state, outcome.error) == (JobState.FAILED, type(error).__name__)
    assert not house.blobs.kept
    assert not house.documents.kept
    assert house.rows() == [
        ("transcribe", "failed", {}),
        ("audio_deleted", "succeeded", {"AUDIO_OBJECT": SOURCE_OBJECTS}),
    ]


def test_an_end_whose_deletion_fails_is_not_an_end_and_counts_right_when_repeated() -> None:
    house = Transcriptions()
    job_id = started(house)
    for place in house.prepare(job_id)["pieces"]:
        house.windows(job_id, place)
    house.assemble(job_id)
    house.blobs.is_down = True
    with pytest.raises(BlobsUnavailableError):
        house.end.publish(job_id)
    assert not house.rows()
    assert house.read.outcome(job_id).state is JobState.RUNNING
    house.blobs.is_down = False
    house.end.publish(job_id)
    assert house.rows()[1][2] == {"AUDIO_OBJECT": SOURCE_OBJECTS + PIECE_OBJECTS}

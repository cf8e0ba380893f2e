"""A recording that is uploaded first: who may, what becomes of it, and that it is gone and proved to be."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.contracts.transcript import TranscriptAnswer
from hntai.contracts.upload import UploadRequest
from hntai.domain.errors import (
    AudioTypeUnknownError,
    AudioUnreadableError,
    ResourceUnknownError,
    UploadMissingError,
    UploadTooLargeError,
)
from hntai.services.transcription.start_transcription import AudioOptions
from tests.memory.audio import speech_pcm
from tests.memory.transcriptions import ANNA, BERTA, MAX_BYTES, Transcriptions

PLAIN = AudioOptions()
MEMO = speech_pcm((2, True), (3, False), (4, True))


@pytest.fixture
def house() -> Transcriptions:
    return Transcriptions()


def test_an_upload_is_transcribed_and_deleted_with_proof(house: Transcriptions) -> None:
    key = house.uploaded(MEMO)
    answer = house.transcribe.upload(key, PLAIN, ANNA)
    assert isinstance(answer, TranscriptAnswer)
    assert not house.blobs.kept
    assert house.rows() == [
        ("audio_deleted", "succeeded", {"AUDIO_OBJECT": 1}),
        ("transcribe", "succeeded", {}),
    ]
    deleted, transcribed = house.audit.rows.values()
    assert deleted.input_hmac == transcribed.input_hmac
    with pytest.raises(UploadMissingError):
        house.transcribe.upload(key, PLAIN, ANNA)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key,
        lambda key: "",
        lambda key: "uploads/",
        lambda key: key.replace("uploads", "jobs"),
        lambda key: f"{key}/00000",
        lambda key: f"{key}\n",
        lambda key: key.replace("/", "/../", 1),
        lambda key: "audit/anchors/1",
    ],
)
def test_a_key_that_is_not_the_callers_does_not_exist(house: Transcriptions, spoil: Any) -> None:
    key = house.uploaded(MEMO, BERTA)
    with pytest.raises(ResourceUnknownError):
        house.transcribe.upload(spoil(key), PLAIN, ANNA)
    assert key in house.blobs.kept


def test_an_upload_that_never_came_is_said_to_be_missing(house: Transcriptions) -> None:
    ticket = house.start_upload(UploadRequest(filename="x.wav", content_type="audio/wav", size=9), ANNA)
    with pytest.raises(UploadMissingError):
        house.transcribe.upload(ticket.s3_key, PLAIN, ANNA)


def test_a_ticket_says_nothing_of_the_file_and_is_bounded_by_its_size(house: Transcriptions) -> None:
    asked = UploadRequest(filename="Testpatient Anna.wav", content_type="audio/wav", size=123)
    ticket = house.start_upload(asked, ANNA)
    assert "Testpatient" not in ticket.model_dump_json()
    assert ticket.fields["max"] == "123"
    assert house.start_upload(asked, ANNA).s3_key != ticket.s3_key
    assert ticket.s3_key.split("/")[1] != house.start_upload(asked, BERTA).s3_key.split("/")[1]
    with pytest.raises(UploadTooLargeError) as raised:
        house.start_upload(asked.model_copy(update={"size": MAX_BYTES + 1}), ANNA)
    assert raised.value.details["limit_bytes"] == MAX_BYTES


def test_a_file_over_four_megabytes_is_sent_elsewhere(house: Transcriptions) -> None:
    with pytest.raises(UploadTooLargeError) as raised:
        house.transcribe.file(bytes((4 << 20) + 1), PLAIN, ANNA)
    assert raised.value.details["limit_bytes"] == 4 << 20


def test_what_cannot_be_read_is_a_problem_and_its_upload_is_gone(house: Transcriptions) -> None:
    house.decoder.failing = AudioUnreadableError(cause="truncated")
    key = house.uploaded(MEMO)
    with pytest.raises(AudioUnreadableError):
        house.transcribe.upload(key, PLAIN, ANNA)
    assert not house.blobs.kept
    assert house.rows() == [("audio_deleted", "succeeded", {"AUDIO_OBJECT": 1})]


def test_a_large_upload_of_no_known_type_is_refused_by_its_first_bytes(house: Transcriptions) -> None:
    key = house.uploaded(b"#EXTM3U\n" * (5 << 20))
    with pytest.raises(AudioTypeUnknownError):
        house.transcribe.upload(key, PLAIN, ANNA)
    assert not house.blobs.kept
    assert not house.jobs.stored

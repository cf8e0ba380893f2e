"""A transcription as a job: pieces cut at pauses, joined again, scrubbed; told of, tried again and swept."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from hntai.domain.errors import (
    RecordMissingError,
    ScopeMissingError,
)
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import RUN_LIMIT, TRANSCRIPTION_LIMIT, JobKind, JobState
from hntai.domain.run_events import EventType
from hntai.services.sweep_runs import SweepRuns
from hntai.services.transcription_steps.prepare_audio import cut_pieces
from tests.memory.audio import MemorySpeech, speech_pcm
from tests.memory.transcriptions import ANNA, Transcriptions, answer, started


def test_a_visit_is_transcribed_piece_by_piece_in_its_own_time() -> None:
    house = Transcriptions()
    job_id = started(house)
    house.clock.advance(5)
    house.run(job_id)
    said = answer(house, job_id)
    assert said["duration_s"] == 674.0
    starts = [segment["start_s"] for segment in said["segments"]]
    assert starts == sorted(starts)
    covered = sum(segment["end_s"] - segment["start_s"] for segment in said["segments"])
    assert covered == pytest.approx(580.0)
    assert said["segments"][-1]["end_s"] == 674.0
    assert said["text"] == " ".join(segment["text"] for segment in said["segments"])
    assert said["timing"]["total"] == 5.0
    assert "retained" not in said


def test_events_tell_of_progress_and_of_the_end() -> None:
    house = Transcriptions()
    job_id = started(house)
    house.run(job_id)
    events = [stored.event for stored in house.events.streams[job_id]]
    percents = [event.data["percent"] for event in events if event.type is EventType.PROGRESS]
    assert percents == sorted(percents)  # type: ignore[type-var]
    assert percents[0] == 0
    assert {event.data.get("stage") for event in events} >= {"prepare_audio", "transcribe_windows"}
    assert events[-1].type is EventType.COMPLETE
    assert "Heard" not in json.dumps([event.to_json() for event in events])


def test_a_scrubbed_job_scrubs_over_pieces_and_counts() -> None:
    house = Transcriptions(model=MemorySpeech(says="Patient John Doe, SSN 123-45-6789."))
    job_id = started(house, is_scrubbed=True)
    house.run(job_id)
    assert "Doe" not in json.dumps(answer(house, job_id))
    assert house.rows()[0][2]["SSN"] == house.rows()[0][2]["NAME"] > 0


def test_a_job_of_extraction_answers_as_its_door_does() -> None:
    house = Transcriptions()
    job_id = started(house, kind=JobKind.AUDIO_EXTRACTION, is_scrubbed=True)
    house.run(job_id)
    assert set(answer(house, job_id)["data"]) >= {"problems", "medications", "labs"}
    assert house.read.outcome(job_id).kind is JobKind.AUDIO_EXTRACTION
    assert house.rows()[0][0] == "extract_from_audio"


def test_the_state_counts_identifiers_and_the_audit_findings_too() -> None:
    house = Transcriptions(model=MemorySpeech(says="John Doe takes metformin 500 mg twice daily."))
    job_id = started(house, kind=JobKind.AUDIO_EXTRACTION, is_scrubbed=True)
    for place in house.prepare(job_id)["pieces"]:
        house.windows(job_id, place)
    told = house.assemble(job_id)
    house.end.publish(job_id)
    counts = house.rows()[0][2]
    assert told["identifiers"] == counts["NAME"] > 0
    assert counts["medications"] > 0


def test_hours_of_silence_are_an_empty_transcript_and_keep_no_sound() -> None:
    house = Transcriptions()
    job_id = started(house, speech_pcm((700, False)))
    assert house.prepare(job_id)["pieces"] == []
    assert not house.blobs.kept
    house.run(job_id)
    assert answer(house, job_id)["text"] == ""


def test_each_step_may_be_run_again() -> None:
    house = Transcriptions()
    job_id = started(house)
    first = house.prepare(job_id)
    assert house.prepare(job_id) == first
    for place in first["pieces"]:
        assert house.windows(job_id, place) == house.windows(job_id, place)
    assert len(house.model.heard) == len(first["pieces"])
    house.assemble(job_id)
    house.assemble(job_id)
    house.end.publish(job_id)
    house.end.publish(job_id)
    assert len(house.audit.rows) == 2
    house.end.fail(job_id, "ModelFailedError")
    assert house.read.outcome(job_id).state is JobState.SUCCEEDED


def test_a_job_stopped_from_outside_is_swept_after_its_own_limit_and_not_after_a_summarys() -> None:
    house = Transcriptions()
    job_id = started(house)
    house.prepare(job_id)
    summaries = SweepRuns(house.jobs, (JobKind.PATIENT_SUMMARY,), house.end.fail, house.clock)
    transcriptions = SweepRuns(house.jobs, (JobKind.TRANSCRIPTION,), house.end.fail, house.clock)
    house.clock.now += RUN_LIMIT + timedelta(hours=1)
    assert (summaries(), transcriptions()) == (0, 0)
    assert house.read.outcome(job_id).state is JobState.RUNNING
    house.clock.now += TRANSCRIPTION_LIMIT
    assert house.read.outcome(job_id).state is JobState.EXPIRED
    assert (summaries(), transcriptions()) == (0, 1)
    assert not house.blobs.kept


def test_a_job_is_seen_by_its_owner_with_the_scope_of_its_kind() -> None:
    house = Transcriptions()
    job_id = started(house)
    house.run(job_id)
    reader = Caller(Identity("default", "anna", frozenset({"patient-summary"})), "request-3")
    with pytest.raises(ScopeMissingError):
        house.read.read(job_id, reader)
    assert house.read.read(job_id, ANNA).answer


def test_what_a_step_needs_and_does_not_find_is_an_error() -> None:
    house = Transcriptions()
    job_id = started(house)
    with pytest.raises(RecordMissingError):
        house.windows(job_id, 0)


def test_pieces_are_together_the_whole_and_each_is_short_enough() -> None:
    sound = speech_pcm((700, True), (20, False), (250, True))
    pieces = list(cut_pieces(iter([sound[:999_424], sound[999_424:]]), MemorySpeech()))
    assert b"".join(pcm for _, pcm in pieces) == sound
    assert all(piece.duration_s <= 300.0 for piece, _ in pieces)
    assert [piece.place for piece, _ in pieces] == list(range(len(pieces)))
    ends = [piece.start_s + piece.duration_s for piece, _ in pieces]
    assert [piece.start_s for piece, _ in pieces] == [0.0, *ends[:-1]]

"""GET /jobs/{id} and a job's events, whatever the job is for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from hntai.contracts.document import DocumentAnswer
from hntai.contracts.patient_summary import PatientSummaryAnswer
from hntai.contracts.strict import Lenient
from hntai.contracts.transcript import AudioExtractionAnswer, TranscriptAnswer
from hntai.domain.jobs import JobKind, JobState

Result = PatientSummaryAnswer | TranscriptAnswer | AudioExtractionAnswer | DocumentAnswer
RESULTS: Mapping[JobKind, type[Result]] = {
    JobKind.PATIENT_SUMMARY: PatientSummaryAnswer,
    JobKind.TRANSCRIPTION: TranscriptAnswer,
    JobKind.AUDIO_EXTRACTION: AudioExtractionAnswer,
    JobKind.DOCUMENT: DocumentAnswer,
}


class JobAccepted(Lenient):
    """202: the run goes on."""

    job_id: uuid.UUID
    state: JobState


class JobAnswer(Lenient):
    """GET /jobs/{id}."""

    job_id: uuid.UUID
    state: JobState
    result: Result | None = None
    """As the call that started the job answers."""
    error: Annotated[dict[str, Any], Field(description="problem+json, where the run failed")] | None = None


class StoredEventAnswer(Lenient):
    """One event of a run."""

    id: str
    type: str
    data: dict[str, Any]


class RunEventsAnswer(Lenient):
    """A page of a run's events, as the streaming relay reads them."""

    events: tuple[StoredEventAnswer, ...]
    is_over: bool
    """True where no event will follow."""

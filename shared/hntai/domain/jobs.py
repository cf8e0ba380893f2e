"""A job: a patient summary, a transcription or a document with many scans, as its caller sees it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from hntai.domain.identity import Scope

JobId = NewType("JobId", uuid.UUID)
PatientKey = NewType("PatientKey", bytes)
"""Keyed digest of tenant and patient id; the id itself is never stored in clear."""

RUN_LIMIT = timedelta(minutes=15)
"""A patient summary that has not ended by then never will; its state machine has the same limit."""
TRANSCRIPTION_LIMIT = timedelta(hours=4)
"""The same for four hours of speech, which may be heard no faster than they were said."""

DOCUMENT_LIMIT = timedelta(hours=1)
"""The same for the scans of one document."""


class JobKind(StrEnum):
    """What a job is for."""

    PATIENT_SUMMARY = "patient_summary"
    TRANSCRIPTION = "transcription"
    AUDIO_EXTRACTION = "audio_extraction"
    DOCUMENT = "document"

    @property
    def limit(self) -> timedelta:
        """From its creation to its end."""
        return _LIMITS.get(self, TRANSCRIPTION_LIMIT)

    @property
    def scope(self) -> Scope:
        """What its owner needs to see it, as to start it."""
        return _SCOPES[self]


_SCOPES = {
    JobKind.PATIENT_SUMMARY: Scope.PATIENT_SUMMARY,
    JobKind.TRANSCRIPTION: Scope.TRANSCRIBE,
    JobKind.AUDIO_EXTRACTION: Scope.EXTRACT,
    JobKind.DOCUMENT: Scope.UPLOAD,
}
_LIMITS = {JobKind.PATIENT_SUMMARY: RUN_LIMIT, JobKind.DOCUMENT: DOCUMENT_LIMIT}
JOB_SCOPES = tuple(_SCOPES.values())
"""Any of them may ask for jobs; which it sees is the job's business."""


class JobState(StrEnum):
    """As GET /jobs/{id} names it."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    EXPIRED = "expired"

    @property
    def is_final(self) -> bool:
        return self in (JobState.SUCCEEDED, JobState.FAILED, JobState.EXPIRED)


class GenerationMode(StrEnum):
    """How the sections are written."""

    HQ = "hq"
    FAST = "fast"
    RULE = "rule"


class TimeoutMode(StrEnum):
    """How long the EHR may take, as a whole."""

    FAST = "fast"
    EXTENDED = "extended"

    @property
    def budget_s(self) -> float:
        """Source: SEED.txt, POST /generate_patient_summary."""
        return 8.0 if self is TimeoutMode.FAST else 30.0


@dataclass(frozen=True, slots=True)
class Job:
    """One run."""

    id: JobId
    tenant: str
    subject: str
    request_id: str
    state: JobState
    created_at: datetime
    fetch_started_at: datetime | None = None
    is_phi_touched: bool = False
    """True from the moment a record was read; from then on the run owes an audit row."""
    ended_at: datetime | None = None
    kind: JobKind = JobKind.PATIENT_SUMMARY

    def state_at(self, now: datetime) -> JobState:
        """The state to show: a run past its limit that never said so has expired."""
        overdue = not self.state.is_final and now - self.created_at > self.kind.limit
        return JobState.EXPIRED if overdue else self.state

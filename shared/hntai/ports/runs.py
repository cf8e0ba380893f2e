"""Jobs, and what their runs keep, tell and stand on between one step and the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from hntai.domain.identity import Identity
from hntai.domain.jobs import Job, JobId, JobKind, JobState, PatientKey

if TYPE_CHECKING:
    from hntai.domain.run_events import RunEvent, StoredEvent


@dataclass(frozen=True, slots=True)
class JobResult:
    """How a run ended: the sealed answer, or the problem in ids and counts."""

    state: JobState
    sealed: bytes | None
    error: str | None
    """The leaf of the error tree that ended it, by class name."""


class Jobs(Protocol):
    """Raises DatabaseUnavailableError; ResourceUnknownError where there is no such job."""

    def create(self, job: Job, sealed_request: bytes) -> None: ...
    def get(self, job_id: JobId) -> Job: ...
    def get_owned(self, job_id: JobId, identity: Identity) -> Job: ...
    def start_fetch(self, job_id: JobId, at: datetime) -> Job:
        """Marks the run as running; the first call fixes fetch_started_at, later ones keep it."""

    def sealed_request(self, job_id: JobId) -> bytes: ...
    def replace_sealed_request(self, job_id: JobId, sealed_request: bytes) -> None: ...
    def mark_phi_touched(self, job_id: JobId) -> None: ...
    def finish(self, job_id: JobId, result: JobResult, at: datetime) -> bool:
        """True for the call that ended the run; a run ends once."""

    def result(self, job_id: JobId) -> JobResult: ...
    def overdue(self, kind: JobKind, before: datetime, limit: int) -> Sequence[JobId]:
        """Jobs of that kind, created before then, that never ended."""


class RunDocuments(Protocol):
    """Sealed text that passes between the steps of a run."""

    def put(self, job_id: JobId, kind: str, sealed: bytes) -> None: ...
    def get(self, job_id: JobId, kind: str) -> bytes:
        """Raises RecordMissingError."""

    def count(self, job_id: JobId, prefix: str) -> int:
        """How many documents there are whose kind begins so."""

    def discard(self, job_id: JobId) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredRecord:
    sealed: bytes
    retrieved_at: datetime


class StoredRecords(Protocol):
    """The last record of each patient, sealed, for when the EHR is down."""

    def put(self, patient: PatientKey, record: StoredRecord) -> None: ...
    def get(self, patient: PatientKey) -> StoredRecord:
        """Raises StoredRecordMissingError."""


class RunEvents(Protocol):
    """Events of runs, in order. What is lost here is only ever an event, never a result."""

    def append(self, job_id: JobId, event: RunEvent) -> str | None:
        """The event's id, or None where it could not be kept."""

    def read(self, job_id: JobId, after: str, wait_s: float) -> Sequence[StoredEvent]:
        """Events after the id ("0-0": from the start), waiting up to wait_s for the first.

        Raises:
            CacheUnavailableError: the store does not answer.
        """

    def has(self, job_id: JobId, event_id: str) -> bool:
        """Raises CacheUnavailableError."""

    def forget(self, job_id: JobId) -> None:
        """Nobody will read this run's events; what cannot be forgotten now goes by itself later."""


class RunStarter(Protocol):
    """Sets the state machine of one kind of job going."""

    def start(self, job_id: JobId) -> None:
        """Raises WorkflowUnavailableError."""

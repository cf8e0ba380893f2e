"""Runs in memory: jobs, documents, stored records, events, sealing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hntai.domain.audit import AuditRow
from hntai.domain.errors import (
    CacheUnavailableError,
    RecordMissingError,
    ResourceUnknownError,
    SealingUnavailableError,
    StoredRecordMissingError,
)
from hntai.domain.identity import Identity
from hntai.domain.jobs import Job, JobId, JobKind, JobState, PatientKey
from hntai.domain.run_events import RunEvent, StoredEvent
from hntai.ports import EhrCredentials, EhrRecord, JobResult, StoredRecord


@dataclass
class SteppingClock:
    """A clock that moves only when told."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 12, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class MemorySealer:
    """Not encryption: a wrapping that opens only in its own context."""

    def seal(self, plaintext: bytes, context: str) -> bytes:
        return context.encode() + b"\x00" + base64.b85encode(plaintext)

    def open(self, sealed: bytes, context: str) -> bytes:
        sealed_in, _, body = sealed.partition(b"\x00")
        if sealed_in != context.encode():
            raise SealingUnavailableError
        return base64.b85decode(body)


@dataclass
class MemoryAuditLog:
    rows: dict[object, AuditRow] = field(default_factory=dict)
    failing: Exception | None = None

    def append(self, rows: Sequence[AuditRow]) -> None:
        if self.failing is not None:
            raise self.failing
        for row in rows:
            self.rows.setdefault(row.id, row)


@dataclass
class _StoredJob:
    job: Job
    sealed_request: bytes
    result: JobResult | None = None


@dataclass
class MemoryJobs:
    stored: dict[JobId, _StoredJob] = field(default_factory=dict)

    def create(self, job: Job, sealed_request: bytes) -> None:
        self.stored[job.id] = _StoredJob(job, sealed_request)

    def _of(self, job_id: JobId) -> _StoredJob:
        if job_id not in self.stored:
            raise ResourceUnknownError
        return self.stored[job_id]

    def get(self, job_id: JobId) -> Job:
        return self._of(job_id).job

    def get_owned(self, job_id: JobId, identity: Identity) -> Job:
        job = self.get(job_id)
        if (job.tenant, job.subject) != (identity.tenant, identity.subject):
            raise ResourceUnknownError
        return job

    def start_fetch(self, job_id: JobId, at: datetime) -> Job:
        stored = self._of(job_id)
        if stored.job.state.is_final:
            raise ResourceUnknownError
        started = stored.job.fetch_started_at or at
        stored.job = replace(stored.job, state=JobState.RUNNING, fetch_started_at=started)
        return stored.job

    def sealed_request(self, job_id: JobId) -> bytes:
        return self._of(job_id).sealed_request

    def replace_sealed_request(self, job_id: JobId, sealed_request: bytes) -> None:
        self._of(job_id).sealed_request = sealed_request

    def mark_phi_touched(self, job_id: JobId) -> None:
        stored = self._of(job_id)
        stored.job = replace(stored.job, is_phi_touched=True)

    def finish(self, job_id: JobId, result: JobResult, at: datetime) -> bool:
        stored = self._of(job_id)
        if stored.job.state.is_final:
            return False
        stored.job = replace(stored.job, state=result.state, ended_at=at)
        stored.result = result
        return True

    def result(self, job_id: JobId) -> JobResult:
        stored = self._of(job_id)
        return stored.result or JobResult(stored.job.state, None, None)

    def overdue(self, kind: JobKind, before: datetime, limit: int) -> Sequence[JobId]:
        jobs = [stored.job for stored in self.stored.values() if stored.job.kind is kind]
        old = [job.id for job in jobs if not job.state.is_final and job.created_at < before]
        return old[:limit]


@dataclass
class MemoryRunDocuments:
    kept: dict[tuple[JobId, str], bytes] = field(default_factory=dict)

    def put(self, job_id: JobId, kind: str, sealed: bytes) -> None:
        self.kept[job_id, kind] = sealed

    def get(self, job_id: JobId, kind: str) -> bytes:
        if (job_id, kind) not in self.kept:
            raise RecordMissingError(kind=kind)
        return self.kept[job_id, kind]

    def count(self, job_id: JobId, prefix: str) -> int:
        return sum(place == job_id and kind.startswith(prefix) for place, kind in self.kept)

    def discard(self, job_id: JobId) -> None:
        for place in [place for place in self.kept if place[0] == job_id]:
            del self.kept[place]


@dataclass
class MemoryStoredRecords:
    kept: dict[PatientKey, StoredRecord] = field(default_factory=dict)

    def put(self, patient: PatientKey, record: StoredRecord) -> None:
        before = self.kept.get(patient)
        if before is None or before.retrieved_at <= record.retrieved_at:
            self.kept[patient] = record

    def get(self, patient: PatientKey) -> StoredRecord:
        if patient not in self.kept:
            raise StoredRecordMissingError
        return self.kept[patient]


@dataclass
class MemoryRunEvents:
    """is_down: every call is lost, as when Valkey is gone."""

    streams: dict[JobId, list[StoredEvent]] = field(default_factory=dict)
    is_down: bool = False

    def append(self, job_id: JobId, event: RunEvent) -> str | None:
        if self.is_down:
            return None
        stream = self.streams.setdefault(job_id, [])
        stream.append(StoredEvent(f"{len(stream) + 1}-0", event))
        return stream[-1].id

    def read(self, job_id: JobId, after: str, wait_s: float) -> Sequence[StoredEvent]:
        if self.is_down:
            raise CacheUnavailableError
        return [stored for stored in self.streams.get(job_id, ()) if _order(stored.id) > _order(after)]

    def forget(self, job_id: JobId) -> None:
        if not self.is_down:
            self.streams.pop(job_id, None)

    def has(self, job_id: JobId, event_id: str) -> bool:
        if self.is_down:
            raise CacheUnavailableError
        return any(stored.id == event_id for stored in self.streams.get(job_id, ()))


def _order(event_id: str) -> tuple[int, int]:
    left, right = event_id.split("-")
    return int(left), int(right)


@dataclass
class MemoryRunStarter:
    """Runs on_start at once, in the place of the state machine."""

    on_start: Callable[[JobId], None] = lambda _job_id: None
    started: list[JobId] = field(default_factory=list)

    def start(self, job_id: JobId) -> None:
        self.started.append(job_id)
        self.on_start(job_id)


@dataclass
class MemoryEhr:
    resources: list[dict[str, object]]
    failing: Exception | None = None
    asked: list[tuple[str, EhrCredentials, float]] = field(default_factory=list)

    def fetch(self, patient_id: str, credentials: EhrCredentials, budget_s: float) -> EhrRecord:
        self.asked.append((patient_id, credentials, budget_s))
        if self.failing is not None:
            raise self.failing
        return EhrRecord(self.resources, ())

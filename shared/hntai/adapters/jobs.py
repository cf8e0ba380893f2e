"""Runs, their working documents and the stored records, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hntai.adapters.named_sql import statements
from hntai.adapters.postgres import PostgresSession, Row
from hntai.domain.errors import RecordMissingError, ResourceUnknownError, StoredRecordMissingError
from hntai.domain.identity import Identity
from hntai.domain.jobs import Job, JobId, JobKind, JobState, PatientKey
from hntai.ports import JobResult, StoredRecord


class _JobsSql:
    def __init__(self, session: PostgresSession) -> None:
        self._session = session

    def _run(self, name: str, **parameters: object) -> Row | None:
        """The first row a named statement returns, if it returns any."""
        with self._session.transaction() as cursor:
            cursor.execute(statements("jobs")[name], parameters)
            return cursor.fetchone() if cursor.description else None


class PostgresJobs(_JobsSql):
    """See hntai.ports.Jobs."""

    def create(self, job: Job, sealed_request: bytes) -> None:
        self._run(
            "create_job",
            job_id=job.id,
            kind=job.kind.value,
            tenant=job.tenant,
            subject=job.subject,
            request_id=job.request_id,
            created_at=job.created_at,
            sealed_request=sealed_request,
        )

    def get(self, job_id: JobId) -> Job:
        return _job(self._run("get_job", job_id=job_id))

    def get_owned(self, job_id: JobId, identity: Identity) -> Job:
        job = self.get(job_id)
        if (job.tenant, job.subject) != (identity.tenant, identity.subject):
            raise ResourceUnknownError
        return job

    def start_fetch(self, job_id: JobId, at: datetime) -> Job:
        return _job(self._run("start_fetch", job_id=job_id, at=at))

    def sealed_request(self, job_id: JobId) -> bytes:
        row = self._run("get_sealed_request", job_id=job_id)
        if row is None:
            raise ResourceUnknownError
        return bytes(row["sealed_request"])

    def replace_sealed_request(self, job_id: JobId, sealed_request: bytes) -> None:
        self._run("replace_sealed_request", job_id=job_id, sealed_request=sealed_request)

    def mark_phi_touched(self, job_id: JobId) -> None:
        self._run("mark_phi_touched", job_id=job_id)

    def finish(self, job_id: JobId, result: JobResult, at: datetime) -> bool:
        row = self._run(
            "finish_job",
            job_id=job_id,
            state=result.state.value,
            sealed_result=result.sealed,
            error=result.error,
            at=at,
        )
        return row is not None

    def result(self, job_id: JobId) -> JobResult:
        row = self._run("get_job_result", job_id=job_id)
        if row is None:
            raise ResourceUnknownError
        sealed = row["sealed_result"]
        return JobResult(
            JobState(row["state"]),
            None if sealed is None else bytes(sealed),
            row["error"],
        )

    def overdue(self, kind: JobKind, before: datetime, limit: int) -> Sequence[JobId]:
        wanted = {"kind": kind.value, "before": before, "limit": limit}
        with self._session.transaction() as cursor:
            cursor.execute(statements("jobs")["overdue_jobs"], wanted)
            return [JobId(row["job_id"]) for row in cursor]


class PostgresRunDocuments(_JobsSql):
    """See hntai.ports.RunDocuments."""

    def put(self, job_id: JobId, kind: str, sealed: bytes) -> None:
        self._run("put_run_document", job_id=job_id, kind=kind, sealed=sealed)

    def get(self, job_id: JobId, kind: str) -> bytes:
        row = self._run("get_run_document", job_id=job_id, kind=kind)
        if row is None:
            raise RecordMissingError(kind=kind)
        return bytes(row["sealed"])

    def count(self, job_id: JobId, prefix: str) -> int:
        row = self._run("count_run_documents", job_id=job_id, prefix=prefix)
        return 0 if row is None else int(row["documents"])

    def discard(self, job_id: JobId) -> None:
        self._run("discard_run_documents", job_id=job_id)


class PostgresStoredRecords(_JobsSql):
    """See hntai.ports.StoredRecords."""

    def put(self, patient: PatientKey, record: StoredRecord) -> None:
        self._run(
            "put_stored_record",
            patient_key=patient,
            sealed=record.sealed,
            retrieved_at=record.retrieved_at,
        )

    def get(self, patient: PatientKey) -> StoredRecord:
        row = self._run("get_stored_record", patient_key=patient)
        if row is None:
            raise StoredRecordMissingError
        return StoredRecord(bytes(row["sealed"]), row["retrieved_at"])


def _job(row: dict[str, Any] | None) -> Job:
    if row is None:
        raise ResourceUnknownError
    fields = dict(row)
    kind, state = JobKind(fields.pop("kind")), JobState(fields.pop("state"))
    return Job(id=JobId(fields.pop("job_id")), state=state, kind=kind, **fields)

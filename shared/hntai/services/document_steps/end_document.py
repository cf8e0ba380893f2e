"""Publish and FailDocument: the document deleted, the audit rows, then the end of the job."""

from __future__ import annotations

from dataclasses import dataclass

from hntai.domain.audit import Operation, Outcome
from hntai.domain.deidentification import SCRUBBER
from hntai.domain.errors import RunTimedOutError, leaf_named
from hntai.domain.identity import Identity
from hntai.domain.jobs import Job, JobId, JobState
from hntai.ports import AuditLog, Digests, JobResult
from hntai.services.document_steps.assemble_document import upload_id_of
from hntai.services.document_steps.prepare_document import PREPARED
from hntai.services.documents.document_store import DocumentStore
from hntai.services.file_store import FileStore, job_place
from hntai.services.run_steps.assemble import RESULT
from hntai.services.run_steps.end_run import TIMEOUTS
from hntai.services.run_steps.step import PHI_COUNTS, StepPorts
from hntai.services.trail import Trail


@dataclass(frozen=True, slots=True)
class EndDocument:
    """Ends a document's job, once, however often it is called."""

    step: StepPorts
    store: FileStore
    kept: DocumentStore
    audit: AuditLog
    digests: Digests

    def publish(self, job_id: JobId) -> dict[str, str | int]:
        """Raises AuditUnavailableError, BlobsUnavailableError: then the state is tried again."""
        job, objects = self.step.jobs.get(job_id), 0
        if not job.state.is_final:
            answer = self.step.workspace.get(job_id, RESULT)
            objects = self._end(job, Outcome.SUCCEEDED)
            sealed = self.step.workspace.seal_result(job_id, answer)
            self.step.end(job_id, JobResult(JobState.SUCCEEDED, sealed, None))
        return {"state": JobState.SUCCEEDED.value, "objects_deleted": objects}

    def fail(self, job_id: JobId, error_name: str) -> dict[str, str | int]:
        """Keeps the error's class name, which is one of ours whatever came in; of the document nothing."""
        job, objects = self.step.jobs.get(job_id), 0
        error = RunTimedOutError if error_name in TIMEOUTS else leaf_named(error_name)
        if not job.state.is_final:
            self.kept.forget(upload_id_of(job_id), Identity(job.tenant, job.subject, frozenset()))
            objects = self._end(job, Outcome.FAILED)
            self.step.end(job_id, JobResult(JobState.FAILED, None, error.__name__))
        return {"state": JobState.FAILED.value, "error": error.__name__, "objects_deleted": objects}

    def _end(self, job: Job, outcome: Outcome) -> int:
        """Deletes what was sent, and writes both rows. How many objects there were."""
        prepared, now = self.step.workspace.find(job.id, PREPARED), self.step.clock()
        places = (job_place(job.id), self.step.workspace.document(job.id).source)
        objects = max(len(self.store.listed(*places)), int(prepared.get("objects", 0)))
        self.store.discard(*places)
        hmac = prepared.get("input_hmac")
        digest = self.digests("audit-input", job.id.bytes) if hmac is None else bytes.fromhex(hmac)
        trail = Trail(job.tenant, job.subject, job.request_id, digest, job.id)
        taken_s, counts = (now - job.created_at).total_seconds(), self.step.workspace.find(job.id, PHI_COUNTS)
        read = trail.row(Operation.UPLOAD, outcome, now, counts, duration_s=taken_s, model=SCRUBBER)
        deleted = {"DOCUMENT_OBJECT": objects}
        self.audit.append([read, trail.row(Operation.DOCUMENT_DELETED, Outcome.SUCCEEDED, now, deleted)])
        return objects

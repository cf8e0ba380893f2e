"""Publish and FailTranscription: the recording deleted, the audit rows, then the end of the job."""

from __future__ import annotations

from dataclasses import dataclass

from hntai.domain.audit import Outcome
from hntai.domain.errors import RunTimedOutError, leaf_named
from hntai.domain.identity import Identity
from hntai.domain.jobs import Job, JobId, JobState
from hntai.ports import AuditLog, Digests, JobResult
from hntai.services.file_store import RETAINED, FileStore, job_place
from hntai.services.run_steps.assemble import RESULT
from hntai.services.run_steps.end_run import TIMEOUTS
from hntai.services.run_steps.step import PHI_COUNTS, StepPorts
from hntai.services.trail import Trail
from hntai.services.transcription.audit_rows import OPERATIONS, deleted
from hntai.services.transcription.keep_transcript import KeepTranscript, upload_id_of
from hntai.services.transcription_steps.prepare_audio import PREPARED

DELETING = "deleting"
"""Kind of the document that says how many objects were found, so that a repeated end counts them once."""


@dataclass(frozen=True, slots=True)
class EndTranscription:
    """Ends a transcription, once, however often it is called."""

    step: StepPorts
    store: FileStore
    audit: AuditLog
    digests: Digests
    keep: KeepTranscript

    def publish(self, job_id: JobId) -> dict[str, str | int]:
        """Raises AuditUnavailableError, BlobsUnavailableError: then the state is tried again."""
        job, objects = self.step.jobs.get(job_id), 0
        if not job.state.is_final:
            result = self.step.workspace.get(job_id, RESULT)
            objects = self._deleted(job, ())
            self._audit(job, Outcome.SUCCEEDED, str(result["model"]), objects)
            sealed = self.step.workspace.seal_result(job_id, result["answer"])
            self.step.end(job_id, JobResult(JobState.SUCCEEDED, sealed, None))
        return {"state": JobState.SUCCEEDED.value, "objects_deleted": objects}

    def fail(self, job_id: JobId, error_name: str) -> dict[str, str | int]:
        """Keeps the error's class name, which is one of ours whatever came in; of the recording nothing."""
        job, objects = self.step.jobs.get(job_id), 0
        error = RunTimedOutError if error_name in TIMEOUTS else leaf_named(error_name)
        if not job.state.is_final:
            request = self.step.workspace.transcription(job_id)
            source = () if request.source.startswith(RETAINED) else (request.source,)
            if request.is_kept:
                self.keep.forget(upload_id_of(job_id), Identity(job.tenant, job.subject, frozenset()))
            objects = self._deleted(job, (*source, f"{RETAINED}{request.owner}/{job_id.hex}"))
            self._audit(job, Outcome.FAILED, "none", objects)
            self.step.end(job_id, JobResult(JobState.FAILED, None, error.__name__))
        return {"state": JobState.FAILED.value, "error": error.__name__, "objects_deleted": objects}

    def _deleted(self, job: Job, others: tuple[str, ...]) -> int:
        """How many objects this job had; none is left."""
        prepared = self.step.workspace.find(job.id, PREPARED)
        places = (job_place(job.id), *others)
        found = self.step.workspace.find(job.id, DELETING).get("objects")
        if found is None:
            found = max(len(self.store.listed(*places)), int(prepared.get("objects", 0)))
            self.step.workspace.put(job.id, DELETING, {"objects": found})
        self.store.discard(*places)
        return int(found)

    def _audit(self, job: Job, outcome: Outcome, model: str, objects: int) -> None:
        hmac = self.step.workspace.find(job.id, PREPARED).get("input_hmac")
        digest = self.digests("audit-input", job.id.bytes) if hmac is None else bytes.fromhex(hmac)
        trail, now = Trail(job.tenant, job.subject, job.request_id, digest, job.id), self.step.clock()
        row = trail.row(
            OPERATIONS[job.kind],
            outcome,
            now,
            self.step.workspace.find(job.id, PHI_COUNTS),
            duration_s=(now - job.created_at).total_seconds(),
            model=model,
        )
        self.audit.append([row, deleted(trail, objects, now)])

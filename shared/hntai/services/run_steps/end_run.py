"""Publish and FailRun: the audit row, then the end of the run, then its last event."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome
from hntai.domain.errors import RunTimedOutError, leaf_named
from hntai.domain.jobs import Job, JobId, JobState
from hntai.ports import AuditLog, Digests, JobResult
from hntai.services.run_steps.assemble import RESULT
from hntai.services.run_steps.fetch_record import destroy_credentials
from hntai.services.run_steps.generate_section import RULES
from hntai.services.run_steps.step import PHI_COUNTS, StepPorts

TIMEOUTS = frozenset({"States.Timeout", "Sandbox.Timedout", "Lambda.Unknown"})
"""How Step Functions names a state or a function that ran out of time."""


@dataclass(frozen=True, slots=True)
class EndRun:
    """Ends a run, once, however often it is called."""

    step: StepPorts
    audit: AuditLog
    digests: Digests

    def publish(self, job_id: JobId) -> dict[str, str]:
        """Raises AuditUnavailableError: then the result stays unpublished and the state is tried again."""
        job = self.step.jobs.get(job_id)
        if not job.state.is_final:
            answer = self.step.workspace.get(job_id, RESULT)
            self._audit(job, Outcome.SUCCEEDED, str(answer["model_used"]))
            sealed = self.step.workspace.seal_result(job_id, answer)
            self.step.end(job_id, JobResult(JobState.SUCCEEDED, sealed, None))
        return {"state": JobState.SUCCEEDED.value}

    def fail(self, job_id: JobId, error_name: str) -> dict[str, str]:
        """Keeps the error's class name, which is one of ours whatever came in."""
        job = self.step.jobs.get(job_id)
        error = RunTimedOutError if error_name in TIMEOUTS else leaf_named(error_name)
        if not job.state.is_final:
            if job.is_phi_touched:
                self._audit(job, Outcome.FAILED, RULES)
            destroy_credentials(self.step, job_id, self.step.workspace.request(job_id))
            self.step.end(job_id, JobResult(JobState.FAILED, None, error.__name__))
        return {"state": JobState.FAILED.value, "error": error.__name__}

    def _audit(self, job: Job, outcome: Outcome, model: str) -> None:
        """One row a run: its id is made of the job's, so that a repeated end is the same row."""
        now = self.step.clock()
        row = AuditRow(
            id=AuditId(uuid.uuid5(job.id, Operation.PATIENT_SUMMARY.value)),
            occurred_at=now,
            tenant=job.tenant,
            actor=job.subject,
            operation=Operation.PATIENT_SUMMARY,
            outcome=outcome,
            entity_counts=self.step.workspace.find(job.id, PHI_COUNTS),
            input_hmac=self.digests("audit-input", self._patient(job).encode()),
            duration_ms=round((now - job.created_at).total_seconds() * 1000),
            model=model,
            request_id=job.request_id,
        )
        self.audit.append([row])

    def _patient(self, job: Job) -> str:
        return f"{job.tenant}/{self.step.workspace.request(job.id).patient_id}"

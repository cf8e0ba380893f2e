"""FetchRecord: the record from the EHR, within the time the caller allowed, all tries together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from hntai.domain.errors import EhrTimeoutError
from hntai.domain.jobs import Job, JobId, PatientKey, TimeoutMode
from hntai.ports import Digests, Ehr, EhrCredentials, EhrRecord
from hntai.ports.bulk import EhrTurns
from hntai.services.run_steps.step import RECORD, StepPorts
from hntai.services.run_workspace import RunRequest


class FetchedRecord(TypedDict):
    """The state's output."""

    resources: int
    requests: int
    """Made to the EHR."""
    ehr_ms: int
    documents: int
    """How many are to be read beside it."""
    fallbacks: list[str]


def patient_key(digests: Digests, job: Job, patient_id: str) -> PatientKey:
    """What a patient's stored record is found by: only the identity that once fetched it finds it again.

    In an outage no one can ask the EHR whether a caller may see a patient; who has seen the record may.
    """
    return PatientKey(digests("patient", job.tenant.encode(), job.subject.encode(), patient_id.encode()))


@dataclass(frozen=True, slots=True)
class FetchRecord:
    """Fetches, seals and keeps the record, then destroys the credentials it was fetched with."""

    step: StepPorts
    ehr: Ehr
    turns: EhrTurns
    """Other runs' turns at the EHR, while a bulk runs."""

    def __call__(self, job_id: JobId) -> FetchedRecord:
        """Raises EhrError; EhrTimeoutError once earlier tries have used the budget up."""
        job = self.step.jobs.start_fetch(job_id, self.step.clock())
        request = self.step.workspace.request(job_id)
        self.step.tell(job_id, 5, "fetch_record")
        started = job.fetch_started_at or job.created_at
        budget_s = TimeoutMode(request.timeout_mode).budget_s - self._since(started)
        if budget_s <= 0:
            raise EhrTimeoutError
        record = self.ehr.fetch(request.patient_id, EhrCredentials(request.token, request.key), budget_s)
        self.turns.spend(record.requests - 1)
        self._keep(job_id, request, record)
        self.step.tell(job_id, 30, "fetch_record", resources=len(record.resources))
        return {
            "resources": len(record.resources),
            "requests": record.requests,
            "ehr_ms": round(self._since(started) * 1000),
            "documents": len(request.documents),
            "fallbacks": [],
        }

    def _since(self, started: datetime) -> float:
        return (self.step.clock() - started).total_seconds()

    def _keep(self, job_id: JobId, request: RunRequest, record: EhrRecord) -> None:
        """Keeps the record for this run; the request from now on is without its secrets."""
        workspace, now = self.step.workspace, self.step.clock()
        self.step.jobs.mark_phi_touched(job_id)
        content = {
            "resources": list(record.resources),
            "warnings": list(record.warnings),
            "retrieved_at": now.isoformat(),
            "is_stored": False,
        }
        workspace.put(job_id, RECORD, content)
        destroy_credentials(self.step, job_id, request)


def destroy_credentials(step: StepPorts, job_id: JobId, request: RunRequest) -> None:
    """Overwrites the sealed request with one that holds neither token nor key."""
    bare = replace(request, token="", key="")
    step.jobs.replace_sealed_request(job_id, step.workspace.sealed_request(job_id, bare))

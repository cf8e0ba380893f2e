"""LoadStoredRecord: the last record kept, when the EHR is slow or failing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hntai.domain.jobs import JobId
from hntai.ports import Digests, StoredRecords
from hntai.services.run_steps.fetch_record import FetchedRecord, destroy_credentials, patient_key
from hntai.services.run_steps.step import RECORD, STALE, StepPorts


def stale_warning(age: timedelta) -> str:
    """That the record is a stored one, and how old."""
    hours = age / timedelta(hours=1)
    shown = f"{round(hours * 60)} minutes" if hours < 2 else f"{round(hours)} hours"
    shown = f"{round(hours / 24)} days" if hours >= 72 else shown
    return f"The EHR did not answer: this is the record as last stored, {shown} old."


@dataclass(frozen=True, slots=True)
class LoadStoredRecord:
    """Puts the stored record in the place of the one that could not be fetched, and says so."""

    step: StepPorts
    stored_records: StoredRecords
    digests: Digests

    def __call__(self, job_id: JobId) -> FetchedRecord:
        """Raises StoredRecordMissingError."""
        job = self.step.jobs.get(job_id)
        request = self.step.workspace.request(job_id)
        key = patient_key(self.digests, job, request.patient_id)
        stored = self.stored_records.get(key)
        kept = self.step.workspace.open_record(key, stored.sealed)
        self.step.jobs.mark_phi_touched(job_id)
        content = {
            "resources": kept.resources,
            "warnings": kept.warnings,
            "retrieved_at": stored.retrieved_at.isoformat(),
            "is_stored": True,
        }
        self.step.workspace.put(job_id, RECORD, content)
        warning = stale_warning(self.step.clock() - stored.retrieved_at)
        self.step.workspace.put(job_id, STALE, warning)
        destroy_credentials(self.step, job_id, request)
        self.step.tell(job_id, 30, "load_stored_record", resources=len(kept.resources), warning=warning)
        waited = self.step.clock() - (job.fetch_started_at or job.created_at)
        return {
            "resources": len(kept.resources),
            "requests": 0,
            "ehr_ms": round(waited.total_seconds() * 1000),
            "documents": len(request.documents),
            "fallbacks": ["stored_record"],
        }

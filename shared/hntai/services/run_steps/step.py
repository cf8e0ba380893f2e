"""What every step of a run stands on."""

from __future__ import annotations

from dataclasses import dataclass

from hntai.domain.errors import RecordMissingError
from hntai.domain.jobs import JobId
from hntai.domain.run_events import progress
from hntai.ports import Clock, JobResult, Jobs, RunEvents
from hntai.services.read_run import end_marker
from hntai.services.run_workspace import RunWorkspace

RECORD, CHART, KNOWN, PHI_COUNTS = "record", "chart", "known", "phi_counts"
"""Kinds of working documents; each section has one more, named by it."""
DOCUMENTS = "documents"
"""Kind of the document that holds what uploaded documents say; there only where some were read."""
STALE = "stale"
"""Kind of the document that says how old a stored record is; there only where one took the EHR's place."""


@dataclass(frozen=True, slots=True)
class StepPorts:
    """Jobs, working documents, events and the clock."""

    jobs: Jobs
    workspace: RunWorkspace
    events: RunEvents
    clock: Clock

    def stale_warning(self, job_id: JobId) -> str:
        """What a summary of a stored record says before anything else; nothing where the EHR answered."""
        try:
            return str(self.workspace.get(job_id, STALE))
        except RecordMissingError:
            return ""

    def end(self, job_id: JobId, result: JobResult) -> None:
        """The job's end in the database, its working documents gone, then the last event."""
        self.jobs.finish(job_id, result, self.clock())
        self.workspace.documents.discard(job_id)
        self.events.append(job_id, end_marker(result.state))

    def tell(self, job_id: JobId, percent: int, stage: str, **more: object) -> None:
        """One progress event; where events cannot be kept, the run goes on without."""
        self.events.append(job_id, progress(percent, stage, **more))

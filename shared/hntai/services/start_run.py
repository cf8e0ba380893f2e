"""Starting a run: the request sealed, the job written, the state machine set going."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from hntai.contracts.patient_summary import PatientSummaryRequest
from hntai.domain.errors import DependencyError, ResourceUnknownError, WorkflowUnavailableError
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import Job, JobId, JobState
from hntai.domain.run_events import progress
from hntai.ports import Clock, JobResult, Jobs, RunEvents, RunStarter
from hntai.services.documents.document_store import DocumentStore, UploadId
from hntai.services.run_workspace import RunRequest, RunWorkspace


@dataclass(frozen=True, slots=True)
class StartRun:
    """Starts a patient summary."""

    jobs: Jobs
    workspace: RunWorkspace
    events: RunEvents
    starter: RunStarter
    clock: Clock
    documents: DocumentStore
    sweep: Callable[[], int]
    """Ends runs that never did."""

    def __call__(self, request: PatientSummaryRequest, caller: Caller) -> JobId:
        """The run's job id.

        Raises:
            ResourceUnknownError: the caller has no such document; its details say which; nothing was started.
            DependencyError: nothing was started.
        """
        self._check_documents(request.documents, caller.identity)
        job = Job(
            id=JobId(uuid.uuid4()),
            tenant=caller.identity.tenant,
            subject=caller.identity.subject,
            request_id=caller.request_id,
            state=JobState.QUEUED,
            created_at=self.clock(),
        )
        self.jobs.create(job, self.workspace.sealed_request(job.id, _run_request(request)))
        self.events.append(job.id, progress(0, "queued", job_id=str(job.id)))
        try:
            self.starter.start(job.id)
        except WorkflowUnavailableError as error:
            bare = replace(_run_request(request), token="", key="")
            self.jobs.replace_sealed_request(job.id, self.workspace.sealed_request(job.id, bare))
            self.jobs.finish(job.id, JobResult(JobState.FAILED, None, type(error).__name__), self.clock())
            raise
        with suppress(DependencyError):
            self.sweep()
        return job.id

    def _check_documents(self, upload_ids: Sequence[uuid.UUID], identity: Identity) -> None:
        missing = []
        for place, upload_id in enumerate(upload_ids):
            try:
                self.documents.document(UploadId(upload_id), identity)
            except ResourceUnknownError:
                missing.append(f"documents[{place}]")
        if missing:
            raise ResourceUnknownError(missing=missing)


def _run_request(request: PatientSummaryRequest) -> RunRequest:
    return RunRequest(
        patient_id=request.patientid,
        token=request.token,
        key=request.key,
        generation_mode=request.generation_mode.value,
        timeout_mode=request.timeout_mode.value,
        phi_policy=request.phi_policy.value,
        model_name=request.patient_summarizer_model_name,
        model_type=request.patient_summarizer_model_type,
        documents=tuple(map(str, request.documents)),
    )

"""Starting a job over a file: the file sealed, the job written, the state machine set going."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from hntai.domain.errors import DependencyError
from hntai.domain.identity import Caller
from hntai.domain.jobs import Job, JobId, JobKind, JobState
from hntai.domain.run_events import progress
from hntai.ports import Clock, JobResult, Jobs, RunEvents, RunStarter
from hntai.services.file_store import FileStore, job_place, source_place
from hntai.services.run_workspace import DocumentRequest, RunWorkspace, TranscriptionRequest

FileRequest = TranscriptionRequest | DocumentRequest


@dataclass(frozen=True, slots=True)
class StartFileJob:
    """Hands a file over to a job."""

    jobs: Jobs
    workspace: RunWorkspace
    events: RunEvents
    store: FileStore
    starter: RunStarter
    clock: Clock
    sweep: Callable[[], int]
    """Ends jobs that never did."""

    def __call__(
        self, file: bytes | str, kind: JobKind, asked: Callable[[str], FileRequest], caller: Caller
    ) -> JobId:
        """The job's id. file: its bytes, or where it lies. asked: what is wanted of it, lying there.

        Raises:
            DependencyError: nothing was started, and of bytes given nothing is kept.
        """
        job_id = JobId(uuid.uuid4())
        try:
            self._begin(job_id, file, kind, asked, caller)
        except DependencyError:
            with suppress(DependencyError):
                self.store.discard(job_place(job_id))
            raise
        with suppress(DependencyError):
            self.sweep()
        return job_id

    def _begin(
        self,
        job_id: JobId,
        file: bytes | str,
        kind: JobKind,
        asked: Callable[[str], FileRequest],
        caller: Caller,
    ) -> None:
        source = file if isinstance(file, str) else source_place(job_id)
        if not isinstance(file, str):
            self.store.seal(source, (file,))
        identity = caller.identity
        job = Job(
            id=job_id,
            tenant=identity.tenant,
            subject=identity.subject,
            request_id=caller.request_id,
            state=JobState.QUEUED,
            created_at=self.clock(),
            kind=kind,
        )
        self.jobs.create(job, self.workspace.sealed_request(job_id, asked(source)))
        self.events.append(job_id, progress(0, "queued", job_id=str(job_id)))
        try:
            self.starter.start(job_id)
        except DependencyError as error:
            self.jobs.finish(job_id, JobResult(JobState.FAILED, None, type(error).__name__), self.clock())
            raise

"""Starting a transcription as a job: the recording sealed, the job written, the state machine set going."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from hntai.domain.errors import DependencyError
from hntai.domain.identity import Caller
from hntai.domain.jobs import Job, JobId, JobKind, JobState
from hntai.domain.run_events import progress
from hntai.ports import Clock, Digests, JobResult, Jobs, RunEvents, RunStarter
from hntai.services.file_store import FileStore, job_place, owner_part, source_place
from hntai.services.run_workspace import RunWorkspace, TranscriptionRequest


@dataclass(frozen=True, slots=True)
class AudioOptions:
    """What is wanted of a recording."""

    kind: JobKind = JobKind.TRANSCRIPTION
    is_scrubbed: bool = False
    is_retained: bool = False
    """Whether the recording is kept."""
    is_kept: bool = False
    """Whether the transcript is."""


@dataclass(frozen=True, slots=True)
class StartTranscription:
    """Hands a recording over to a job."""

    jobs: Jobs
    workspace: RunWorkspace
    events: RunEvents
    store: FileStore
    starter: RunStarter
    digests: Digests
    clock: Clock
    sweep: Callable[[], int]
    """Ends jobs that never did."""

    def __call__(self, recording: bytes | str, options: AudioOptions, caller: Caller) -> JobId:
        """The job's id. recording: its bytes, or where it lies.

        Raises:
            DependencyError: nothing was started, and of bytes given nothing is kept.
        """
        job_id = JobId(uuid.uuid4())
        try:
            self._begin(job_id, recording, options, caller)
        except DependencyError:
            with suppress(DependencyError):
                self.store.discard(job_place(job_id))
            raise
        with suppress(DependencyError):
            self.sweep()
        return job_id

    def _begin(self, job_id: JobId, recording: bytes | str, options: AudioOptions, caller: Caller) -> None:
        source = recording if isinstance(recording, str) else source_place(job_id)
        if not isinstance(recording, str):
            self.store.seal(source, (recording,))
        identity = caller.identity
        request = TranscriptionRequest(
            source,
            options.is_scrubbed,
            options.is_retained,
            owner_part(self.digests, identity),
            options.is_kept,
        )
        job = Job(
            id=job_id,
            tenant=identity.tenant,
            subject=identity.subject,
            request_id=caller.request_id,
            state=JobState.QUEUED,
            created_at=self.clock(),
            kind=options.kind,
        )
        self.jobs.create(job, self.workspace.sealed_request(job_id, request))
        self.events.append(job_id, progress(0, "queued", job_id=str(job_id)))
        try:
            self.starter.start(job_id)
        except DependencyError as error:
            self.jobs.finish(job_id, JobResult(JobState.FAILED, None, type(error).__name__), self.clock())
            raise

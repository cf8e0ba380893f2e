"""Starting a transcription as a job."""

from __future__ import annotations

from dataclasses import dataclass

from hntai.domain.identity import Caller
from hntai.domain.jobs import JobId, JobKind
from hntai.ports import Digests
from hntai.services.file_store import owner_part
from hntai.services.run_workspace import TranscriptionRequest
from hntai.services.start_file_job import StartFileJob


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

    start: StartFileJob
    digests: Digests

    def __call__(self, recording: bytes | str, options: AudioOptions, caller: Caller) -> JobId:
        """The job's id. recording: its bytes, or where it lies.

        Raises:
            DependencyError: nothing was started, and of bytes given nothing is kept.
        """
        owner = owner_part(self.digests, caller.identity)

        def asked(source: str) -> TranscriptionRequest:
            return TranscriptionRequest(
                source, options.is_scrubbed, options.is_retained, owner, options.is_kept
            )

        return self.start(recording, options.kind, asked, caller)

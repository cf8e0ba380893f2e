"""AssembleTranscript: the pieces' words in order, scrubbed where that was asked for, as the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypedDict

from hntai.contracts.transcript import KeptTranscript, RetainedRecording, TranscriptAnswer
from hntai.domain.identity import Identity
from hntai.domain.jobs import Job, JobId
from hntai.services.run_steps.assemble import RESULT
from hntai.services.run_steps.step import PHI_COUNTS, StepPorts
from hntai.services.transcription.hearing import Heard, Written, shown, write
from hntai.services.transcription.keep_transcript import KeepTranscript, upload_id_of
from hntai.services.transcription_steps.prepare_audio import PREPARED
from hntai.services.transcription_steps.transcribe_windows import read_segments


class AssembledTranscript(TypedDict):
    """The state's output."""

    segments: int
    identifiers: int


@dataclass(frozen=True, slots=True)
class AssembleTranscript:
    """Puts the answer together and keeps it, sealed."""

    step: StepPorts
    retention: timedelta
    keep: KeepTranscript

    def __call__(self, job_id: JobId) -> AssembledTranscript:
        """Raises RecognizerBudgetError, BlobsUnavailableError."""
        workspace = self.step.workspace
        prepared, request = workspace.get(job_id, PREPARED), workspace.transcription(job_id)
        job, now = self.step.jobs.get(job_id), self.step.clock()
        segments = read_segments(self.step, job_id, [piece["place"] for piece in prepared["pieces"]])
        heard = Heard(
            segments,
            prepared["language"],
            prepared["model"],
            prepared["duration_s"],
            prepared["decoding_s"],
            now.timestamp() - prepared["prepared_at"],
        )
        total_s = (now - job.created_at).total_seconds()
        written = write(heard, job.kind, is_scrubbed=request.is_scrubbed, total_s=total_s)
        workspace.put(job_id, PHI_COUNTS, written.counts)
        kept = self._kept_transcript(job, written) if request.is_kept else None
        workspace.put(job_id, RESULT, self._kept(written, prepared["retained"], kept))
        self.step.tell(job_id, 95, "assemble_transcript")
        return {"segments": len(segments), "identifiers": sum(written.identifiers.values())}

    def _kept_transcript(self, job: Job, written: Written) -> KeptTranscript | None:
        if not isinstance(written.answer, TranscriptAnswer):
            return None
        owner = Identity(job.tenant, job.subject, frozenset())
        return self.keep(upload_id_of(job.id), owner, written.answer.text)

    def _kept(
        self, written: Written, retained: str | None, transcript: KeptTranscript | None
    ) -> dict[str, Any]:
        answer = written.answer
        if transcript is not None:
            answer = answer.model_copy(update={"kept": transcript})
        if retained is not None:
            recording = RetainedRecording(s3_key=retained, expires_at=self.step.clock() + self.retention)
            answer = answer.model_copy(update={"retained": recording})
        return {"answer": shown(answer), "model": written.model}

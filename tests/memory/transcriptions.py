"""A transcription's services over memory, its state machine in the place of a loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hntai.adapters.digests import KeyedDigests
from hntai.domain.errors import HntaiError
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import JobId
from hntai.ports import SpeechModel
from hntai.services.documents.document_store import DocumentStore
from hntai.services.file_store import FileStore, owner_part
from hntai.services.read_run import ReadRun
from hntai.services.run_steps.step import StepPorts
from hntai.services.run_workspace import RunWorkspace
from hntai.services.start_file_job import StartFileJob
from hntai.services.start_upload import StartUpload
from hntai.services.transcribe_audio import TranscribeAudio
from hntai.services.transcription.keep_transcript import KeepTranscript
from hntai.services.transcription.start_transcription import AudioOptions, StartTranscription
from hntai.services.transcription_steps.assemble_transcript import AssembleTranscript
from hntai.services.transcription_steps.end_transcription import EndTranscription
from hntai.services.transcription_steps.prepare_audio import PrepareAudio
from hntai.services.transcription_steps.transcribe_windows import TranscribeWindows
from tests.memory.audio import MemoryBlobs, MemoryDecoder, MemorySpeech, speech_pcm
from tests.memory.runs import (
    MemoryAuditLog,
    MemoryJobs,
    MemoryRunDocuments,
    MemoryRunEvents,
    MemoryRunStarter,
    MemorySealer,
    SteppingClock,
)

SCOPES = frozenset({"transcribe", "extract", "upload"})
ANNA = Caller(Identity("default", "anna", SCOPES), "request-1")
BERTA = Caller(Identity("default", "berta", SCOPES), "request-2")
MAX_BYTES = 200 << 20
VISIT = speech_pcm((280, True), (4, False), (200, True), (90, False), (100, True))


@dataclass
class Transcriptions:
    """Everything, and what runs a job from its start to its end."""

    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    decoder: MemoryDecoder = field(default_factory=MemoryDecoder)
    model: MemorySpeech = field(default_factory=MemorySpeech)
    audit: MemoryAuditLog = field(default_factory=MemoryAuditLog)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    documents: MemoryRunDocuments = field(default_factory=MemoryRunDocuments)
    events: MemoryRunEvents = field(default_factory=MemoryRunEvents)
    clock: SteppingClock = field(default_factory=SteppingClock)
    starter: MemoryRunStarter = field(default_factory=MemoryRunStarter)
    budget_s: float = 20.0
    speech: Callable[[], SpeechModel] | None = None

    def __post_init__(self) -> None:
        speech = self.speech or (lambda: self.model)
        self.digests = KeyedDigests(lambda: b"k" * 32)
        self.store = FileStore(self.blobs, MemorySealer())
        workspace = RunWorkspace(self.jobs, self.documents, MemorySealer())
        step = StepPorts(self.jobs, workspace, self.events, self.clock)
        start = StartFileJob(
            *(self.jobs, workspace, self.events, self.store, self.starter, self.clock), lambda: 0
        )
        self.start = StartTranscription(start, self.digests)
        retention = timedelta(days=30)
        self.kept = DocumentStore(self.blobs, MemorySealer(), self.digests, self.clock)
        keep = KeepTranscript(self.kept, self.clock, retention)
        self.transcribe = TranscribeAudio(
            decoder=self.decoder,
            store=self.store,
            speech=speech,
            start=self.start,
            audit=self.audit,
            digests=self.digests,
            clock=self.clock,
            max_upload_bytes=MAX_BYTES,
            retention=retention,
            keep=keep,
            budget_s=self.budget_s,
        )
        self.start_upload = StartUpload(self.blobs, self.digests, MAX_BYTES)
        self.prepare = PrepareAudio(step, self.store, self.decoder, speech, self.digests)
        self.windows = TranscribeWindows(step, self.store, speech)
        self.assemble = AssembleTranscript(step, retention, keep)
        self.end = EndTranscription(step, self.store, self.audit, self.digests, keep)
        self.read = ReadRun(self.jobs, workspace, self.events, self.audit, self.digests, self.clock)

    def run(self, job_id: JobId) -> None:
        """As the state machine does it."""
        try:
            for place in self.prepare(job_id)["pieces"]:
                self.windows(job_id, place)
            self.assemble(job_id)
            self.end.publish(job_id)
        except HntaiError as error:
            self.end.fail(job_id, type(error).__name__)

    def uploaded(self, content: bytes, caller: Caller = ANNA) -> str:
        """The key under which it lies, as if posted."""
        key = f"uploads/{owner_part(self.digests, caller.identity)}/{len(self.blobs.kept):032x}"
        self.blobs.put(key, content)
        return key

    def rows(self) -> list[tuple[str, str, dict[str, int]]]:
        """Operation, outcome and counts of each audit row."""
        rows = self.audit.rows.values()
        return [(row.operation.value, row.outcome.value, dict(row.entity_counts)) for row in rows]


def started(house: Transcriptions, content: bytes = VISIT, **options: Any) -> JobId:
    """The job a recording became."""
    outcome = house.transcribe.start(content, AudioOptions(**options), ANNA)
    assert outcome in house.jobs.stored
    return outcome


def answer(house: Transcriptions, job_id: JobId) -> dict[str, Any]:
    outcome = house.read.outcome(job_id)
    assert outcome.answer is not None, outcome
    return outcome.answer

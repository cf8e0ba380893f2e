"""Uploads over memory, and a reader that takes every content for text, a line a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from hntai.adapters.digests import KeyedDigests
from hntai.contracts.document import DocumentAnswer
from hntai.domain.documents.document import Page, PageSource, PageWarning, merged_page
from hntai.domain.errors import DocumentUnreadableError, HntaiError
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import JobId
from hntai.ports import ReadDocument
from hntai.services.document_steps.assemble_document import AssembleDocument
from hntai.services.document_steps.end_document import EndDocument
from hntai.services.document_steps.prepare_document import PrepareDocument
from hntai.services.document_steps.recognise_pages import RecognisePages
from hntai.services.documents.document_store import DocumentStore
from hntai.services.file_store import FileStore, owner_part
from hntai.services.read_run import ReadRun
from hntai.services.run_steps.step import StepPorts
from hntai.services.run_workspace import RunWorkspace
from hntai.services.start_file_job import StartFileJob
from hntai.services.upload_document import UploadDocument
from tests.memory.audio import MemoryBlobs
from tests.memory.runs import (
    MemoryAuditLog,
    MemoryJobs,
    MemoryRunDocuments,
    MemoryRunEvents,
    MemoryRunStarter,
    MemorySealer,
    SteppingClock,
)

SCOPES = frozenset({"upload", "extract"})
ANNA = Caller(Identity("default", "anna", SCOPES), "request-1")
BERTA = Caller(Identity("default", "berta", SCOPES), "request-2")
OTHER_ANNA = Caller(Identity("elsewhere", "anna", SCOPES), "request-3")
MAX_BYTES, MAX_CHARS = 10_000, 2_000


@dataclass
class LineReader:
    """A line that begins with SCAN is a picture of the rest of it; one of BAD ends who recognises it, one of
    SLOW takes longer than there is together with others."""

    failing: Exception | None = None
    in_time: int = 0
    """How many pictures a call has time for."""
    asked: list[tuple[int, ...]] = field(default_factory=list)

    def read(self, content: bytes, *, deadline_s: float) -> ReadDocument:
        said = self.said(content, deadline_s=deadline_s).pages
        scans = [page.number for page in said if not page.confidence]
        found = {page.number: page for page in map(_unread, scans[self.in_time :])}
        found |= {number: _picture(content, number) for number in scans[: self.in_time]}
        return ReadDocument("text/plain", tuple(merged_page(page, found.get(page.number)) for page in said))

    def said(self, content: bytes, *, deadline_s: float) -> ReadDocument:
        if self.failing is not None:
            raise self.failing
        lines = content.decode().splitlines()
        pages = (
            Page(place, "", PageSource.OCR, 0.0, (PageWarning.NO_TEXT_LAYER,))
            if line.startswith("SCAN ")
            else Page(place, line)
            for place, line in enumerate(lines, 1)
        )
        return ReadDocument("text/plain", tuple(pages))

    def recognised(self, content: bytes, numbers: Sequence[int], *, deadline_s: float) -> tuple[Page, ...]:
        self.asked.append(tuple(numbers))
        pages = [_picture(content, number) for number in numbers]
        if any(page.text.startswith("BAD") for page in pages):
            raise DocumentUnreadableError(cause="crashed")
        is_crowded = len(pages) > 1
        return tuple(_unread(p.number) if p.text.startswith("SLOW") and is_crowded else p for p in pages)


def _picture(content: bytes, number: int) -> Page:
    return Page(number, content.decode().splitlines()[number - 1].removeprefix("SCAN "), PageSource.OCR, 0.9)


def _unread(number: int) -> Page:
    return Page(number, "", PageSource.OCR, 0.0, (PageWarning.OCR_OUT_OF_TIME,))


@dataclass
class Documents:
    """Everything an upload stands on."""

    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    audit: MemoryAuditLog = field(default_factory=MemoryAuditLog)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    documents: MemoryRunDocuments = field(default_factory=MemoryRunDocuments)
    events: MemoryRunEvents = field(default_factory=MemoryRunEvents)
    starter: MemoryRunStarter = field(default_factory=MemoryRunStarter)
    clock: SteppingClock = field(default_factory=SteppingClock)
    reader: LineReader = field(default_factory=LineReader)
    retention: timedelta = timedelta(days=30)
    budget_s: float = 20.0

    def __post_init__(self) -> None:
        self.digests = KeyedDigests(lambda: b"k" * 32)
        files = FileStore(self.blobs, MemorySealer())
        workspace = RunWorkspace(self.jobs, self.documents, MemorySealer())
        step = StepPorts(self.jobs, workspace, self.events, self.clock)
        self.store = DocumentStore(self.blobs, MemorySealer(), self.digests, self.clock)
        self.upload = UploadDocument(
            reader=self.reader,
            uploads=files,
            start=StartFileJob(self.jobs, workspace, self.events, files, self.starter, self.clock, lambda: 0),
            documents=self.store,
            audit=self.audit,
            digests=self.digests,
            clock=self.clock,
            retention=self.retention,
            max_bytes=MAX_BYTES,
            budget_s=self.budget_s,
        )
        self.prepare = PrepareDocument(step, files, self.reader, self.digests)
        self.recognise = RecognisePages(step, files, self.reader)
        self.assemble = AssembleDocument(step, self.store, self.retention, MAX_CHARS)
        self.end = EndDocument(step, files, self.store, self.audit, self.digests)
        self.runs = ReadRun(self.jobs, workspace, self.events, self.audit, self.digests, self.clock)

    def answered(self, content: bytes, caller: Caller, *, is_scrubbed: bool = False) -> DocumentAnswer:
        """What a document is answered with at once."""
        answer = self.upload.file(content, caller, is_scrubbed=is_scrubbed)
        assert isinstance(answer, DocumentAnswer)
        return answer

    def run(self, job_id: JobId) -> None:
        """As the state machine does it."""
        try:
            for place in self.prepare(job_id)["ranges"]:
                self.recognise(job_id, place)
            self.assemble(job_id)
            self.end.publish(job_id)
        except HntaiError as error:
            self.end.fail(job_id, type(error).__name__)

    def posted(self, content: bytes, caller: Caller = ANNA) -> str:
        """The key under which it lies, as if a form had put it there."""
        key = f"uploads/{owner_part(self.digests, caller.identity)}/{len(self.blobs.kept):032x}"
        self.blobs.put(key, content)
        return key

    def rows(self) -> list[tuple[str, str, dict[str, int]]]:
        """Operation, outcome and counts of each audit row."""
        rows = self.audit.rows.values()
        return [(row.operation.value, row.outcome.value, dict(row.entity_counts)) for row in rows]

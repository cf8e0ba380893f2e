"""Uploads over memory, and a reader that takes every content for text, a line a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hntai.adapters.digests import KeyedDigests
from hntai.domain.documents.document import Page
from hntai.domain.identity import Caller, Identity
from hntai.ports import ReadDocument
from hntai.services.documents.document_store import DocumentStore
from hntai.services.file_store import FileStore, owner_part
from hntai.services.upload_document import UploadDocument
from tests.memory.audio import MemoryBlobs
from tests.memory.runs import MemoryAuditLog, MemorySealer, SteppingClock

SCOPES = frozenset({"upload", "extract"})
ANNA = Caller(Identity("default", "anna", SCOPES), "request-1")
BERTA = Caller(Identity("default", "berta", SCOPES), "request-2")
OTHER_ANNA = Caller(Identity("elsewhere", "anna", SCOPES), "request-3")
MAX_BYTES = 10_000


@dataclass
class LineReader:
    failing: Exception | None = None

    def read(self, content: bytes, *, deadline_s: float) -> ReadDocument:
        if self.failing is not None:
            raise self.failing
        lines = content.decode().splitlines()
        return ReadDocument("text/plain", tuple(Page(place, line) for place, line in enumerate(lines, 1)))


@dataclass
class Documents:
    """Everything an upload stands on."""

    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    audit: MemoryAuditLog = field(default_factory=MemoryAuditLog)
    clock: SteppingClock = field(default_factory=SteppingClock)
    reader: LineReader = field(default_factory=LineReader)
    retention: timedelta = timedelta(days=30)
    budget_s: float = 20.0

    def __post_init__(self) -> None:
        self.digests = KeyedDigests(lambda: b"k" * 32)
        self.store = DocumentStore(self.blobs, MemorySealer(), self.digests, self.clock)
        self.upload = UploadDocument(
            reader=self.reader,
            uploads=FileStore(self.blobs, MemorySealer()),
            documents=self.store,
            audit=self.audit,
            digests=self.digests,
            clock=self.clock,
            retention=self.retention,
            max_bytes=MAX_BYTES,
            budget_s=self.budget_s,
        )

    def posted(self, content: bytes, caller: Caller = ANNA) -> str:
        """The key under which it lies, as if a form had put it there."""
        key = f"uploads/{owner_part(self.digests, caller.identity)}/{len(self.blobs.kept):032x}"
        self.blobs.put(key, content)
        return key

    def rows(self) -> list[tuple[str, str, dict[str, int]]]:
        """Operation, outcome and counts of each audit row."""
        rows = self.audit.rows.values()
        return [(row.operation.value, row.outcome.value, dict(row.entity_counts)) for row in rows]

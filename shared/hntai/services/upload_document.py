"""Uploading: a document in, its text out, kept sealed for the calls that name it.

Where its scanned pages take longer than a caller may wait, it becomes a job.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hntai.contracts.document import DocumentAnswer, DocumentTiming
from hntai.domain.audit import Operation, Outcome
from hntai.domain.deidentification import SCRUBBER
from hntai.domain.documents.document import Page, PageWarning
from hntai.domain.errors import (
    DependencyError,
    DocumentError,
    DocumentTooLongError,
    ResourceUnknownError,
    UploadTooLargeError,
)
from hntai.domain.identity import Caller
from hntai.domain.jobs import JobId, JobKind
from hntai.ports import AuditLog, Clock, Digests, DocumentReader
from hntai.services.documents.answer import DocumentFacts, answer_of, searched
from hntai.services.documents.document_store import DocumentStore, UploadId
from hntai.services.file_store import UPLOADS, FileStore, is_owned, owner_part
from hntai.services.run_workspace import DocumentRequest
from hntai.services.start_file_job import FileRequest
from hntai.services.start_upload import check_direct
from hntai.services.trail import Trail

BUDGET_S: Final = 24.0
"""Of the API's 30 s: the rest is for a cold start, sealing and the audit row."""
READING_S: Final = 16.0
"""Of these, at most."""
MAX_BYTES: Final = 64 << 20
"""Of an upload that is a document: it is held in memory, twice."""
MOST_SCANS: Final = 300
"""Pages that are pictures, of one document: half an hour of four functions."""
StartJob = Callable[[bytes | str, JobKind, Callable[[str], FileRequest], Caller], JobId]


@dataclass(frozen=True, slots=True)
class UploadDocument:
    """Reads one document."""

    reader: DocumentReader
    uploads: FileStore
    documents: DocumentStore
    start: StartJob
    audit: AuditLog
    digests: Digests
    clock: Clock
    retention: timedelta
    max_bytes: int = MAX_BYTES
    budget_s: float = BUDGET_S

    def file(self, content: bytes, caller: Caller, *, is_scrubbed: bool) -> DocumentAnswer | JobId:
        """Raises UploadTooLargeError, and as upload does."""
        check_direct(content)
        return self._read(content, "", caller, is_scrubbed=is_scrubbed)

    def upload(self, source: str, caller: Caller, *, is_scrubbed: bool) -> DocumentAnswer | JobId:
        """The answer, or the job that will have it. What a form had posted is gone once either ended.

        Raises:
            ResourceUnknownError: the key is none of the caller's.
            UploadMissingError: nothing lies under it.
            UploadTooLargeError, DocumentError: it cannot be read.
            RecognizerBudgetError: it could not be scrubbed in time.
            AuditUnavailableError: then there is no answer.
        """
        owner = owner_part(self.digests, caller.identity)
        if not source.startswith(UPLOADS) or not is_owned(source, owner):
            raise ResourceUnknownError
        if self.uploads.size(source) > self.max_bytes:
            self._discard(source, self.digests("audit-input", source.encode()), caller)
            raise UploadTooLargeError(limit_bytes=self.max_bytes)
        return self._read(b"".join(self.uploads.fetch(source)), source, caller, is_scrubbed=is_scrubbed)

    def _read(
        self, content: bytes, source: str, caller: Caller, *, is_scrubbed: bool
    ) -> DocumentAnswer | JobId:
        started, digest = time.perf_counter(), hashlib.sha256(content)
        hmac = self.digests("audit-input", digest.digest())
        try:
            found = self.reader.read(content, deadline_s=min(READING_S, self.budget_s))
            is_job = _is_for_a_job(found.pages)
        except DocumentError:
            self._discard(source, hmac, caller)
            raise
        if is_job:
            asked = lambda place: DocumentRequest(place, is_scrubbed)  # noqa: E731
            return self.start(source or content, JobKind.DOCUMENT, asked, caller)
        read_s, until = time.perf_counter() - started, started + self.budget_s
        try:
            pages = searched(found.pages, lambda: time.perf_counter() < until, is_scrubbed=is_scrubbed)
        except BaseException:
            self._note(caller, Outcome.FAILED, hmac, started, {})
            raise
        scrubbed_s = time.perf_counter() - started - read_s
        upload_id, expires_at = UploadId(uuid.uuid4()), self.clock() + self.retention
        self.documents.keep(upload_id, caller.identity, pages.texts, expires_at)
        try:
            self._discard(source, hmac, caller)
            self._note(caller, Outcome.SUCCEEDED, hmac, started, pages.counts)
        except DependencyError:
            with suppress(DependencyError):
                self.documents.forget(upload_id, caller.identity)
            raise
        timing = DocumentTiming(
            reading=round(read_s, 3),
            scrubbing=round(scrubbed_s, 3),
            total=round(time.perf_counter() - started, 3),
        )
        facts = DocumentFacts(upload_id, expires_at, found.media_type, digest.hexdigest(), is_scrubbed)
        return answer_of(facts, pages, timing)

    def _discard(self, source: str, hmac: bytes, caller: Caller) -> None:
        """What a form had posted, with its proof."""
        if source:
            counts = {"DOCUMENT_OBJECT": self.uploads.discard(source)}
            trail = _trail(caller, hmac)
            row = trail.row(Operation.DOCUMENT_DELETED, Outcome.SUCCEEDED, self.clock(), counts)
            self.audit.append([row])

    def _note(
        self, caller: Caller, outcome: Outcome, hmac: bytes, started: float, counts: Mapping[str, int]
    ) -> None:
        row = _trail(caller, hmac).row(
            Operation.UPLOAD,
            outcome,
            self.clock(),
            counts,
            duration_s=time.perf_counter() - started,
            model=SCRUBBER,
        )
        self.audit.append([row])


def _is_for_a_job(pages: Sequence[Page]) -> bool:
    """Whether there was no time to recognise every picture of a page.

    Raises:
        DocumentTooLongError: there are more than a job takes.
    """
    left = sum(PageWarning.OCR_OUT_OF_TIME in page.warnings for page in pages)
    if left > MOST_SCANS:
        raise DocumentTooLongError(limit_scanned_pages=MOST_SCANS, scanned_pages=left)
    return left > 0


def _trail(caller: Caller, hmac: bytes) -> Trail:
    return Trail(caller.identity.tenant, caller.identity.subject, caller.request_id, hmac)

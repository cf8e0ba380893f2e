"""Uploading: a document in, its text out, kept sealed for the calls that name it."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from hntai.contracts.document import DocumentAnswer, DocumentPage, DocumentTiming
from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome
from hntai.domain.deidentification import SCRUBBER, DeidentificationOptions
from hntai.domain.documents.document import PAGE_GAP, Page
from hntai.domain.documents.repeats import repeated_lines
from hntai.domain.errors import DependencyError, DocumentError, ResourceUnknownError, UploadTooLargeError
from hntai.domain.identity import Caller
from hntai.domain.scrubbed_pieces import without_phi
from hntai.ports import AuditLog, Clock, Digests, DocumentReader
from hntai.services.documents.document_store import DocumentStore, UploadId
from hntai.services.file_store import UPLOADS, FileStore, is_owned, owner_part
from hntai.services.start_upload import check_direct

BUDGET_S: Final = 24.0
"""Of the API's 30 s: the rest is for a cold start, sealing and the audit row."""
READING_S: Final = 16.0
"""Of these, at most."""
MAX_BYTES: Final = 64 << 20
"""Of an upload that is a document: it is held in memory, twice."""


@dataclass(frozen=True, slots=True)
class _Scrubbed:
    """Pages as they are answered, and what was found in them."""

    pages: Sequence[Page]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UploadDocument:
    """Reads one document."""

    reader: DocumentReader
    uploads: FileStore
    documents: DocumentStore
    audit: AuditLog
    digests: Digests
    clock: Clock
    retention: timedelta
    max_bytes: int = MAX_BYTES
    budget_s: float = BUDGET_S

    def file(self, content: bytes, caller: Caller, *, is_scrubbed: bool) -> DocumentAnswer:
        """Raises UploadTooLargeError, and as upload does."""
        check_direct(content)
        return self._read(content, "", caller, is_scrubbed=is_scrubbed)

    def upload(self, source: str, caller: Caller, *, is_scrubbed: bool) -> DocumentAnswer:
        """The answer. What a form had posted is gone afterwards, and once it cannot be read.

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

    def _read(self, content: bytes, source: str, caller: Caller, *, is_scrubbed: bool) -> DocumentAnswer:
        started, digest = time.perf_counter(), hashlib.sha256(content)
        hmac = self.digests("audit-input", digest.digest())
        try:
            found = self.reader.read(content, deadline_s=min(READING_S, self.budget_s))
        except DocumentError:
            self._discard(source, hmac, caller)
            raise
        read_s = time.perf_counter() - started
        try:
            scrubbed = self._scrubbed(found.pages, started + self.budget_s, is_scrubbed=is_scrubbed)
        except BaseException:
            self._note(caller, Outcome.FAILED, hmac, started, {})
            raise
        scrubbed_s = time.perf_counter() - started - read_s
        upload_id, expires_at = UploadId(uuid.uuid4()), self.clock() + self.retention
        texts = [page.text for page in scrubbed.pages]
        self.documents.keep(upload_id, caller.identity, texts, expires_at)
        try:
            self._discard(source, hmac, caller)
            self._note(caller, Outcome.SUCCEEDED, hmac, started, scrubbed.counts)
        except DependencyError:
            with suppress(DependencyError):
                self.documents.forget(upload_id, caller.identity)
            raise
        return DocumentAnswer(
            upload_id=upload_id,
            expires_at=expires_at,
            text=PAGE_GAP.join(texts),
            pages=tuple(map(_shown, scrubbed.pages, repeated_lines(texts))),
            media_type=found.media_type,
            sha256=digest.hexdigest(),
            phi=dict(scrubbed.counts),
            scrubbed=is_scrubbed,
            timing=DocumentTiming(
                reading=round(read_s, 3),
                scrubbing=round(scrubbed_s, 3),
                total=round(time.perf_counter() - started, 3),
            ),
        )

    def _scrubbed(self, pages: Sequence[Page], until: float, *, is_scrubbed: bool) -> _Scrubbed:
        texts, spans = without_phi(
            [page.text for page in pages],
            PAGE_GAP,
            DeidentificationOptions(),
            lambda: time.perf_counter() < until,
        )
        counts = Counter(span.type.value for span in spans)
        if not is_scrubbed:
            return _Scrubbed(pages, counts)
        cleaned = [replace(page, text=text) for page, text in zip(pages, texts, strict=True)]
        return _Scrubbed(cleaned, counts)

    def _discard(self, source: str, hmac: bytes, caller: Caller) -> None:
        """What a form had posted, with its proof."""
        if source:
            counts = {"DOCUMENT_OBJECT": self.uploads.discard(source)}
            self.audit.append(
                [self._row(caller, Operation.DOCUMENT_DELETED, Outcome.SUCCEEDED, hmac, counts)]
            )

    def _note(
        self, caller: Caller, outcome: Outcome, hmac: bytes, started: float, counts: Mapping[str, int]
    ) -> None:
        row = self._row(caller, Operation.UPLOAD, outcome, hmac, counts)
        taken_ms = round((time.perf_counter() - started) * 1000)
        self.audit.append([replace(row, duration_ms=taken_ms, model=SCRUBBER)])

    def _row(
        self,
        caller: Caller,
        operation: Operation,
        outcome: Outcome,
        hmac: bytes,
        counts: Mapping[str, int],
    ) -> AuditRow:
        return AuditRow(
            id=AuditId(uuid.uuid4()),
            occurred_at=self.clock(),
            tenant=caller.identity.tenant,
            actor=caller.identity.subject,
            operation=operation,
            outcome=outcome,
            entity_counts=dict(counts),
            input_hmac=hmac,
            duration_ms=0,
            model="none",
            request_id=caller.request_id,
        )


def _shown(page: Page, repeated: tuple[int, int]) -> DocumentPage:
    return DocumentPage(
        number=page.number,
        text=page.text,
        source=page.source,
        confidence=round(page.confidence, 4),
        warnings=page.warnings,
        header_lines=repeated[0],
        footer_lines=repeated[1],
    )

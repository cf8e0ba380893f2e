"""Extraction: a text or an uploaded document in, what it says of a patient out, one audit row a text."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import dataclass

from hntai.contracts.extraction import ExtractionRequest
from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome
from hntai.domain.errors import HntaiError, TextTooLongError
from hntai.domain.extraction.extract import EXTRACTOR, Extraction, extract
from hntai.domain.identity import Caller
from hntai.ports import AuditLog, Clock, Digests
from hntai.services.documents.document_store import DocumentStore, UploadId

BUDGET_S = 20.0
"""For one call: what the API's 30 s leave once the rest is done."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was found, and the row that says so."""

    extraction: Extraction
    audit_id: AuditId


@dataclass(frozen=True, slots=True)
class ExtractData:
    """Reads one text."""

    audit: AuditLog
    digests: Digests
    clock: Clock
    documents: DocumentStore
    max_chars: int
    budget_s: float = BUDGET_S

    def __call__(self, request: ExtractionRequest, caller: Caller) -> Extracted:
        """Of the text, or of the document the caller uploaded.

        Raises:
            ResourceUnknownError: the caller has no such document.
            TextTooLongError, RecognizerBudgetError: it cannot be read.
            AuditUnavailableError: then there is no answer.
        """
        text = self._text(request, caller)
        if len(text) > self.max_chars:
            raise TextTooLongError(limit=self.max_chars, length=len(text))
        started = time.perf_counter()
        until = started + self.budget_s
        try:
            found = extract(text, lambda: time.perf_counter() < until)
        except HntaiError:
            self.audit.append([self._row(text, None, started, caller)])
            raise
        row = self._row(text, found, started, caller)
        self.audit.append([row])
        return Extracted(found, row.id)

    def _text(self, request: ExtractionRequest, caller: Caller) -> str:
        if request.upload_id is not None:
            return self.documents.document(UploadId(request.upload_id), caller.identity).text
        assert request.text is not None
        return request.text

    def _row(self, text: str, found: Extraction | None, started: float, caller: Caller) -> AuditRow:
        counts = Counter(one.kind.value for one in found.entities) if found else Counter[str]()
        return AuditRow(
            id=AuditId(uuid.uuid4()),
            occurred_at=self.clock(),
            tenant=caller.identity.tenant,
            actor=caller.identity.subject,
            operation=Operation.EXTRACT,
            outcome=Outcome.FAILED if found is None else Outcome.SUCCEEDED,
            entity_counts=dict(counts),
            input_hmac=self.digests("audit-input", text.encode()),
            duration_ms=round((time.perf_counter() - started) * 1000),
            model=EXTRACTOR,
            request_id=caller.request_id,
        )

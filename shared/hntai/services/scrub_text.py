"""Scrubbing: text in, the same text without identifiers out, one audit row a document."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hntai.contracts.scrub import (
    BatchFailed,
    BatchScrubbed,
    Document,
    DocumentProblem,
    Entity,
    ScrubAnswer,
    ScrubBatchAnswer,
    ScrubBatchRequest,
    ScrubOptions,
    ScrubRequest,
)
from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome
from hntai.domain.deidentification import SCRUBBER, DeidentificationOptions, Deidentified, deidentify
from hntai.domain.errors import HntaiError, TextTooLongError
from hntai.domain.identity import Caller
from hntai.domain.known_values import KnownValues
from hntai.ports import AuditLog, Clock, Digests

BUDGET_S = 20.0
"""For one call, a batch too: what the API's 30 s leave once the rest is done."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What became of one document: found, or the error, and the row that says so."""

    found: Deidentified | None
    error: HntaiError | None
    row: AuditRow | None


@dataclass(frozen=True, slots=True)
class ScrubText:
    """Scrubs one document, or a batch in which each may fail alone."""

    audit: AuditLog
    digests: Digests
    clock: Clock
    max_chars: int
    budget_s: float = BUDGET_S

    def __call__(self, request: ScrubRequest, caller: Caller) -> ScrubAnswer:
        """Raises TextTooLongError, RecognizerBudgetError; AuditUnavailableError: then there is no answer."""
        attempt = self._attempt(request.text, self._options(request, caller), caller, self._until())
        if attempt.row is not None:
            self.audit.append([attempt.row])
        if attempt.found is None or attempt.row is None:
            raise attempt.error or AssertionError
        return ScrubAnswer(**_fields(attempt.found, attempt.row.id, request.entities))

    def batch(self, request: ScrubBatchRequest, caller: Caller) -> ScrubBatchAnswer:
        """Raises AuditUnavailableError; anything else is an error of its own document."""
        options = self._options(request, caller)
        until = self._until()
        attempts = [self._attempt(document.text, options, caller, until) for document in request.documents]
        self.audit.append([attempt.row for attempt in attempts if attempt.row is not None])
        pairs = zip(request.documents, attempts, strict=True)
        return ScrubBatchAnswer(
            results=tuple(_result(document, attempt, request.entities) for document, attempt in pairs)
        )

    def _options(self, request: ScrubOptions, caller: Caller) -> DeidentificationOptions:
        known = request.known
        identity = caller.identity
        patient = request.patient_key if request.patient_key is not None else caller.request_id
        return DeidentificationOptions(
            operator=request.operator,
            policy=request.policy,
            recall=request.recall,
            known=KnownValues(names=known.names, mrn=known.mrn, dates=known.dates, phones=known.phones),
            allow=request.allow,
            deny=request.deny,
            types=None if request.types is None else frozenset(request.types),
            surrogate_key=self.digests("surrogate", identity.tenant.encode(), patient.encode()),
        )

    def _until(self) -> float:
        return time.perf_counter() + self.budget_s

    def _attempt(self, text: str, options: DeidentificationOptions, caller: Caller, until: float) -> _Attempt:
        if len(text) > self.max_chars:
            return _Attempt(None, TextTooLongError(limit=self.max_chars, length=len(text)), None)
        started = time.perf_counter()
        try:
            found = deidentify(text, options, lambda: time.perf_counter() < until)
        except HntaiError as error:
            return _Attempt(None, error, self._row(text, None, started, caller))
        return _Attempt(found, None, self._row(text, found, started, caller))

    def _row(self, text: str, found: Deidentified | None, started: float, caller: Caller) -> AuditRow:
        return AuditRow(
            id=AuditId(uuid.uuid4()),
            occurred_at=self.clock(),
            tenant=caller.identity.tenant,
            actor=caller.identity.subject,
            operation=Operation.SCRUB,
            outcome=Outcome.FAILED if found is None else Outcome.SUCCEEDED,
            entity_counts={} if found is None else found.counts,
            input_hmac=self.digests("audit-input", text.encode()),
            duration_ms=round((time.perf_counter() - started) * 1000),
            model=SCRUBBER,
            request_id=caller.request_id,
        )


def _fields(found: Deidentified, audit_id: AuditId, with_entities: bool) -> dict[str, Any]:
    return {
        "scrubbed_text": found.scrubbed_text,
        "phi_found": found.phi_found,
        "redaction_count": found.redaction_count,
        "entities": _entities(found) if with_entities else None,
        "audit_id": audit_id,
    }


def _entities(found: Deidentified) -> Sequence[Entity]:
    return tuple(
        Entity(start=span.start, end=span.end, type=span.type, score=span.score, recognizer=span.recognizer)
        for span in found.spans
    )


def _result(document: Document, attempt: _Attempt, with_entities: bool) -> BatchScrubbed | BatchFailed:
    if attempt.found is not None and attempt.row is not None:
        return BatchScrubbed(id=document.id, **_fields(attempt.found, attempt.row.id, with_entities))
    error = attempt.error or AssertionError
    assert isinstance(error, HntaiError)
    limit = error.details.get("limit")
    return BatchFailed(
        id=document.id,
        error=DocumentProblem(
            type=f"urn:hntai:problem:{error.slug}",
            title=error.title,
            status=413 if isinstance(error, TextTooLongError) else 503,
            limit=limit if isinstance(limit, int) else None,
        ),
    )

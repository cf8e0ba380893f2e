"""AssembleDocument: the pages in order, scrubbed where that was asked for, kept, as the answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypedDict

from hntai.contracts.document import DocumentTiming
from hntai.domain.documents.document import PAGE_GAP, Page, PageWarning, merged_page
from hntai.domain.errors import DocumentTooLongError
from hntai.domain.identity import Identity
from hntai.domain.jobs import JobId
from hntai.services.document_steps.prepare_document import PREPARED, pages_said
from hntai.services.document_steps.recognise_pages import recognised_pages
from hntai.services.documents.answer import DocumentFacts, answer_of, searched
from hntai.services.documents.document_store import DocumentStore, UploadId
from hntai.services.run_steps.assemble import RESULT
from hntai.services.run_steps.step import PHI_COUNTS, StepPorts

SCRUB_BUDGET_S: Final = 50.0


class AssembledDocument(TypedDict):
    """The state's output."""

    pages: int
    failed: int
    identifiers: int


@dataclass(frozen=True, slots=True)
class AssembleDocument:
    """Puts the answer together and keeps it, sealed, and the text under its upload_id."""

    step: StepPorts
    documents: DocumentStore
    retention: timedelta
    max_chars: int

    def __call__(self, job_id: JobId) -> AssembledDocument:
        """Raises DocumentTooLongError, RecognizerBudgetError, BlobsUnavailableError."""
        workspace, now = self.step.workspace, self.step.clock()
        prepared, request = workspace.get(job_id, PREPARED), workspace.document(job_id)
        job, started = self.step.jobs.get(job_id), time.perf_counter()
        recognised = recognised_pages(self.step, job_id, len(prepared["ranges"]))
        pages = [merged_page(page, recognised.get(page.number)) for page in pages_said(prepared)]
        self._check(pages)
        until = started + SCRUB_BUDGET_S
        found = searched(pages, lambda: time.perf_counter() < until, is_scrubbed=request.is_scrubbed)
        scrubbed_s = time.perf_counter() - started
        upload_id, expires_at = upload_id_of(job_id), now + self.retention
        self.documents.keep(
            upload_id, Identity(job.tenant, job.subject, frozenset()), found.texts, expires_at
        )
        facts = DocumentFacts(
            upload_id, expires_at, prepared["media_type"], prepared["sha256"], request.is_scrubbed
        )
        timing = DocumentTiming(
            reading=round(now.timestamp() - prepared["prepared_at"], 3),
            scrubbing=round(scrubbed_s, 3),
            total=round((now - job.created_at).total_seconds() + scrubbed_s, 3),
        )
        workspace.put(job_id, PHI_COUNTS, dict(found.counts))
        workspace.put(job_id, RESULT, answer_of(facts, found, timing).model_dump(mode="json"))
        self.step.tell(job_id, 95, "assemble_document")
        failed = sum(PageWarning.OCR_FAILED in page.warnings for page in pages)
        return {"pages": len(pages), "failed": failed, "identifiers": sum(found.counts.values())}

    def _check(self, pages: Sequence[Page]) -> None:
        if len(PAGE_GAP.join(page.text for page in pages)) > self.max_chars:
            raise DocumentTooLongError(limit_chars=self.max_chars)


def upload_id_of(job_id: JobId) -> UploadId:
    """Of the text of a job's document, the same however often its state is tried."""
    return UploadId(uuid.uuid5(job_id, "document"))

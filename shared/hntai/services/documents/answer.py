"""What reading a document at once and as a job have in common: identifiers, the answer, the audit rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hntai.contracts.document import DocumentAnswer, DocumentPage, DocumentTiming
from hntai.domain.deidentification import DeidentificationOptions
from hntai.domain.documents.document import PAGE_GAP, Page
from hntai.domain.documents.repeats import repeated_lines
from hntai.domain.scrubbed_pieces import without_phi
from hntai.services.documents.document_store import UploadId


@dataclass(frozen=True, slots=True)
class SearchedPages:
    """Pages as they are answered, and how many identifiers of each type were found in them."""

    pages: Sequence[Page]
    counts: Mapping[str, int]

    @property
    def texts(self) -> list[str]:
        return [page.text for page in self.pages]


def searched(pages: Sequence[Page], has_time: Callable[[], bool], *, is_scrubbed: bool) -> SearchedPages:
    """The pages, without identifiers where that was asked for.

    Raises:
        RecognizerBudgetError: time was up before all was searched.
    """
    before = [page.text for page in pages]
    texts, spans = without_phi(before, PAGE_GAP, DeidentificationOptions(), has_time)
    counts = Counter(span.type.value for span in spans)
    if not is_scrubbed:
        return SearchedPages(pages, counts)
    cleaned = [replace(page, text=text) for page, text in zip(pages, texts, strict=True)]
    return SearchedPages(cleaned, counts)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is answered of a document beside its pages."""

    upload_id: UploadId
    expires_at: datetime
    media_type: str
    sha256: str
    is_scrubbed: bool


def answer_of(facts: DocumentFacts, found: SearchedPages, timing: DocumentTiming) -> DocumentAnswer:
    """The answer of POST /upload."""
    texts = found.texts
    return DocumentAnswer(
        upload_id=facts.upload_id,
        expires_at=facts.expires_at,
        text=PAGE_GAP.join(texts),
        pages=tuple(map(_shown, found.pages, repeated_lines(texts))),
        media_type=facts.media_type,
        sha256=facts.sha256,
        phi=dict(found.counts),
        scrubbed=facts.is_scrubbed,
        timing=timing,
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

"""RecognisePages: a range of a document's pictures of pages as text; one that fails, fails alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from hntai.domain.documents.document import Page, PageSource, PageWarning, page_from_json, page_to_json
from hntai.domain.errors import DocumentUnreadableError
from hntai.domain.jobs import JobId
from hntai.ports import DocumentReader
from hntai.services.document_steps.prepare_document import PREPARED
from hntai.services.file_store import FileStore
from hntai.services.run_steps.step import StepPorts

PAGE_S: Final = 60.0
"""For one page, as long as a dense one takes ten times over."""
_RECOGNISED: Final = "recognised"


class RecognisedPages(TypedDict):
    """The state's output."""

    range: int
    pages: int
    failed: int


@dataclass(frozen=True, slots=True)
class RecognisePages:
    """Recognises one range, together; what that leaves is tried once more, page by page."""

    step: StepPorts
    store: FileStore
    reader: DocumentReader

    def __call__(self, job_id: JobId, place: int) -> RecognisedPages:
        """Raises BlobsUnavailableError, SealingUnavailableError."""
        workspace = self.step.workspace
        prepared, request = workspace.get(job_id, PREPARED), workspace.document(job_id)
        numbers: list[int] = prepared["ranges"][place]
        content = b"".join(self.store.fetch(request.source))
        found = self._recognised(content, numbers)
        pages = [found.get(number) or self._alone(content, number) for number in numbers]
        workspace.put(job_id, kind_of(place), [page_to_json(page) for page in pages])
        failed = sum(PageWarning.OCR_FAILED in page.warnings for page in pages)
        ranges = len(prepared["ranges"])
        done = workspace.count(job_id, f"{_RECOGNISED}/")
        percent = 10 + round(75 * done / ranges)
        self.step.tell(job_id, percent, "recognise_pages", range=place, ranges=ranges, pages=len(pages))
        return {"range": place, "pages": len(pages), "failed": failed}

    def _alone(self, content: bytes, number: int) -> Page:
        found = self._recognised(content, [number])
        return found.get(number) or Page(number, "", PageSource.OCR, 0.0, (PageWarning.OCR_FAILED,))

    def _recognised(self, content: bytes, numbers: Sequence[int]) -> dict[int, Page]:
        """Those that could be, by their numbers."""
        try:
            pages = self.reader.recognised(content, numbers, deadline_s=PAGE_S * len(numbers))
        except DocumentUnreadableError:
            return {}
        unread = {PageWarning.OCR_OUT_OF_TIME, PageWarning.OCR_FAILED}
        return {page.number: page for page in pages if unread.isdisjoint(page.warnings)}


def kind_of(place: int) -> str:
    """Of the document that holds what was recognised of a range."""
    return f"{_RECOGNISED}/{place:03d}"


def recognised_pages(step: StepPorts, job_id: JobId, ranges: int) -> dict[int, Page]:
    """All of them, by their numbers."""
    told = (one for place in range(ranges) for one in step.workspace.get(job_id, kind_of(place)))
    return {page.number: page for page in map(page_from_json, told)}

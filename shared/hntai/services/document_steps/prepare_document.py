"""PrepareDocument: what the document says itself, and which of its pages are to be recognised, in ranges."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from hntai.domain.documents.document import Page, page_from_json, page_to_json
from hntai.domain.errors import RecordMissingError
from hntai.domain.jobs import JobId
from hntai.ports import Digests, DocumentReader
from hntai.services.file_store import FileStore
from hntai.services.run_steps.step import StepPorts

PREPARED: Final = "prepared"
READING_S: Final = 120.0
RANGE_PAGES: Final = 4
"""Recognised in one go; at 60 s a page, and each once more alone, that is eight minutes."""


class PreparedDocument(TypedDict):
    """The state's output."""

    pages: int
    scanned: int
    ranges: list[int]


@dataclass(frozen=True, slots=True)
class PrepareDocument:
    """Reads what can be read without recognising; asked again, it says what it found."""

    step: StepPorts
    store: FileStore
    reader: DocumentReader
    digests: Digests

    def __call__(self, job_id: JobId) -> PreparedDocument:
        """Raises DocumentError, UploadMissingError."""
        try:
            prepared = self.step.workspace.get(job_id, PREPARED)
        except RecordMissingError:
            prepared = self._prepared(job_id)
            self.step.workspace.put(job_id, PREPARED, prepared)
        ranges, pages = prepared["ranges"], len(prepared["pages"])
        scanned = sum(map(len, ranges))
        self.step.tell(job_id, 10, "prepare_document", pages=pages, scanned=scanned)
        return {"pages": pages, "scanned": scanned, "ranges": list(range(len(ranges)))}

    def _prepared(self, job_id: JobId) -> dict[str, Any]:
        self.step.jobs.start_fetch(job_id, self.step.clock())
        self.step.jobs.mark_phi_touched(job_id)
        self.step.tell(job_id, 2, "prepare_document")
        source = self.step.workspace.document(job_id).source
        content = b"".join(self.store.fetch(source))
        digest = hashlib.sha256(content)
        said = self.reader.said(content, deadline_s=READING_S)
        scans = [page.number for page in said.pages if not page.confidence]
        return {
            "media_type": said.media_type,
            "sha256": digest.hexdigest(),
            "input_hmac": self.digests("audit-input", digest.digest()).hex(),
            "objects": len(self.store.listed(source)),
            "pages": [page_to_json(page) for page in said.pages],
            "ranges": [scans[at : at + RANGE_PAGES] for at in range(0, len(scans), RANGE_PAGES)],
            "prepared_at": self.step.clock().timestamp(),
        }


def pages_said(prepared: dict[str, Any]) -> list[Page]:
    """The pages as the document says them; those to be recognised are empty."""
    return [page_from_json(told) for told in prepared["pages"]]

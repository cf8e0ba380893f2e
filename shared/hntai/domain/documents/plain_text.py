"""Plain text and tables in text."""

from __future__ import annotations

import csv
import io
import sys

from hntai.domain.documents.document import Page
from hntai.domain.documents.layout import Layout
from hntai.domain.documents.sniffing import separator
from hntai.domain.documents.text_bytes import decoded
from hntai.domain.errors import DocumentTooLongError


def text_pages(content: bytes, *, max_chars: int, max_pages: int) -> list[Page]:
    """The text as it stands; form feeds end pages."""
    found = decoded(content)
    if len(found.text) > max_chars:
        raise DocumentTooLongError(limit_chars=max_chars)
    texts = [text for part in found.text.split("\f") if (text := part.strip("\n"))]
    if len(texts) > max_pages:
        raise DocumentTooLongError(limit_pages=max_pages)
    return [Page(number, text, warnings=found.warnings) for number, text in enumerate(texts, 1)]


def csv_pages(content: bytes, layout: Layout) -> list[Page]:
    """A row a line, on one page."""
    found = decoded(content)
    csv.field_size_limit(min(sys.maxsize, 1 << 30))
    for row in csv.reader(io.StringIO(found.text), delimiter=separator(found.text) or ","):
        layout.begin_row()
        for cell in row:
            layout.words(cell)
            layout.end_cell()
        layout.end_row()
    return [Page(number, text, warnings=found.warnings) for number, text in enumerate(layout.pages(), 1)]

"""The child a document is read in: `python -m hntai.adapters.document_child TYPE BYTES CPU_S CHARS PAGES`.

Standard input is the document; standard output takes a line of JSON a page; standard error one line that says
how it ended. What reads a document is loaded and has read one of our own before the kernel lets the child
open nothing more and write no file.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import IO, Final

from hntai.adapters.confinement import confine, moved_streams
from hntai.domain.documents.ccda_text import ccda_pages
from hntai.domain.documents.document import Page
from hntai.domain.documents.docx_text import docx_pages
from hntai.domain.documents.fhir_text import fhir_pages
from hntai.domain.documents.html_text import html_pages
from hntai.domain.documents.layout import Layout
from hntai.domain.documents.plain_text import csv_pages, text_pages
from hntai.domain.documents.rtf_text import rtf_pages
from hntai.domain.documents.sniffing import SHOWN, DocumentType
from hntai.domain.errors import (
    DocumentError,
    DocumentTooLongError,
    DocumentTypeUnknownError,
    DocumentUnreadableError,
)

KNOWN: Final = {
    error.__name__: error
    for error in (DocumentTooLongError, DocumentTypeUnknownError, DocumentUnreadableError)
}
"""What a child may report."""
Reader = Callable[[bytes, int, int], Iterable[Page]]
"""content, max_chars, max_pages."""


def main() -> None:
    """Reads the one document."""
    document_type, memory_bytes, cpu_s, max_chars, max_pages = sys.argv[1:6]
    document, pages, report = moved_streams()
    try:
        read = READERS[DocumentType(document_type)]
        _warm_up(DocumentType(document_type))
        confine(int(memory_bytes), int(cpu_s))
        with document:
            content = document.read()
        for page in _bounded(read(content, int(max_chars), int(max_pages)), int(max_chars)):
            pages.write(json.dumps(_line_of(page)).encode() + b"\n")
        pages.flush()
        _report(report, {"done": {}})
    except BrokenPipeError:
        os._exit(0)
    except (MemoryError, RecursionError):
        _report(report, _failed(DocumentUnreadableError(cause="out_of_memory")))
    except DocumentError as error:
        _report(report, _failed(error))
    os._exit(0)


def _bounded(pages: Iterable[Page], max_chars: int) -> Iterable[Page]:
    """The pages. Raises DocumentTooLongError, and DocumentUnreadableError where there is none."""
    chars, count = 0, 0
    for page in pages:
        chars, count = chars + len(page.text), count + 1
        if chars > max_chars:
            raise DocumentTooLongError(limit_chars=max_chars)
        yield page
    if not count:
        raise DocumentUnreadableError(cause="empty")


def _line_of(page: Page) -> dict[str, object]:
    return {
        "number": page.number,
        "text": page.text,
        "source": page.source.value,
        "confidence": page.confidence,
        "warnings": [warning.value for warning in page.warnings],
    }


def _warm_up(document_type: DocumentType) -> None:
    """A library is loaded when first used; later it cannot be."""
    if document_type is DocumentType.PDF:
        tuple(_pdf(_ONE_PAGE, 100, 1))


def _pdf(content: bytes, _max_chars: int, max_pages: int) -> Iterable[Page]:
    from hntai.adapters.pdf_pages import opened_pdf, pdf_pages

    return pdf_pages(opened_pdf(content, max_pages))


def _laid_out(read: Callable[[bytes, Layout], Iterable[Page]]) -> Reader:
    return lambda content, chars, pages: read(content, Layout(max_chars=chars, max_pages=pages))


READERS: Final[Mapping[DocumentType, Reader]] = {
    DocumentType.PDF: _pdf,
    DocumentType.DOCX: _laid_out(lambda content, layout: docx_pages(content, layout, list(SHOWN))),
    DocumentType.RTF: _laid_out(rtf_pages),
    DocumentType.HTML: _laid_out(html_pages),
    DocumentType.CCDA: _laid_out(ccda_pages),
    DocumentType.FHIR_JSON: _laid_out(lambda content, layout: fhir_pages(content, layout, list(SHOWN))),
    DocumentType.CSV: _laid_out(csv_pages),
    DocumentType.TXT: lambda content, chars, pages: text_pages(content, max_chars=chars, max_pages=pages),
}
_ONE_PAGE: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj trailer<</Root 1 0 R>>\n%%EOF"
)
"""A page with nothing on it."""


def _failed(error: DocumentError) -> dict[str, object]:
    return {"failed": {"error": type(error).__name__, "details": error.details}}


def _report(report: IO[bytes], said: dict[str, object]) -> None:
    with suppress(BrokenPipeError):
        report.write(json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    main()

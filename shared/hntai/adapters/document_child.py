"""The child a document is read in: `python -m ...document_child TYPE BYTES CPU_S CHARS PAGES [NUMBERS S]`.

With NUMBERS (`1,5,6`, or `all`) and S these pages are recognised as pictures, in S seconds; else what the
document says itself is read.

Standard input is the document; standard output takes a line of JSON a page; standard error one line that says
how it ended. What reads a document is loaded and has read one of our own before the kernel lets the child
open nothing more and write no file.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from hntai.adapters.confinement import confine, moved_streams, report
from hntai.domain.documents.ccda_text import ccda_pages
from hntai.domain.documents.document import PAGE_GAP, Page, PageSource, page_to_json
from hntai.domain.documents.docx_text import docx_pages
from hntai.domain.documents.fhir_text import fhir_pages
from hntai.domain.documents.html_text import html_pages
from hntai.domain.documents.layout import Layout
from hntai.domain.documents.plain_text import csv_pages, text_pages
from hntai.domain.documents.rtf_text import rtf_pages
from hntai.domain.documents.sniffing import PICTURES, SHOWN, DocumentType
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
    type_name, memory_bytes, cpu_s, max_chars, max_pages, *recognising = sys.argv[1:]
    document, pages, told = moved_streams()
    try:
        read = _recognising(DocumentType(type_name), *recognising) if recognising else _saying(type_name)
        confine(int(memory_bytes), int(cpu_s))
        with document:
            content = document.read()
        for page in _bounded(read(content, int(max_chars), int(max_pages)), int(max_chars)):
            pages.write(json.dumps(page_to_json(page)).encode() + b"\n")
        pages.flush()
        report(told, {})
    except BrokenPipeError:
        os._exit(0)
    except (MemoryError, RecursionError):
        report(told, DocumentUnreadableError(cause="out_of_memory"))
    except DocumentError as error:
        report(told, error)
    os._exit(0)


def _bounded(pages: Iterable[Page], max_chars: int) -> Iterable[Page]:
    """The pages. Raises DocumentTooLongError, and DocumentUnreadableError where there is none."""
    chars, count = 0, 0
    for page in pages:
        chars, count = chars + len(page.text) + len(PAGE_GAP) * (count > 0), count + 1
        if chars > max_chars:
            raise DocumentTooLongError(limit_chars=max_chars)
        yield page
    if not count:
        raise DocumentUnreadableError(cause="empty")


def _saying(type_name: str) -> Reader:
    """What reads the type. A library is loaded when first used; later it cannot be."""
    read = READERS[DocumentType(type_name)]
    if read is _pdf:
        tuple(_pdf(_ONE_PAGE, 100, 1))
    return read


def _recognising(document_type: DocumentType, numbers: str, budget_s: str) -> Reader:
    """What recognises pages of the type, with everything loaded that it takes.

    Without time, what counts the pages of a picture.
    """
    from hntai.adapters.cpu_quota import thread_count
    from hntai.adapters.pictures import image_pictures, pdf_pictures, warmed_up
    from hntai.adapters.recognition import Recognizer, recognised

    warmed_up()
    if document_type in PICTURES and float(budget_s) < 0:
        return lambda content, _chars, pages: (
            Page(number, "", PageSource.OCR, 0.0) for number, _ in image_pictures(content, pages)
        )
    recognizer = Recognizer(thread_count())
    wanted = None if numbers == "all" else [int(number) for number in numbers.split(",")]
    if document_type in PICTURES:
        return lambda content, _chars, pages: recognised(
            recognizer, image_pictures(content, pages, wanted), float(budget_s)
        )
    from hntai.adapters.pdf_pages import opened_pdf

    opened_pdf(_ONE_PAGE, 1)[0].render()
    assert wanted is not None  # as ChildDocumentReader asks for pages of a PDF
    return lambda content, _chars, pages: recognised(
        recognizer, pdf_pictures(opened_pdf(content, pages), wanted), float(budget_s)
    )


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


if __name__ == "__main__":
    main()

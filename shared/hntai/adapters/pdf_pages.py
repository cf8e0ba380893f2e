"""The text layer of PDFs, by PDFium. Runs in document_child alone.

Scripts are not run and attachments not opened: both need calls that are not made here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pypdfium2 as pdfium

from hntai.domain.documents.document import Page, PageWarning
from hntai.domain.documents.page_layout import Piece, page_text
from hntai.domain.errors import DocumentTooLongError, DocumentUnreadableError

MAX_GARBLED: Final = 0.1
"""Of a page's letters, those that are none."""
_TAIL_BYTES: Final = 4096
_PASSWORD: Final = 4
"""Source: PDFium, public/fpdfview.h, FPDF_ERR_PASSWORD."""


def opened_pdf(content: bytes, max_pages: int) -> Any:
    """The document.

    Raises:
        DocumentUnreadableError: encrypted, truncated or damaged.
        DocumentTooLongError: too many pages.
    """
    if b"%%EOF" not in content[-_TAIL_BYTES:]:
        raise DocumentUnreadableError(cause="truncated")
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        cause = "encrypted" if getattr(error, "err_code", None) == _PASSWORD else "damaged"
        raise DocumentUnreadableError(cause=cause) from None
    if len(document) > max_pages:
        raise DocumentTooLongError(limit_pages=max_pages, pages=len(document))
    if not len(document):
        raise DocumentUnreadableError(cause="empty")
    return document


def pdf_pages(document: Any) -> Iterator[Page]:
    """Every page, with what its text layer says; empty and with a warning where that is nothing.

    Raises:
        DocumentUnreadableError: a page cannot be opened.
    """
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            raise DocumentUnreadableError(cause="damaged", page=number) from None
        text = _text_layer(page)
        page.close()
        if not text.strip():
            yield Page(number, "", confidence=0.0, warnings=(PageWarning.NO_TEXT_LAYER,))
        elif _garbled(text) > MAX_GARBLED:
            yield Page(number, "", confidence=0.0, warnings=(PageWarning.GARBLED_TEXT_LAYER,))
        else:
            yield Page(number, text)


def _text_layer(page: Any) -> str:
    layer = page.get_textpage()
    try:
        pieces = [_piece(layer, place, page) for place in range(layer.count_rects())]
        words = [piece for piece in pieces if len(piece.text.strip()) > 3]
        upright = sum(piece.right - piece.left > piece.height for piece in words)
        if words and upright < len(words) / 2:
            return str(layer.get_text_range()).replace("\r\n", "\n").replace("\ufffe", "")
        return page_text(pieces)
    finally:
        layer.close()


def _piece(layer: Any, place: int, page: Any) -> Piece:
    """A stretch of one line, turned the way the page is shown."""
    left, bottom, right, top = layer.get_rect(place)
    text = layer.get_text_bounded(left, bottom, right, top).replace("\ufffe", "")
    turned = {
        0: (left, -top, right, -bottom),
        90: (bottom, left, top, right),
        180: (-right, bottom, -left, top),
        270: (-top, -right, -bottom, -left),
    }[page.get_rotation()]
    return Piece(*turned, text=text)


def _garbled(text: str) -> float:
    """The part of it that is private, replaced or a control character."""
    bad = sum(
        "\ue000" <= letter <= "\uf8ff" or letter == "\ufffd" or (letter < " " and letter not in "\n\t\r")
        for letter in text
    )
    return bad / len(text)

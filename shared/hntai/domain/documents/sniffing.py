"""What kind of document bytes are. They say it themselves; names and declared types do not count."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from hntai.domain.documents.text_bytes import decoded, is_text

HEAD_BYTES: Final = 64 << 10
"""Looked at for declarations and for letters."""


class DocumentType(StrEnum):
    """The types that are read, by their media types.

    Source: IANA media types; C-CDA is sent as text/xml (IHE XDS-MS, ITI TF-3).
    """

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    RTF = "application/rtf"
    HTML = "text/html"
    CCDA = "text/xml"
    FHIR_JSON = "application/fhir+json"
    CSV = "text/csv"
    TXT = "text/plain"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"


SHOWN: Final = ("PDF", "DOCX", "RTF", "HTML", "TXT", "CSV", "C-CDA XML", "FHIR JSON", "PNG", "JPEG", "TIFF")
"""Their names for people."""
PICTURES: Final = frozenset({DocumentType.PNG, DocumentType.JPEG, DocumentType.TIFF})
_MAGICS: Final = (
    (b"%PDF-", DocumentType.PDF),
    (b"PK\x03\x04", DocumentType.DOCX),
    (b"{\\rtf", DocumentType.RTF),
    (b"\x89PNG\r\n\x1a\n", DocumentType.PNG),
    (b"\xff\xd8\xff", DocumentType.JPEG),
    (b"II*\x00", DocumentType.TIFF),
    (b"MM\x00*", DocumentType.TIFF),
)
_CDA: Final = re.compile(r"<(?:\w+:)?ClinicalDocument[\s>]")
_HTML: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|table|div|p|h1)[\s>]", re.IGNORECASE)
_OPENING: Final = re.compile(r"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_QUOTED: Final = re.compile(r'"[^"]*"')
_SEPARATORS: Final = (",", ";", "\t", "|")


def sniffed(content: bytes) -> DocumentType | None:
    """The type of the document; None for anything else.

    A type named here is what the bytes open as: the reader of the type says whether they are whole.
    """
    for magic, document_type in _MAGICS:
        if content.startswith(magic):
            return document_type
    head = content[:HEAD_BYTES]
    if not is_text(head):
        return None
    text = decoded(head).text
    opening = text[_end_of_opening(text) :]
    if opening.startswith("<"):
        return _marked_up(opening)
    if opening.startswith(("{", "[")) and '"resourceType"' in text:
        return DocumentType.FHIR_JSON
    return DocumentType.CSV if separator(text) else DocumentType.TXT


def separator(text: str) -> str | None:
    """What stands between the fields of a table in text, if it is one: as often in each line."""
    lines = [line for line in _QUOTED.sub('""', text).split("\n")[:20] if line.strip()]
    if len(text) >= HEAD_BYTES:
        lines = lines[:-1]
    for mark in _SEPARATORS:
        counts = {line.count(mark) for line in lines}
        if len(lines) >= 2 and len(counts) == 1 and counts != {0} and not _is_prose(lines, mark):
            return mark
    return None


def _is_prose(lines: list[str], mark: str) -> bool:
    """Sentences with a comma each are no table: blanks follow their commas, stops end them."""
    return mark in ",;" and all(f"{mark} " in line and line.rstrip().endswith((".", ",")) for line in lines)


def _end_of_opening(text: str) -> int:
    found = _OPENING.match(text)
    return found.end() if found else 0


def _marked_up(opening: str) -> DocumentType | None:
    if _CDA.search(opening[:4096]):
        return DocumentType.CCDA
    return DocumentType.HTML if _HTML.search(opening[:4096]) else None

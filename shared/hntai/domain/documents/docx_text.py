"""Word documents: paragraphs, lists and tables in order, with headers, footers and notes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from hntai.domain.documents.document import Page
from hntai.domain.documents.layout import Layout
from hntai.domain.documents.xml_tree import Node, parsed_xml
from hntai.domain.errors import DocumentTypeUnknownError, DocumentUnreadableError

MAX_PART_BYTES: Final = 64 << 20
"""Of one part, unpacked; counted as it is unpacked, whatever the archive says."""
MAX_ENTRIES: Final = 10_000
MAIN: Final = "word/document.xml"
_ABOVE: Final = re.compile(r"word/header\d*\.xml")
_BELOW: Final = re.compile(r"word/(?:footnotes|endnotes|footer\d*)\.xml")
_LEFT_OUT: Final = frozenset({"del", "moveFrom", "instrText", "pPr", "rPr", "tblPr", "Fallback", "sectPr"})
"""What was deleted, fields' code, properties, and the second copy of what newer programs show."""


def docx_pages(content: bytes, layout: Layout, shown: list[str]) -> list[Page]:
    """Pages as the program that saved it broke them; headers above them, footers and notes below.

    shown: the types that are read, for the error.

    Raises:
        DocumentTypeUnknownError: an archive of something else.
        DocumentUnreadableError: cause says why.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = _checked_names(archive)
            if MAIN not in names:
                raise DocumentTypeUnknownError(types=shown)
            above = [name for name in names if _ABOVE.fullmatch(name)]
            below = [name for name in names if _BELOW.fullmatch(name)]
            for name in (*above, MAIN, *below):
                _lay_out(parsed_xml(_part(archive, name)), layout)
                layout.end_row()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        whole = b"PK\x05\x06" in content[-65_600:]
        raise DocumentUnreadableError(cause="damaged" if whole else "truncated") from error
    return [Page(number, text) for number, text in enumerate(layout.pages(), 1)]


def _checked_names(archive: zipfile.ZipFile) -> list[str]:
    """Every name once. Nothing is unpacked to a place, but names that ask for one are no document's."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise DocumentUnreadableError(cause="bomb", limit=MAX_ENTRIES)
    for entry in entries:
        name = entry.orig_filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise DocumentUnreadableError(cause="archive_paths")
        if entry.flag_bits & 1:
            raise DocumentUnreadableError(cause="encrypted")
    return sorted({entry.filename for entry in entries})


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        content = part.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES:
        raise DocumentUnreadableError(cause="bomb", limit_bytes=MAX_PART_BYTES)
    return content


def _lay_out(node: Node, layout: Layout) -> None:
    for child in node.elements():
        if child.name in _LEFT_OUT:
            if child.name == "pPr" and child.at("numPr"):
                layout.words("- ")
            continue
        _begin(child, layout)
        if child.name == "t":
            layout.words(child.words())
        else:
            _lay_out(child, layout)
        _end(child, layout)


def _begin(node: Node, layout: Layout) -> None:
    if node.name == "tr":
        layout.begin_row()
    elif node.name in ("tab", "ptab"):
        layout.words(" ")
    elif node.name == "noBreakHyphen":
        layout.words("-")
    elif node.name == "lastRenderedPageBreak" or (
        node.name == "br" and node.attributes.get("type") == "page"
    ):
        layout.end_page()
    elif node.name in ("br", "cr", "p"):
        layout.end_line()


def _end(node: Node, layout: Layout) -> None:
    if node.name == "p":
        layout.end_line()
    elif node.name == "tc":
        layout.end_cell()
    elif node.name == "tr":
        layout.end_row()

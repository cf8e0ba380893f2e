"""Pictures of pages: recognised whichever way they lie, refused by their dimensions, given up in time."""

from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image

from hntai.adapters.document_reader import ChildDocumentReader
from hntai.domain.documents.document import PageSource, PageWarning
from hntai.domain.errors import DocumentTooLongError, DocumentUnreadableError
from hntai.ports import ReadDocument
from tests.documents import lines, pdf, picture, rendered, saved

READER = ChildDocumentReader(max_chars=500_000)
TEXTS = (
    "Dear colleague, thank you for Anna Testpatient.",
    "Potassium 4.1 mmol/L, metformin 500 mg twice daily.",
)
SAID = "\n".join(TEXTS)
PAGE = picture(*TEXTS)


def read(content: bytes, *, deadline_s: float = 60, reader: ChildDocumentReader = READER) -> ReadDocument:
    return reader.read(content, deadline_s=deadline_s)


def cause(content: bytes) -> str:
    with pytest.raises(DocumentUnreadableError) as raised:
        read(content)
    return str(raised.value.details["cause"])


@pytest.mark.parametrize(
    ("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("TIFF", "image/tiff")]
)
def test_a_picture_is_recognised_with_its_confidence(kind: str, media_type: str) -> None:
    found = read(saved(PAGE, kind))
    assert (found.media_type, [page.text for page in found.pages]) == (media_type, [SAID])
    assert found.pages[0].source is PageSource.OCR
    assert 0.9 < found.pages[0].confidence < 1


@pytest.mark.parametrize("degrees", [2, -3, 90, 180, 270])
def test_a_page_is_read_whichever_way_it_lies(degrees: int) -> None:
    turned = PAGE.rotate(degrees, expand=True, fillcolor="white")
    assert read(saved(turned, "PNG")).pages[0].text == SAID


@pytest.mark.parametrize("degrees", [0, 1.5, -2])
def test_rows_of_a_table_stay_rows_though_the_page_lies_askew(degrees: float) -> None:
    rows = [("Test", "Value", "Unit"), ("Sodium", "139", "mmol/L"), ("HbA1c", "5.6", "high")]
    placed = [(72 + 150 * x, 700 - 24 * y, cell) for y, row in enumerate(rows) for x, cell in enumerate(row)]
    page = rendered(pdf(placed)).rotate(degrees, expand=True, fillcolor="white")
    assert read(saved(page, "PNG")).pages[0].text.split("\n") == [" | ".join(row) for row in rows]


def test_every_page_of_a_tiff_is_read() -> None:
    found = read(saved(PAGE, "TIFF", picture("Second page of the fax.")))
    assert [(page.number, page.text) for page in found.pages] == [(1, SAID), (2, "Second page of the fax.")]


def test_a_scanned_pdf_is_recognised_page_by_page() -> None:
    found = read(saved(PAGE, "PDF", picture("Second page.")))
    assert [page.text for page in found.pages] == [SAID, "Second page."]
    assert {page.source for page in found.pages} == {PageSource.OCR}
    assert {page.warnings for page in found.pages} == {(PageWarning.NO_TEXT_LAYER,)}


def test_a_text_layer_that_makes_no_words_is_not_believed() -> None:
    garbled = b"/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[97 /g1 /g2 /g3]>>/ToUnicode 6 0 R"
    mapping = (
        b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        b"1 beginbfrange <00> <FF> <E000> endbfrange endcmap"
    )
    content = pdf(
        lines("abc abc abc"), extra=[b"<</Length %d>>stream\n%s\nendstream" % (len(mapping), mapping)]
    )
    found = read(content.replace(b"/Encoding/WinAnsiEncoding", garbled))
    assert found.pages[0].source is PageSource.OCR
    assert PageWarning.GARBLED_TEXT_LAYER in found.pages[0].warnings


def test_what_can_be_seen_through_lies_on_paper() -> None:
    clear = PAGE.convert("RGBA")
    clear.putalpha(PAGE.convert("L").point(lambda grey: 255 - grey))
    assert read(saved(clear, "PNG")).pages[0].text == SAID


def png(width: int, height: int) -> bytes:
    """One that says it is so large, and holds next to nothing."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(4096))),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


BAD = {
    "bomb by dimension": (png(60_000, 60_000), "bomb"),
    "truncated png": (saved(PAGE, "PNG")[:5000], "truncated"),
    "truncated jpeg": (saved(PAGE, "JPEG")[:5000], "truncated"),
    "png of nothing": (b"\x89PNG\r\n\x1a\n" + bytes(64), "damaged"),
    "jpeg of nothing": (b"\xff\xd8\xff" + bytes(64), "damaged"),
    "tiff of nothing": (b"II*\x00" + bytes(64), "damaged"),
}


@pytest.mark.parametrize(("content", "expected"), BAD.values(), ids=BAD)
def test_bad_pictures_are_told_what_is_bad_about_them(content: bytes, expected: str) -> None:
    assert cause(content) == expected


def test_too_many_frames_are_refused() -> None:
    dot = Image.new("1", (4, 4))
    with pytest.raises(DocumentTooLongError) as raised:
        read(saved(dot, "TIFF", *[dot] * 4), reader=ChildDocumentReader(max_chars=500, max_pages=4))
    assert raised.value.details == {"limit_pages": 4, "pages": 5}


def test_pages_there_is_no_time_for_are_empty_and_say_so() -> None:
    fax = PAGE.convert("1")
    found = read(saved(fax, "TIFF", *[fax] * 70), deadline_s=24)
    assert found.pages[0].text == SAID
    assert (found.pages[-1].text, found.pages[-1].confidence) == ("", 0.0)
    assert found.pages[-1].warnings == (PageWarning.OCR_OUT_OF_TIME,)
    assert len(found.pages) == 71


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_pages_can_be_asked_for_without_being_recognised_and_recognised_apart(kind: str) -> None:
    content = saved(PAGE, kind, PAGE, PAGE)
    reader = ChildDocumentReader(max_chars=5000)
    said = reader.said(content, deadline_s=30)
    assert [(page.number, page.text, page.confidence) for page in said.pages] == [
        (number, "", 0.0) for number in (1, 2, 3)
    ]
    assert PageWarning.OCR_OUT_OF_TIME not in {w for page in said.pages for w in page.warnings}
    pages = reader.recognised(content, [3, 1], deadline_s=60)
    assert sorted(page.number for page in pages) == [1, 3]
    assert {page.text for page in pages} == {SAID}


def test_a_page_that_ends_its_child_leaves_the_others_to_be_tried_apart() -> None:
    reader = ChildDocumentReader(max_chars=5000, recognising_bytes=300 << 20)
    found = reader.read(saved(PAGE, "PDF", PAGE), deadline_s=30)
    assert [page.warnings for page in found.pages] == [
        (PageWarning.NO_TEXT_LAYER, PageWarning.OCR_OUT_OF_TIME)
    ] * 2

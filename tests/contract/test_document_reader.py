"""Documents of every type: what is read of them, page by page and row by row."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hntai.adapters.document_reader import ChildDocumentReader
from hntai.domain.documents.document import PageSource, PageWarning
from hntai.ports import ReadDocument
from tests.documents import (
    assembled,
    ccda,
    docx,
    docx_table,
    fhir,
    lines,
    paragraph,
    pdf,
)

LABS = (("Test", "Value", "Range"), ("Potassium", "4.1", "3.5-5.1"), ("Sodium", "139", "136-145"))
AS_ROWS = "Test | Value | Range\nPotassium | 4.1 | 3.5-5.1\nSodium | 139 | 136-145"
READER = ChildDocumentReader(max_chars=500_000)


def read(content: bytes, reader: ChildDocumentReader = READER) -> ReadDocument:
    return reader.read(content, deadline_s=30)


def texts(content: bytes) -> list[str]:
    return [page.text for page in read(content).pages]


def warnings(content: bytes) -> set[PageWarning]:
    return {warning for page in read(content).pages for warning in page.warnings}


def table(rows: Sequence[Sequence[str]], tag: str = "td") -> str:
    cells = ("".join(f"<{tag}>{cell}</{tag}>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


GOOD = [
    (
        "text/plain",
        b"Anna Testpatient\n\nPotassium 4.1 today.\n",
        ["Anna Testpatient\n\nPotassium 4.1 today."],
    ),
    ("text/plain", b"First.\n\x0cSecond.\n", ["First.", "Second."]),
    ("text/csv", b'Test,Value,Range\nPotassium,4.1,3.5-5.1\n"Sodium",139,"136-145"\n', [AS_ROWS]),
    ("text/csv", b'Name;Comment\r\nK;"a; b\r\nc"\r\nNa;none\r\n', ["Name | Comment\nK | a; b c\nNa | none"]),
    (
        "text/html",
        f"<!DOCTYPE html><html><body><h1>Labs</h1>{table(LABS)}</body></html>".encode(),
        ["Labs\n" + AS_ROWS],
    ),
    (
        "application/rtf",
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\author Nobody}}Caf\'e9 \u8211? na\u239?ve\par Next}",
        ["Café – naïve\nNext"],
    ),
    ("application/rtf", rb"{\rtf1\ansi One\page Two}", ["One", "Two"]),
    (
        "application/rtf",
        b"{\\rtf1 "
        + b"".join(
            b"\\trowd\\cellx1\\cellx2 " + b"".join(cell.encode() + b"\\cell " for cell in row) + b"\\row\n"
            for row in LABS
        )
        + b"}",
        [AS_ROWS],
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        docx(paragraph("Labs & more") + docx_table(*LABS)),
        ["Labs & more\n" + AS_ROWS],
    ),
    (
        "text/xml",
        ccda(("Results", table(LABS)), ("Plan", "<list><item>Rest</item><item>Fluids</item></list>")),
        [
            "Summary of Care\nPatient: Anna Testpatient\nBorn: 19500214\nResults\n"
            + AS_ROWS
            + "\nPlan\n- Rest\n- Fluids"
        ],
    ),
    (
        "application/fhir+json",
        fhir(
            {
                "resourceType": "Condition",
                "text": {"status": "generated", "div": f"<div><p>Type 2 diabetes</p>{table(LABS)}</div>"},
            }
        ),
        ["Condition\nType 2 diabetes\n" + AS_ROWS],
    ),
    (
        "application/pdf",
        pdf(lines("Dear colleague,", "thank you for Anna Testpatient."), lines("Second page.")),
        ["Dear colleague,\nthank you for Anna Testpatient.", "Second page."],
    ),
    (
        "application/pdf",
        pdf(
            [
                (72 + 150 * column, 700 - 16 * row, cell)
                for row, cells in enumerate(LABS)
                for column, cell in enumerate(cells)
            ]
        ),
        [AS_ROWS],
    ),
]


@pytest.mark.parametrize(("media_type", "content", "expected"), GOOD)
def test_every_type_is_read_with_its_pages_and_rows(
    media_type: str, content: bytes, expected: list[str]
) -> None:
    found = read(content)
    assert found.media_type == media_type
    assert [page.text for page in found.pages] == expected
    assert [page.number for page in found.pages] == list(range(1, len(expected) + 1))
    assert {(page.source, page.confidence) for page in found.pages} == {(PageSource.TEXT, 1.0)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_in_every_encoding(encoding: str) -> None:
    assert texts("Größe 178 cm, José, Łódź\n".encode(encoding)) == ["Größe 178 cm, José, Łódź"]


def test_what_no_encoding_says_is_read_as_western_and_told() -> None:
    content = "Größe 178 cm – “gut”".encode("cp1252")
    assert texts(content) == ["Größe 178 cm – “gut”"]
    assert warnings(content) == {PageWarning.ENCODING_GUESSED}


def test_mixed_encodings_are_read_line_by_line_and_told() -> None:
    content = "José\n".encode() + "Größe\n".encode("latin-1")
    assert texts(content) == ["José\nGröße"]
    assert warnings(content) == {PageWarning.MIXED_ENCODINGS}


def test_html_declares_its_encoding() -> None:
    content = '<html><meta charset="iso-8859-2"><p>Łódź</p></html>'.encode("iso-8859-2")
    assert texts(content) == ["Łódź"]


def test_of_html_only_what_is_seen_is_read() -> None:
    content = (
        b"<html><head><title>T</title><style>p{}</style><script>document.write('no')</script></head><body>"
        b"<!-- no --><p>One<br>two &amp; three<p>four<ul><li>a<li>b</ul><template>no</template>"
        b"<pre>x\n  y</pre></body></html>"
    )
    assert texts(content) == ["One\ntwo & three\nfour\n- a\n- b\nx\ny"]


def test_tables_that_lay_out_a_page_become_lines() -> None:
    content = f"<table><tr><td><p>Dear Anna</p><p>Results:</p>{table(LABS)}</td></tr></table>".encode()
    assert texts(content) == ["Dear Anna\nResults:\n" + AS_ROWS]


def test_word_documents_keep_pages_headers_lists_and_notes_and_lose_what_was_deleted() -> None:
    body = (
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Aspirin</w:t></w:r></w:p>"
        + "<w:p><w:del><w:r><w:t>gone</w:t></w:r></w:del><w:r><w:t>kept</w:t></w:r></w:p>"
        + paragraph("Second", before='<w:br w:type="page"/><w:lastRenderedPageBreak/>')
    )
    content = docx(body, header1=paragraph("Example Clinic"), footnotes=paragraph("A note"))
    assert texts(content) == ["Example Clinic\n- Aspirin\nkept", "Second\nA note"]


def test_fhir_resources_without_narrative_say_what_their_fields_say() -> None:
    content = fhir(
        {
            "resourceType": "Observation",
            "meta": {"profile": ["http://example.org/secret"]},
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]},
            "valueQuantity": {"value": 4.1, "unit": "mmol/L"},
        }
    )
    assert texts(content) == ["Observation\nstatus: final\ncode: Potassium\nvalueQuantity: 4.1 mmol/L"]


def test_columns_are_read_one_after_the_other() -> None:
    left = [f"Left column line {place} goes on here" for place in range(8)]
    right = [f"Right column line {place} goes on there" for place in range(8)]
    head = [
        (72.0, 740.0, "A heading that runs over the whole width of this page, from the left to the right")
    ]
    content = pdf(
        [
            *head,
            *[
                row
                for pair in zip(lines(*left, left=72), lines(*right, left=330), strict=True)
                for row in pair
            ],
        ]
    )
    assert texts(content) == ["\n".join([head[0][2], *left, *right])]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_shown_turned_is_read_as_it_is_shown(degrees: int) -> None:
    turned = {90: "0 1 -1 0 612 0", 180: "-1 0 0 -1 612 792", 270: "0 -1 1 0 0 792"}[degrees]
    content = (
        pdf(lines("First line here", "Second line here"))
        .replace(b"BT ", b"q %s cm BT " % turned.encode())
        .replace(b" ET", b" ET Q")
    )
    content = rebuilt(content.replace(b"/MediaBox", b"/Rotate %d/MediaBox" % degrees))
    assert texts(content) == ["First line here\nSecond line here"]


def rebuilt(content: bytes) -> bytes:
    """The same objects with lengths and places that are right again."""
    objects = []
    for part in content.split(b" 0 obj\n")[1:]:
        body = part.partition(b"\nendobj")[0]
        if b"stream\n" in body:
            stream = body.partition(b"stream\n")[2].rpartition(b"\nendstream")[0]
            body = b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)
        objects.append(body)
    return assembled(objects)


@pytest.mark.parametrize("content", [pdf(lines("Text."), [])], ids=["pdf"])
def test_an_empty_page_is_told_and_not_made_up(content: bytes) -> None:
    said, empty = read(content).pages
    assert (said.text, said.source, said.confidence) == ("Text.", PageSource.TEXT, 1.0)
    assert (empty.text, empty.source, empty.confidence) == ("", PageSource.OCR, 0.0)
    assert empty.warnings == (PageWarning.NO_TEXT_LAYER, PageWarning.NOTHING_RECOGNISED)


def test_scripts_and_attachments_of_a_pdf_are_not_read() -> None:
    extra = [
        b"<</S/JavaScript/JS(app.alert\\('no'\\))>>",
        b"<</Type/Filespec/F(secret.txt)/EF<</F 8 0 R>>>>",
        b"<</Length 6>>stream\nsecret\nendstream",
    ]
    content = pdf(
        lines("Text."), extra=extra, root=b"/OpenAction 6 0 R/Names<</EmbeddedFiles<</Names[(a) 7 0 R]>>>>"
    )
    assert texts(content) == ["Text."]

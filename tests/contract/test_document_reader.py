"""Documents of every type, good and bad: what is read, what is refused, and that the function lives on."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Sequence

import pytest

from hntai.adapters.document_reader import ChildDocumentReader
from hntai.domain.documents.document import PageSource, PageWarning
from hntai.domain.documents.sniffing import SHOWN
from hntai.domain.errors import (
    DocumentError,
    DocumentTooLongError,
    DocumentTypeUnknownError,
    DocumentUnreadableError,
)
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
    zipped,
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


def cause(content: bytes, reader: ChildDocumentReader = READER) -> str:
    with pytest.raises(DocumentUnreadableError) as raised:
        read(content, reader)
    return str(raised.value.details["cause"])


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


UNKNOWN = {
    "gif": b"GIF89a\x01\x00\x01\x00" + bytes(64),
    "exe": b"MZ\x90\x00" + bytes(64),
    "xml of another kind": b'<?xml version="1.0"?><invoice><a/></invoice>',
    "zip of another kind": zipped({"a.txt": "x"}),
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "gif that is a pdf too": b"GIF89a\x01\x00\x01\x00" + pdf(lines("Text.")),
    "resource type of no text": b'{"a": {"resourceType": 4}, "resourceType": 4}',
}


@pytest.mark.parametrize("content", UNKNOWN.values(), ids=UNKNOWN)
def test_other_types_are_refused_with_those_there_are(content: bytes) -> None:
    with pytest.raises(DocumentTypeUnknownError) as raised:
        read(content)
    assert raised.value.details == {"types": list(SHOWN)}


def test_json_of_no_resource_is_a_text() -> None:
    assert read(b'{"a": 1}').media_type == "text/plain"


BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "lol">{BILLION}]>'
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def _docx_with(xml: str) -> bytes:
    return zipped({"word/document.xml": xml})


def _zip_bomb() -> bytes:
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w") as part,
    ):
        for _ in range(80):
            part.write(bytes(1 << 20))
    return kept.getvalue()


def _encrypted_pdf() -> bytes:
    content = pdf(lines("Text."))
    at = content.index(b"/Root 1 0 R")
    key = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>" % (
        b"41" * 32,
        b"42" * 32,
    )
    return content[:at] + key + content[at:]


BAD = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n \x0c", "empty"),
    "html without words": (b"<html><body><script>x</script></body></html>", "empty"),
    "truncated pdf": (pdf(lines(*["Some text here."] * 40))[:900], "truncated"),
    "pdf of nothing": (b"%PDF-1.7\n%%EOF", "damaged"),
    "encrypted pdf": (_encrypted_pdf(), "encrypted"),
    "truncated docx": (docx(paragraph("Text. " * 500))[:300], "truncated"),
    "docx with half an xml": (_docx_with('<w:document xmlns:w="w"><w:body>'), "truncated"),
    "encrypted docx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted",
    ),
    "zip bomb": (_zip_bomb(), "bomb"),
    "paths": (zipped({"word/document.xml": "<a/>", "../../etc/passwd": "x"}), "archive_paths"),
    "absolute paths": (zipped({"word/document.xml": "<a/>", "/etc/passwd": "x"}), "archive_paths"),
    "docx with entities": (_docx_with(f"{BOMB}<a>&l9;</a>"), "entities"),
    "docx with outside": (_docx_with(f"{XXE}<a>&e;</a>"), "entities"),
    "ccda with entities": (ccda(("Results", "&l9;"), prolog=BOMB), "entities"),
    "ccda with outside": (ccda(("Results", "&e;"), prolog=XXE), "entities"),
    "truncated ccda": (ccda(("Results", "x" * 500))[:-100], "truncated"),
    "damaged ccda": (ccda(("Results", "<a></b>")), "damaged"),
    "deep ccda": (ccda(("Results", "<content>" * 500 + "</content>" * 500)), "too_deep"),
    "truncated rtf": (rb"{\rtf1 {\b bold", "truncated"),
    "deep rtf": (b"{\\rtf1 " + b"{" * 5000 + b"}" * 5001, "too_deep"),
    "truncated fhir": (fhir({"resourceType": "Patient", "gender": "female"})[:-12], "truncated"),
    "deep fhir": (b'{"resourceType": "Patient", "a":' + b"[" * 200_000, "too_deep"),
}


@pytest.mark.parametrize(("content", "expected"), BAD.values(), ids=BAD)
def test_bad_documents_are_told_what_is_bad_about_them(content: bytes, expected: str) -> None:
    assert cause(content) == expected


def test_a_page_tree_that_loops_ends() -> None:
    looping = assembled(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 5/Kids[2 0 R]/Parent 2 0 R>>"]
    )
    started = time.monotonic()
    with pytest.raises(DocumentError):
        read(looping)
    assert time.monotonic() - started < 10


def test_too_many_pages_are_refused_before_they_are_read() -> None:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    count = 10_000
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    content = assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
            *[page] * count,
        ]
    )
    with pytest.raises(DocumentTooLongError) as raised:
        read(content)
    assert raised.value.details == {"limit_pages": 1000, "pages": count}


@pytest.mark.parametrize(
    "content",
    [
        b"word " * 101,
        b"<html><p>" + b"word " * 101,
        b"{\\rtf1 " + b"word " * 101 + b"}",
        pdf(lines(*["word word word word word"] * 25)),
    ],
)
def test_too_many_characters_are_refused(content: bytes) -> None:
    with pytest.raises(DocumentTooLongError) as raised:
        read(content, ChildDocumentReader(max_chars=500))
    assert raised.value.details == {"limit_chars": 500}


def test_too_many_pages_of_text_are_refused() -> None:
    with pytest.raises(DocumentTooLongError) as raised:
        read(b"word\x0c" * 5, ChildDocumentReader(max_chars=500, max_pages=4))
    assert raised.value.details == {"limit_pages": 4}


ENDS = {
    "import os; os.abort()": "crashed",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": "out_of_memory",
    "import time; time.sleep(60)": "too_slow",
    "print('{')": "crashed",
}


@pytest.mark.parametrize(("program", "expected"), ENDS.items())
def test_a_child_that_dies_or_hangs_is_a_problem_and_no_more(program: str, expected: str) -> None:
    reader = ChildDocumentReader(max_chars=500, command=(sys.executable, "-c", program))
    with pytest.raises(DocumentUnreadableError) as raised:
        reader.read(b"Text.", deadline_s=1.5)
    assert raised.value.details["cause"] == expected
    assert texts(b"Text.") == ["Text."]


def test_memory_beyond_the_limit_is_told() -> None:
    tight = ChildDocumentReader(max_chars=500_000, memory_bytes=150 << 20)
    assert cause(b"<html>" + b"<p>x" * (20 << 20), tight) in ("out_of_memory", "crashed")


CONFINED = """
import os, socket
from hntai.adapters.confinement import confine
confine(1 << 30, 5)
for attempt in (lambda: socket.socket(), lambda: open("/etc/hostname"), lambda: os.pipe()):
    try:
        attempt()
    except OSError:
        continue
    os.abort()
os.write(2, b'{"failed": {"error": "DocumentUnreadableError", "details": {"cause": "confined"}}}')
"""


def test_a_child_opens_no_socket_and_no_file() -> None:
    reader = ChildDocumentReader(max_chars=500, command=(sys.executable, "-c", CONFINED))
    assert cause(b"Text.", reader) == "confined"

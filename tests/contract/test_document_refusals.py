"""Documents that are refused, each with what is bad about it; and that the function lives on."""

from __future__ import annotations

import io
import sys
import time
import zipfile

import pytest

from hntai.adapters.document_reader import ChildDocumentReader
from hntai.domain.documents.document import PageWarning
from hntai.domain.documents.sniffing import SHOWN
from hntai.domain.errors import (
    DocumentError,
    DocumentTooLongError,
    DocumentTypeUnknownError,
    DocumentUnreadableError,
)
from tests.contract.test_document_reader import READER, read, texts
from tests.documents import assembled, ccda, docx, fhir, lines, paragraph, pdf, picture, saved, zipped


def cause(content: bytes, reader: ChildDocumentReader = READER) -> str:
    with pytest.raises(DocumentUnreadableError) as raised:
        read(content, reader)
    return str(raised.value.details["cause"])


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


DIES_RECOGNISING = """
import os, runpy, sys
if sys.argv[-1] != "-1":
    os.abort()
runpy.run_module("hntai.adapters.document_child", run_name="__main__", alter_sys=True)
"""


def test_pages_of_one_picture_are_left_for_later_where_one_of_them_ends_the_child() -> None:
    reader = ChildDocumentReader(max_chars=500_000, command=(sys.executable, "-c", DIES_RECOGNISING))
    fax = saved(picture("One."), "TIFF", picture("Two."), picture("Three."))
    pages = reader.read(fax, deadline_s=10).pages
    assert [(page.number, page.text, page.warnings) for page in pages] == [
        (number, "", (PageWarning.OCR_OUT_OF_TIME,)) for number in (1, 2, 3)
    ]
    assert cause(saved(picture("Alone."), "TIFF"), reader) == "crashed"


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

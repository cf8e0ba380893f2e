"""Documents of every kind, written here for the tests."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

import pypdfium2 as pdfium
from PIL import Image

Placed = tuple[float, float, str]
"""x, y (from the bottom), words."""
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*pages: Sequence[Placed], size: float = 11, extra: Sequence[bytes] = (), root: bytes = b"") -> bytes:
    """A PDF with these words in Helvetica at their places, and a cross-reference table that is right.

    extra: more objects. root: more entries of the catalogue.
    """
    kids = b" ".join(b"%d 0 R" % (4 + 2 * place) for place in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % root,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for place, words in enumerate(pages):
        content = b"".join(
            b"BT /F1 %.1f Tf %.1f %.1f Td (%s) Tj ET\n" % (size, x, y, _escaped(text)) for x, y, text in words
        )
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]"
            b"/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>" % (5 + 2 * place)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    return assembled([*objects, *extra])


def assembled(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Objects 1 to n as a file; the first is the catalogue."""
    written, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            trailer,
            len(written),
        )
    )


def picture(*texts: str) -> Image.Image:
    """A page with these lines, as a scanner would see it at its best."""
    return rendered(pdf(lines(*texts)))


def rendered(content: bytes, dpi: int = 200) -> Image.Image:
    """The first page of a PDF."""
    page: Image.Image = pdfium.PdfDocument(content)[0].render(scale=dpi / 72).to_pil()
    return page


def saved(first: Image.Image, kind: str, *more: Image.Image) -> bytes:
    """One file of these pictures, PNG, JPEG, TIFF or PDF."""
    kept = io.BytesIO()
    several = {"save_all": True, "append_images": list(more)} if more else {}
    first.save(kept, kind, **several)
    return kept.getvalue()


def lines(*texts: str, left: float = 72, top: float = 720, step: float = 16) -> list[Placed]:
    """Lines under each other."""
    return [(left, top - step * place, text) for place, text in enumerate(texts)]


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def docx(body: str, **parts: str) -> bytes:
    """A Word document with this body; parts: XML by name under word/."""
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
            **{f"word/{name}.xml": f'<w:hdr xmlns:w="{W}">{xml}</w:hdr>' for name, xml in parts.items()},
        }
    )


def zipped(files: dict[str, str]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return kept.getvalue()


def paragraph(text: str, *, before: str = "") -> str:
    return f"<w:p><w:pPr/><w:r>{before}<w:t>{escape(text)}</w:t></w:r></w:p>"


def docx_table(*rows: Sequence[str]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def ccda(*sections: tuple[str, str], prolog: str = "") -> bytes:
    """A clinical document of Anna Testpatient; sections: title and narrative."""
    parts = "".join(
        f"<component><section><title>{title}</title><text>{text}</text></section></component>"
        for title, text in sections
    )
    return (
        f'<?xml version="1.0"?>{prolog}<ClinicalDocument xmlns="urn:hl7-org:v3">'
        "<title>Summary of Care</title>"
        "<recordTarget><patientRole><patient><name><given>Anna</given><family>Testpatient</family></name>"
        '<birthTime value="19500214"/></patient></patientRole></recordTarget>'
        f"<component><structuredBody>{parts}</structuredBody></component></ClinicalDocument>"
    ).encode()


def fhir(*resources: dict[str, object]) -> bytes:
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    ).encode()

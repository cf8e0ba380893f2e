"""Invented letters, and charts of the invented patient of chart_records.py with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hntai.domain.chart import Chart, build_chart, known_values
from hntai.domain.dates import DateStyle
from hntai.domain.deidentification import DeidentificationOptions, Policy, deidentify
from hntai.domain.statements import Section
from hntai.domain.uploaded.entries import UploadedDocument, UploadedText, read_document
from hntai.domain.uploaded.marks import marked
from hntai.domain.uploaded.merge import with_documents
from tests.unit.chart_records import PATIENT, TODAY, Resource, encounter, statements_of

LETTER_ID = "3f0c1d52-7a10-4c55-9f1e-0242ac120002"
OTHER_ID = "9a7b2a0e-58f4-4f0a-8c55-0242ac120003"
HEAD = "Date: 2026-05-10\nRe: Anna Testpatient\n\n"
VISITS = (encounter("2026-01-10", "e0"), encounter())
MARK = "per an uploaded document dated 2026-05-10"
TWICE: dict[str, Any] = {"dosageInstruction": [{"text": "Take 1 tablet by mouth twice daily"}]}


def read(text: str, upload_id: str = LETTER_ID, *resources: Resource) -> UploadedDocument:
    """The letter as it is read for the record of these resources."""
    known = known_values((PATIENT, *resources), "p1")
    names = known_values((PATIENT,), "p1").names
    uploaded = UploadedText(upload_id, text, date(2026, 5, 25))
    return read_document(uploaded, known, names, Policy.limited_dataset, lambda: True)


def chart_with(
    letters: Sequence[str], *resources: Resource, date_style: DateStyle = DateStyle.ABSOLUTE
) -> Chart:
    """The record with these letters, each uploaded on 2026-05-25."""
    every = (PATIENT, *resources)
    options = DeidentificationOptions(policy=Policy.limited_dataset, known=known_values(every, "p1"))

    def scrub(text: str) -> str:
        return deidentify(text, options).scrubbed_text

    chart = build_chart(every, patient_id="p1", today=TODAY, scrub=scrub, date_style=date_style)
    ids = (LETTER_ID, OTHER_ID)
    documents = [read(text, own, *resources) for text, own in zip(letters, ids, strict=False)]
    return with_documents(chart, documents, resources=every, patient_id="p1", scrub=scrub)


def told(chart: Chart, section: Section | None = None) -> str:
    """Every sentence of the summary, or of one section, a line each."""
    statements = [marked(chart, statement) for statement in statements_of(chart)]
    return "\n".join(one.text for one in statements if section in (None, one.section))

"""How values of the chart are said: always with their date, never more than the record holds."""

from __future__ import annotations

import re

from hntai.domain.chart.drugs import PACK
from hntai.domain.chart.timeline import is_stale
from hntai.domain.chart.values import (
    Chart,
    Course,
    DocumentSource,
    Doubt,
    Encounter,
    Fact,
    Flag,
    Patient,
    Problem,
    Result,
)
from hntai.domain.dates import shown_age

_STRENGTH_ON = re.compile(r"\s+\d+(?:\.\d+)?\s*(?:mg|mcg|ug|g|iu|unt|meq|ml|%)(?![a-z])|\s*\[", re.IGNORECASE)
_LAST_SHOWN_AGE = 89
_PER = re.compile(r"/(?:ml|actuat|hr|h|dose)\b", re.IGNORECASE)

PER_DOCUMENT = "per an uploaded document"
"""Stands in every sentence about what only an uploaded document says."""
OVER_A_YEAR = "over 12 months old"
"""Said of a result that much older than the newest encounter."""
A_YEAR_AGO = "more than 12 months ago"
"""Said of a newest encounter that far from today."""
NEWER_IN_DOUBT = "a newer value is in doubt"
"""Said of a result that is not the newest, where the newer one cannot be used."""
_DOUBTS = {Doubt.NO_UNIT: "unit missing", Doubt.UNIT: "unit cannot be compared"}
WITHIN_A_YEAR = "within 12 months of the newest encounter"


def said_source(chart: Chart, source: DocumentSource) -> str:
    """`per an uploaded document dated 2026-05-01`, by itself or, where it gives no date, by its upload."""
    if source.is_date_stated:
        return f"{PER_DOCUMENT} dated {chart.day(source.at)}"
    return f"{PER_DOCUMENT} without a date, uploaded {chart.day(source.at)}"


def per_document(chart: Chart, fact: Fact) -> tuple[str, ...]:
    """The mark of what only an uploaded document says; nothing for what the record says."""
    source = chart.source_of(fact.references)
    return (said_source(chart, source),) if source else ()


def said_result(chart: Chart, result: Result) -> str:
    """`Potassium 5.6 mmol/L (2026-03-01, preliminary)`: name, value, unit, date and what limits it."""
    return f"{result.name} {said_value(chart, result)}"


def said_value(chart: Chart, result: Result) -> str:
    """The same without the name, beside another result of the same analyte."""
    limits = [chart.day(result.at)]
    if result.is_preliminary:
        limits.append("preliminary")
    if is_stale(chart, result.at):
        limits.append(OVER_A_YEAR)
    if result.doubt in _DOUBTS:
        limits.append(_DOUBTS[result.doubt])
    doubted = chart.doubted.get(result.analyte)
    if doubted and result.at and result.doubt is Doubt.NONE and doubted > result.at:
        limits.append(NEWER_IN_DOUBT)
    limits += per_document(chart, result)
    return f"{result.shown} ({', '.join(limits)})"


def said_flag(result: Result) -> str:
    """`high, reference 3.5-5.0`, or nothing where the result is not judged."""
    if result.flag is Flag.UNJUDGED:
        return ""
    reference = f", reference {result.range.shown}" if result.range and result.range.shown else ""
    return f"{result.flag}{reference}"


def said_course(chart: Chart, course: Course) -> str:
    """`Metformin 500 mg twice daily (since 2020-03-01, last ordered 2026-03-01)`."""
    times = [f"since {chart.day(course.at)}" if course.at else "start not recorded"]
    if course.last_ordered and course.last_ordered != course.at:
        times.append(f"last ordered {chart.day(course.last_ordered)}")
    if course.is_reported and not chart.source_of(course.references):
        times.append("reported, not ordered here")
    if course.until and course.is_active:
        times.append(f"planned until {chart.day(course.until)}")
    if course.not_taken:
        times.append(f"recorded as not taken {chart.day(course.not_taken)}")
    times += per_document(chart, course)
    return f"{course_name(course)} ({', '.join(times)})"


def course_name(course: Course) -> str:
    """The drug with its dose; the amount is not said twice where the product's name states it."""
    amount = " ".join(course.dose.split(" ")[:2]) if course.dose[:1].isdigit() else ""
    if amount and f" {amount} ".lower() in f" {course.name} ".lower():
        return " ".join([course.name, *course.dose.split(" ")[2:]])
    return " ".join(filter(None, (course.name, course.dose)))


def said_problem(chart: Chart, problem: Problem) -> str:
    """`Type 2 diabetes (since 2018-05-04)`, with what is not certain about it."""
    notes = [f"since {chart.day(problem.at)}"] if problem.at else ["onset not recorded"]
    if not problem.is_confirmed:
        notes.append("unconfirmed")
    if not problem.is_status_recorded:
        notes.append("status not recorded")
    if problem.is_active and problem.resolved:
        notes.append(f"recorded as ended {chart.day(problem.resolved)}")
    notes += per_document(chart, problem)
    return f"{problem.name} ({', '.join(notes)})"


def said_age(patient: Patient) -> str:
    """`71 years old`; `about 75 years old` where only the year of birth is recorded, and never above 89."""
    if patient.age is None or not patient.is_age_approximate:
        return f"{shown_age(patient.age)} years old" if patient.age is not None else "age not recorded"
    may_be_90 = patient.age + 1 if patient.age == _LAST_SHOWN_AGE else patient.age
    return f"about {shown_age(may_be_90)} years old, as only the year of birth is recorded"


def said_encounter(encounter: Encounter) -> str:
    """`ambulatory, Follow-up encounter`, as far as the record says."""
    return ", ".join(filter(None, (encounter.setting, encounter.name))) or "kind not recorded"


def drug_stem(course: Course) -> str:
    """The drug's name without strength and form: what stays the same when the dose changes.

    A product of several ingredients keeps its whole name.
    """
    if "/" in _PER.sub("", course.name):
        return course.name
    stem = _STRENGTH_ON.split(PACK.sub("", course.name), maxsplit=1)[0].strip()
    return stem or course.name

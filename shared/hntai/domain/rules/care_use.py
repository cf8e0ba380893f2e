"""Hospital stays that come too often or too soon, and lists of drugs that grew long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from hntai.domain.chart.timeline import is_stale
from hntai.domain.chart.values import Chart, Encounter
from hntai.domain.chart.wording import WITHIN_A_YEAR
from hntai.domain.dates import days_between
from hntai.domain.rules.lookups import is_adult, is_unrenewed, references_of
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_PLANNED = re.compile(
    r"elective|planned|scheduled|childbirth|deliver|labou?r|birth|obstetric|newborn|hospice", re.IGNORECASE
)
_MANY, _VERY_MANY = 5, 10


def _stays(chart: Chart) -> list[Encounter]:
    """Inpatient stays nobody planned, oldest first; a stay told twice counts once."""
    by_day = {
        e.at.written: e
        for e in chart.encounters
        if e.setting == "inpatient" and e.at and not _PLANNED.search(f"{e.name} {e.reason}")
    }
    return list(by_day.values())


def _repeated(chart: Chart) -> Iterator[Finding]:
    recent = [stay for stay in _stays(chart) if not is_stale(chart, stay.at)]
    if len(recent) >= 2 and not _soon_again(chart):
        days = ", ".join(chart.day(stay.at) for stay in recent)
        fact = f"2 or more unplanned hospital stays are recorded {WITHIN_A_YEAR} ({days})"
        yield _of_stays(fact, "review what led to them and what support is needed", recent)


def _soon_again(chart: Chart) -> list[Encounter]:
    """The last two stays of a year of which the second began within 30 days of the first one's end."""
    found: list[Encounter] = []
    stays = _stays(chart)
    for first, second in pairwise(stays):
        if first.end is None or second.at is None or is_stale(chart, second.at):
            continue
        if 0 < days_between(first.end, second.at) <= 30:
            found = [first, second]
    return found


def _readmitted(chart: Chart) -> Iterator[Finding]:
    pair = _soon_again(chart)
    if pair:
        first, second = pair
        fact = (
            f"a hospital stay ({chart.day(second.at)}) began within 30 days of the end of the one before"
            f" ({chart.day(first.end)})"
        )
        yield _of_stays(fact, "review the cause of readmission and the drugs at discharge", pair)


def _of_stays(fact: str, suggestion: str, stays: list[Encounter]) -> Finding:
    references = tuple(reference for stay in stays for reference in stay.references)
    return Finding(fact, f"{suggestion}, because {fact}", references, tuple(stay.at for stay in stays))


def _many_drugs(chart: Chart) -> Iterator[Finding]:
    drugs = [c for c in chart.courses if c.is_active and not is_unrenewed(chart, c)]
    if is_adult(chart) and len(drugs) >= _MANY:
        is_very = len(drugs) >= _VERY_MANY
        fact = f"{_VERY_MANY if is_very else _MANY} or more drugs are active"
        advice = f"review which drugs are still needed, because {fact}"
        urgency = Urgency.THIS_VISIT if is_very else Urgency.ROUTINE
        yield Finding(fact, advice, references_of(*drugs), tuple(c.last_ordered for c in drugs), urgency)


RULES = (
    Rule(
        "repeated-stays",
        "Two unplanned hospital stays in a year",
        "CMS readmission measures 2023",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _repeated,
        ("2 or more unplanned hospital stays are recorded",),
        ("encounters",),
        is_long_term=True,
    ),
    Rule(
        "readmission",
        "Readmission within 30 days",
        "CMS readmission measures 2023",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _readmitted,
        ("began within 30 days of the end of the one before",),
        ("encounters",),
    ),
    Rule(
        "polypharmacy",
        "Five or ten drugs and more",
        "WHO polypharmacy 2019",
        Concern.CARE,
        Urgency.ROUTINE,
        _many_drugs,
        ("5 or more drugs are active", "10 or more drugs are active"),
        ("drugs", "age"),
        may_be=(Urgency.THIS_VISIT,),
        is_long_term=True,
    ),
)

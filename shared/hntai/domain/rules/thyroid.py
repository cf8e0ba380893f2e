"""Thyroid: TSH out of range with and without levothyroxine, and TSH that is due."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.timeline import is_stale
from hntai.domain.chart.values import Chart, Course, DoseStep, Flag, Result
from hntai.domain.chart.wording import WITHIN_A_YEAR
from hntai.domain.rules.lookups import (
    active_with,
    because,
    days_since,
    final,
    is_adult,
    is_unrenewed,
    last_recorded,
    said,
    said_stems,
)
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_SETTLED_DAYS = 28
"""TSH is asked for 6 to 8 weeks after a change (ATA 2014); from the fourth week on one is taken as that."""


def _level(chart: Chart) -> Iterator[Finding]:
    tsh, drugs = final(chart, "tsh"), active_with(chart, "levothyroxine")
    if tsh is None or not is_adult(chart) or tsh.flag not in (Flag.LOW, Flag.HIGH):
        return
    if not drugs:
        fact = f"{said(chart, tsh)} is {tsh.flag} and no thyroid hormone is active"
        yield because(fact, "consider repeating TSH with free thyroxine", tsh)
    elif not _is_before_change(tsh, drugs[0]):
        named = said_stems(chart, *drugs)
        way = (
            f"ask how {named} is taken, and consider a higher dose"
            if tsh.flag is Flag.HIGH
            else f"consider a lower dose of {named}"
        )
        yield because(f"{said(chart, tsh)} is {tsh.flag} on {said(chart, *drugs)}", way, tsh, *drugs)


def _due(chart: Chart) -> Iterator[Finding]:
    drugs = [c for c in active_with(chart, "levothyroxine") if not is_unrenewed(chart, c)]
    if not drugs:
        return
    last, changed = last_recorded(chart, "tsh"), _last_change(drugs[0])
    days = days_since(chart, changed.at if changed else None)
    if (
        changed
        and days is not None
        and 0 <= days <= 365
        and (last is None or _is_before_change(last, drugs[0]))
    ):
        change = f"the dose of {said_stems(chart, drugs[0])} changed ({chart.day(changed.at)})"
        fact = f"{change} and no later TSH is recorded"
        yield _dated(fact, "consider TSH 6 to 8 weeks after the change of dose", drugs[0], last)
    elif last is None or is_stale(chart, last.at):
        fact = f"{said_stems(chart, drugs[0])} is active and no TSH is recorded {WITHIN_A_YEAR}"
        yield _dated(fact, "consider measuring TSH", drugs[0], None)


def _dated(fact: str, suggestion: str, drug: Course, last: Result | None) -> Finding:
    return because(fact, suggestion, drug, *((last,) if last else ()))


def _last_change(course: Course) -> DoseStep | None:
    return course.doses[-1] if len(course.doses) > 1 else None


def _is_before_change(tsh: Result, course: Course) -> bool:
    """Whether a TSH is from before the last change of dose, or too soon after it to tell."""
    changed = _last_change(course)
    if changed is None or changed.at is None or tsh.at is None:
        return False
    return (tsh.at.day - changed.at.day).days < _SETTLED_DAYS


RULES = (
    Rule(
        "tsh-level",
        "TSH out of range",
        "ATA 2014",
        Concern.CARE,
        Urgency.ROUTINE,
        _level,
        inputs=("tsh", "drugs", "age"),
    ),
    Rule(
        "tsh-due",
        "TSH due on levothyroxine",
        "ATA 2014",
        Concern.CARE,
        Urgency.ROUTINE,
        _due,
        ("TSH 6 to 8 weeks after the change",),
        ("tsh", "drugs"),
        is_long_term=True,
    ),
)

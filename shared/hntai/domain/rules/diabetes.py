"""Glucose over time: A1c above goal, A1c due, and A1c in the range before diabetes."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.timeline import as_of, is_stale
from hntai.domain.chart.values import Chart, Problem
from hntai.domain.rules.lookups import has_problem, history, references_of, said
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_NAMES = r"^(?!.*(?:pre-?diabet|insipidus|family history|gestational|screening)).*diabet"
_CODES = frozenset({"44054006", "73211009", "46635009"})
"""SNOMED CT: diabetes mellitus, type 2, type 1."""
_PREDIABETES = r"pre-?diabet|impaired (?:glucose|fasting)"
_DUE_DAYS = 183


def diabetes(chart: Chart) -> tuple[Problem, ...]:
    """Active problems that are diabetes mellitus."""
    return has_problem(chart, _NAMES, _CODES)


def _a1c(chart: Chart) -> Iterator[Finding]:
    known, results = diabetes(chart), history(chart, "a1c")
    last = results[-1] if results else None
    if last is None or last.at is None or last.value is None or is_stale(chart, last.at):
        return
    references = references_of(last, *known)
    if known and last.value >= 7:
        is_far = last.value >= 8
        fact = f"{said(chart, last)} is above the usual goal of {'8' if is_far else '7'} %"
        advice = f"consider reviewing glucose treatment and the patient's own goal, because {fact}"
        yield Finding(fact, advice, references, (last.at,), Urgency.THIS_VISIT if is_far else Urgency.ROUTINE)
    elif not known and last.value >= 6.5:
        fact = f"{said(chart, last)} is 6.5 % or more and no active problem names diabetes"
        yield Finding(
            fact, f"confirm by a second test, because {fact}", references, (last.at,), Urgency.THIS_VISIT
        )
    elif not known and last.value >= 5.7 and not has_problem(chart, _PREDIABETES):
        fact = f"{said(chart, last)} lies between 5.7 and 6.4 % and no active problem names prediabetes"
        yield Finding(
            fact, f"consider lifestyle advice and yearly testing, because {fact}", references, (last.at,)
        )


def _a1c_due(chart: Chart) -> Iterator[Finding]:
    known, results = diabetes(chart), history(chart, "a1c")
    if not known or chart.patient.is_deceased:
        return
    last = results[-1] if results else None
    if last is None or last.at is None:
        fact = f"{known[0].name} is active and no A1c is recorded"
        yield Finding(fact, f"consider measuring A1c, because {fact}", references_of(*known), (known[0].at,))
    elif (as_of(chart) - last.at.day).days > _DUE_DAYS:
        fact = f"{known[0].name} is active and the last is {said(chart, last)}, over 6 months ago"
        yield Finding(
            fact, f"consider repeating A1c, because {fact}", references_of(*known, last), (last.at,)
        )


RULES = (
    Rule(
        "a1c-level",
        "A1c above goal or in the diagnostic range",
        "ADA Standards of Care 2025",
        Concern.CARE,
        Urgency.ROUTINE,
        _a1c,
        (
            "above the usual goal of 8 %",
            "above the usual goal of 7 %",
            "is 6.5 % or more and no active problem names diabetes",
            "lies between 5.7 and 6.4 % and no active problem names prediabetes",
        ),
        inputs=("a1c", "problems"),
    ),
    Rule(
        "a1c-due",
        "A1c due in diabetes",
        "ADA Standards of Care 2025",
        Concern.CARE,
        Urgency.ROUTINE,
        _a1c_due,
        ("over 6 months ago",),
        inputs=("a1c", "problems"),
    ),
)

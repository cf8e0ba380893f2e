"""Glucose over time: A1c above goal, A1c due, and A1c in the range before diabetes."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.timeline import as_of, is_stale, previous_result
from hntai.domain.chart.values import Chart, Problem, Result
from hntai.domain.rules.lookups import (
    active_of,
    because,
    final,
    has_problem,
    history,
    last_recorded,
    references_of,
    said,
)
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_NAMES = r"^(?!.*(?:pre-?diabet|insipidus|family history|gestational|screening)).*diabet"
_CODES = frozenset({"44054006", "73211009", "46635009"})
"""SNOMED CT: diabetes mellitus, type 2, type 1."""
_PREDIABETES = r"pre-?diabet|impaired (?:glucose|fasting)"
_DUE_DAYS = 183
_LOWERING = ("insulin", "sulfonylurea")
"""Classes that can cause hypoglycemia."""


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
        before, change = _change(chart, last)
        fact += f" and {change} {said(chart, before)}" if before and change else ""
        advice = "consider reviewing glucose treatment and the patient's own goal"
        urgency = Urgency.THIS_VISIT if is_far else Urgency.ROUTINE
        yield because(fact, advice, last, *known, *((before,) if before and change else ()), urgency=urgency)
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
    known, last = diabetes(chart), last_recorded(chart, "a1c")
    if not known or chart.patient.is_deceased:
        return
    if last is None or last.at is None:
        fact = f"{known[0].name} is active and no A1c is recorded"
        yield Finding(fact, f"consider measuring A1c, because {fact}", references_of(*known), (known[0].at,))
    elif (as_of(chart) - last.at.day).days > _DUE_DAYS:
        fact = f"{known[0].name} is active and the last is {said(chart, last)}, over 6 months ago"
        yield Finding(
            fact, f"consider repeating A1c, because {fact}", references_of(*known, last), (last.at,)
        )


def _change(chart: Chart, now: Result) -> tuple[Result | None, str]:
    """The result before, if it is of the same year, and how A1c moved since; nothing below half a point."""
    before = previous_result(chart.results, now)
    if before is None or now.is_preliminary or is_stale(chart, before.at):
        return None, ""
    change = (now.value or 0) - (before.value or 0)
    if abs(change) < 0.5 - 1e-9:
        return before, ""
    return before, "rose by 0.5 or more from" if change > 0 else "fell by 0.5 or more from"


def _a1c_change(chart: Chart) -> Iterator[Finding]:
    """Within the goal; above it the level's own rule tells of the change."""
    now = final(chart, "a1c")
    if now is None or (now.value or 0) >= 7 or not diabetes(chart):
        return
    before, change = _change(chart, now)
    if before and change:
        is_at_risk = "fell" in change and bool(active_of(chart, *_LOWERING))
        advice = f"ask what changed A1c{' and about hypoglycemia' if is_at_risk else ''}"
        yield because(f"{said(chart, now)} {change} {said(chart, before)}", advice, now, before)


def _a1c_too_low(chart: Chart) -> Iterator[Finding]:
    """Below 4 is outside what we believe, so only marked as doubtful; on these drugs it may still be true."""
    last = last_recorded(chart, "a1c")
    drugs = active_of(chart, *_LOWERING)
    if last and last.value is not None and last.value < 4 and drugs and not is_stale(chart, last.at):
        fact = f"{said(chart, last)} is below 4 % on {said(chart, *drugs)}"
        advice = "ask about hypoglycemia, repeat it and consider a hemoglobin variant or recent blood loss"
        yield because(fact, advice, last, *drugs)


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
            "rose by 0.5 or more from",
            "fell by 0.5 or more from",
        ),
        inputs=("a1c", "problems"),
        may_be=(Urgency.THIS_VISIT,),
        is_long_term=True,
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
        is_long_term=True,
    ),
    Rule(
        "a1c-change",
        "A1c changed by half a point in diabetes",
        "ADA Standards of Care 2025",
        Concern.CARE,
        Urgency.ROUTINE,
        _a1c_change,
        ("rose by 0.5 or more from", "fell by 0.5 or more from"),
        ("a1c", "problems", "drugs"),
        is_long_term=True,
    ),
    Rule(
        "a1c-too-low",
        "A1c below 4 on drugs that lower glucose",
        "ADA Standards of Care 2025",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _a1c_too_low,
        ("is below 4 % on",),
        ("a1c", "drugs"),
    ),
)

"""Chronic kidney disease told by stage, by albumin, and by the speed of its decline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hntai.domain.chart.values import Chart, Result
from hntai.domain.dates import days_between
from hntai.domain.rules.cautions import renin_blocker
from hntai.domain.rules.diabetes import diabetes
from hntai.domain.rules.kidney import kidney_disease
from hntai.domain.rules.lookups import active_of, because, final, has_problem, history, is_adult, said
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_G_STAGES = ((15, "G5"), (30, "G4"), (45, "G3b"), (60, "G3a"), (90, "G2"))
_A_STAGES = ((30, "A1"), (300.0001, "A2"))
"""Below the first the second. Source: KDIGO 2024; A2 is 30 to 300 mg/g."""
_CHRONIC_DAYS, _TWO_YEARS, _YEAR = 90, 731, 365.25
_RAPID = 5.0
"""mL/min/1.73 m2 a year. Source: KDIGO 2024."""
_RENIN_BLOCKERS = ("ACE inhibitor", "ARB", "neprilysin inhibitor")


def g_stage(egfr: float) -> str:
    """G1 to G5. Source: KDIGO 2024."""
    return next((stage for bound, stage in _G_STAGES if egfr < bound), "G1")


def a_stage(ratio: float) -> str:
    """A1 to A3, of urine albumin/creatinine in mg/g. Source: KDIGO 2024."""
    return next((stage for bound, stage in _A_STAGES if ratio < bound), "A3")


def _stage(chart: Chart) -> Iterator[Finding]:
    """Said where a problem names the disease and its name gives no stage, or another one."""
    known, egfr, urine = kidney_disease(chart), final(chart, "egfr"), final(chart, "urine_acr")
    if not known or egfr is None or egfr.value is None or not _is_lasting(chart, egfr):
        return
    stage = g_stage(egfr.value)
    named = re.search(r"(?:stage|G)\s*(\d)", " ".join(p.name for p in known), re.IGNORECASE)
    if named and named[1] == stage[1]:
        return
    parts = (egfr, *((urine,) if urine else ()))
    both = " ".join([f"stage {stage}", *([a_stage(urine.value or 0)] if urine else [])])
    yield because(
        f"{said(chart, *parts)} lie in {both}", f"check the stage named in {known[0].name}", *parts, known[0]
    )


def _is_lasting(chart: Chart, egfr: Result) -> bool:
    """Whether a value over 90 days before lies in the same stage."""
    before = [
        r for r in history(chart, "egfr") if r.at and egfr.at and days_between(r.at, egfr.at) > _CHRONIC_DAYS
    ]
    return any(g_stage(r.value or 0) == g_stage(egfr.value or 0) for r in before)


def _rapid_decline(chart: Chart) -> Iterator[Finding]:
    """By the slope of all points and by the difference told: both, as the fall must be sustained."""
    now = final(chart, "egfr")
    if now is None or now.at is None or (now.value or 0) >= 90:
        return
    points = [
        r
        for r in history(chart, "egfr")
        if r.at
        and r.method == now.method
        and not r.is_preliminary
        and days_between(r.at, now.at) <= _TWO_YEARS
    ]
    first = points[0] if points else now
    if len(points) < 3 or first.at is None or days_between(first.at, now.at) < 365:
        return
    years = days_between(first.at, now.at) / _YEAR
    a_year = ((now.value or 0) - (first.value or 0)) / years
    if max(a_year, _slope(points)) < -_RAPID and (now.value or 0) > 0.7 * (first.value or 0):
        fact = f"eGFR falls by more than 5 a year, from {said(chart, first)} to {said(chart, now)}"
        yield because(fact, "look for a cause and consider referral", *points)


def _slope(points: Sequence[Result]) -> float:
    """Change a year by least squares. points: at least two, with a value and a day."""
    days = [r.at.day.toordinal() / _YEAR for r in points if r.at]
    values = [r.value or 0.0 for r in points]
    middle, level = sum(days) / len(days), sum(values) / len(values)
    spread = sum((day - middle) ** 2 for day in days)
    return (
        sum((d - middle) * (v - level) for d, v in zip(days, values, strict=True)) / spread if spread else 0.0
    )


def _albumin(chart: Chart) -> Iterator[Finding]:
    """Raised twice, over 90 days apart: kidney disease without a name, or without a renin blocker."""
    now = final(chart, "urine_acr")
    raised = [r for r in history(chart, "urine_acr") if (r.value or 0) >= 30 and not r.is_preliminary]
    if now is None or now not in raised or not is_adult(chart):
        return
    first = next((r for r in raised if r.at and now.at and days_between(r.at, now.at) > _CHRONIC_DAYS), None)
    if first is None:
        return
    fact = f"{said(chart, now)} and {said(chart, first)} are both 30 mg/g or more, over 90 days apart"
    blocker = "" if active_of(chart, *_RENIN_BLOCKERS) else renin_blocker(chart)
    asks_for = diabetes(chart) or has_problem(chart, r"^(?!.*(?:pulmonary|portal|ocular)).*hypertens")
    if blocker and asks_for:
        yield because(
            f"{fact}, with {asks_for[0].name}",
            f"consider {blocker}",
            now,
            first,
            asks_for[0],
        )
    elif not kidney_disease(chart):
        yield because(
            f"{fact}, and no active problem names it", "consider chronic kidney disease", now, first
        )


RULES = (
    Rule(
        "ckd-stage",
        "Stage of chronic kidney disease missing or outdated",
        "KDIGO 2024",
        Concern.CARE,
        Urgency.ROUTINE,
        _stage,
        tuple(
            phrase
            for g in ("G1", *(stage for _, stage in _G_STAGES))
            for phrase in (f"stage {g} A1", f"stage {g} A2", f"stage {g} A3", f"stage {g}")
        ),
        ("egfr", "urine_acr", "problems"),
        is_long_term=True,
    ),
    Rule(
        "egfr-decline",
        "eGFR falling by more than 5 a year",
        "KDIGO 2024",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _rapid_decline,
        ("eGFR falls by more than 5 a year",),
        ("egfr",),
        is_long_term=True,
    ),
    Rule(
        "albuminuria",
        "Urine albumin raised for three months",
        "KDIGO 2024",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _albumin,
        ("are both 30 mg/g or more, over 90 days apart",),
        ("urine_acr", "problems", "drugs", "potassium", "egfr", "creatinine", "allergies", "age"),
        is_long_term=True,
    ),
)

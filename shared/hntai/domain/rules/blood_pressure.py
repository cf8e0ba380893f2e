"""Blood pressure above goal, by two readings."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.analytes import BLOOD_PRESSURE
from hntai.domain.chart.timeline import is_stale
from hntai.domain.chart.values import Chart
from hntai.domain.rules.cautions import pregnancies
from hntai.domain.rules.critical import is_crisis
from hntai.domain.rules.kidney import kidney_disease
from hntai.domain.rules.lookups import because, history, is_adult, latest, references_of, said
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency


def _above_goal(chart: Chart) -> Iterator[Finding]:
    now = latest(chart, BLOOD_PRESSURE)
    by_day = {r.at.written: r for r in history(chart, BLOOD_PRESSURE) if r.at}
    readings = list(by_day.values())[-2:]
    is_adult = chart.patient.age is not None and chart.patient.age >= 18
    if now is None or is_crisis(now) or len(readings) < 2 or not is_adult or pregnancies(chart):
        return
    if all((r.value or 0) >= 130 or (r.diastolic or 0) >= 80 for r in readings):
        fact = f"{said(chart, *reversed(readings))} are at or above 130/80 mmHg"
        advice = f"consider confirming with out-of-office readings and reviewing treatment, because {fact}"
        yield Finding(fact, advice, references_of(*readings), tuple(r.at for r in reversed(readings)))


def _above_kidney_goal(chart: Chart) -> Iterator[Finding]:
    """Between the goal in kidney disease and the general one; from there on the general rule speaks."""
    known, by_day = kidney_disease(chart), {r.at.written: r for r in history(chart, BLOOD_PRESSURE) if r.at}
    readings = list(by_day.values())[-2:]
    is_meant = (
        known
        and is_adult(chart)
        and not pregnancies(chart)
        and len(readings) == 2
        and not any(_above_goal(chart))
    )
    is_high = all((r.value or 0) >= 120 and not is_stale(chart, r.at) and not is_crisis(r) for r in readings)
    if is_meant and is_high:
        shown = said(chart, *reversed(readings))
        fact = f"{shown} are at or above 120 mmHg systolic with {known[0].name}"
        advice = "consider a standardised blood pressure and its lower goal if tolerated"
        yield because(fact, advice, *readings, known[0])


RULES = (
    Rule(
        "bp-above-goal",
        "Blood pressure above goal at two readings",
        "ACC/AHA 2017",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _above_goal,
        ("at or above 130/80 mmHg",),
        inputs=("blood_pressure", "age"),
        is_long_term=True,
    ),
    Rule(
        "bp-kidney",
        "Systolic pressure above the goal in kidney disease",
        "KDIGO 2021",
        Concern.CARE,
        Urgency.ROUTINE,
        _above_kidney_goal,
        ("at or above 120 mmHg systolic",),
        ("blood_pressure", "problems", "age"),
        is_long_term=True,
    ),
)

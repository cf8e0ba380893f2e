"""Blood pressure above goal, by two readings."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.analytes import BLOOD_PRESSURE
from hntai.domain.chart.values import Chart
from hntai.domain.rules.critical import is_crisis
from hntai.domain.rules.lookups import history, latest, references_of, said
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency


def _above_goal(chart: Chart) -> Iterator[Finding]:
    now = latest(chart, BLOOD_PRESSURE)
    by_day = {r.at.written: r for r in history(chart, BLOOD_PRESSURE) if r.at}
    readings = list(by_day.values())[-2:]
    is_adult = chart.patient.age is not None and chart.patient.age >= 18
    if now is None or is_crisis(now) or len(readings) < 2 or not is_adult:
        return
    if all((r.value or 0) >= 130 or (r.diastolic or 0) >= 80 for r in readings):
        fact = f"{said(chart, *reversed(readings))} are at or above 130/80 mmHg"
        advice = f"consider confirming with out-of-office readings and reviewing treatment, because {fact}"
        yield Finding(fact, advice, references_of(*readings), tuple(r.at for r in reversed(readings)))


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
    ),
)

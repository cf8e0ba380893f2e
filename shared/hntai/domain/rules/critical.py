"""Critical values: results that want action before anything else is read."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.analytes import BLOOD_PRESSURE
from hntai.domain.chart.timeline import is_stale, latest_results
from hntai.domain.chart.values import Chart, Doubt, Result
from hntai.domain.chart.wording import said_result
from hntai.domain.rules.lookups import references_of
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

LIMITS: dict[str, tuple[float | None, float | None]] = {
    "potassium": (3.0, 6.0),
    "sodium": (125, 155),
    "glucose": (54, 400),  # ADA 2025: below 54 mg/dL is level 2 hypoglycaemia
    "hemoglobin": (7.0, None),
    "platelets": (50, None),
    "leukocytes": (1.5, None),
    "inr": (None, 4.5),
    "calcium": (6.5, 13.0),
    "oxygen_saturation": (90, None),
}
"""Critical below the first and above the second, in the analyte's unit.

Source: critical-value lists as surveyed by the College of American Pathologists (Q-Probes).
"""
_ADVICE = {
    "potassium": "repeat potassium and record an ECG the same day",
    "sodium": "repeat sodium and assess symptoms and volume the same day",
    "glucose": "check capillary glucose and treat the same day",
    "inr": "repeat INR, look for bleeding and review the anticoagulant the same day",
    "hemoglobin": "repeat the blood count and look for bleeding the same day",
    "oxygen_saturation": "repeat oximetry and assess breathing at once",
}
_LABORATORY_SAYS = {"LL": "low", "HH": "high"}


def critical_direction(result: Result) -> str:
    """`low` or `high` where a result is critical, by our limits or the laboratory's word; else nothing."""
    if result.doubt is not Doubt.NONE:
        return ""
    low, high = LIMITS.get(result.analyte, (None, None))
    if result.value is not None and low is not None and result.value < low and ">" not in result.comparator:
        return "low"
    if result.value is not None and high is not None and result.value > high and "<" not in result.comparator:
        return "high"
    return _LABORATORY_SAYS.get(result.interpretation, "")


def is_crisis(result: Result) -> bool:
    """Systolic from 180 or diastolic from 120. Source: ACC/AHA 2017."""
    is_known = result.doubt is Doubt.NONE and not result.comparator.startswith("<")
    is_pressure = result.analyte == BLOOD_PRESSURE and is_known
    return is_pressure and ((result.value or 0) >= 180 or (result.diastolic or 0) >= 120)


def _told(chart: Chart) -> Iterator[Result]:
    """The latest believable result of each analyte, and the latest final one where that is preliminary.

    Neither an impossible value nor an unconfirmed normal one hides a critical value before it.
    """
    believed = tuple(result for result in chart.results if result.doubt is Doubt.NONE)
    newest = latest_results(believed)
    final = latest_results(tuple(result for result in believed if not result.is_preliminary))
    yield from newest.values()
    yield from (result for key, result in final.items() if newest[key] != result)


def _critical_values(chart: Chart) -> Iterator[Finding]:
    for result in _told(chart):
        direction = critical_direction(result)
        if direction and not is_stale(chart, result.at):
            advice = _ADVICE.get(result.analyte, "repeat it and assess the patient the same day")
            fact = f"{said_result(chart, result)} is critically {direction}"
            yield Finding(fact, f"{advice}, because {fact}", references_of(result), (result.at,))


def _crisis(chart: Chart) -> Iterator[Finding]:
    pressure = next((result for result in _told(chart) if is_crisis(result)), None)
    if pressure and not is_stale(chart, pressure.at):
        fact = f"{said_result(chart, pressure)} is critically high, in the range of a hypertensive crisis"
        advice = f"repeat the reading and look for acute organ damage, because {fact}"
        yield Finding(fact, advice, references_of(pressure), (pressure.at,))


RULES = (
    Rule(
        "critical-value",
        "Critical laboratory value",
        "CAP critical-value lists",
        Concern.CRITICAL,
        Urgency.NOW,
        _critical_values,
        inputs=("results",),
    ),
    Rule(
        "hypertensive-crisis",
        "Hypertensive crisis",
        "ACC/AHA 2017",
        Concern.CRITICAL,
        Urgency.NOW,
        _crisis,
        inputs=("blood_pressure",),
    ),
)

"""Drugs that are steered by a level or by INR: out of range, or not measured for too long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hntai.domain.chart.timeline import is_stale
from hntai.domain.chart.values import Chart, Course, Flag, Result
from hntai.domain.chart.wording import WITHIN_A_YEAR
from hntai.domain.rules.critical import LIMITS
from hntai.domain.rules.lookups import (
    active_of,
    active_with,
    because,
    days_since,
    is_unrenewed,
    last_recorded,
    latest,
    recent,
    said,
    said_stems,
)
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_TWELVE_WEEKS = 84
_INR_UPPER = 3.0
"""The usual range is 2 to 3. Source: FDA warfarin label."""


@dataclass(frozen=True, slots=True)
class Level:
    ingredient: str
    analyte: str
    low: float | None
    """Told as low below this; None where a low level alone means nothing."""
    high: float
    toxic: float
    """From here on urgent."""
    is_due: bool
    """Whether a level is wanted within a year."""
    watched: str
    """What else is watched in the same patients."""
    dangerous: float = 1e9
    """From here on what removes or binds the drug is told too."""
    removal: str = ""


_LEVELS = (
    Level(
        "lithium",
        "lithium_level",
        None,
        1.2,
        1.5,
        True,
        "sodium, kidney function, thyroid and calcium",
        2.0,
        ", asking a poison center and weighing dialysis",
    ),
    Level(
        "digoxin",
        "digoxin_level",
        None,
        1.2,
        2.0,
        False,
        "potassium and kidney function",
        2.0,
        " and weighing digoxin antibodies",
    ),
    Level(
        "carbamazepine", "carbamazepine_level", 4.0, 12.0, 15.0, True, "sodium, blood count and liver tests"
    ),
    Level(
        "phenytoin", "phenytoin_level", 10.0, 20.0, 30.0, True, "albumin, as binding changes the total level"
    ),
    Level("valproate", "valproate_level", 50.0, 125.0, 150.0, True, "platelets and liver tests"),
)
"""In the analyte's unit. Source: FDA labels; digoxin: AHA/ACC/HFSA 2022, above 1.2 ng/mL harms; dialysis for
lithium: EXTRIP 2015."""


def _out_of_range(chart: Chart) -> Iterator[Finding]:
    for level in _LEVELS:
        drugs, result = active_with(chart, level.ingredient), latest(chart, level.analyte)
        if not drugs or result is None or result.value is None:
            continue
        is_high, is_low = result.value > level.high, level.low is not None and result.value < level.low
        if is_high or is_low:
            side = "above" if is_high else "below"
            fact = f"{said(chart, result)} is {side} the usual range on {said(chart, *drugs)}"
            is_toxic = result.value >= level.toxic
            advice = _high_advice(chart, level, drugs, result) if is_high else "ask how it is taken"
            urgency = Urgency.NOW if is_toxic else Urgency.THIS_VISIT
            signs = _signs(chart, level) if is_toxic else ()
            fact += f", beside {said(chart, *signs)}" if signs else ""
            suggestion = f"{advice}, with {level.watched}"
            yield because(fact, suggestion, result, *drugs, *signs, urgency=urgency)


def _high_advice(chart: Chart, level: Level, drugs: tuple[Course, ...], result: Result) -> str:
    """By how far it is too high; a toxic level is held, and where it is dangerous removed."""
    if (result.value or 0) < level.toxic:
        return "consider a lower dose and look for toxicity"
    held = f"consider holding {said_stems(chart, *drugs)} and recording an ECG at once, looking for toxicity"
    return f"{held}{level.removal if (result.value or 0) >= level.dangerous else ''}"


def _signs(chart: Chart, level: Level) -> tuple[Result, ...]:
    """What makes it worse: for lithium high creatinine; for digoxin a slow heart, potassium off range.

    Source: FDA labels.
    """
    creatinine = recent(chart, "creatinine", 7)
    if level.ingredient == "lithium" and creatinine and creatinine.flag is Flag.HIGH:
        return (creatinine,)
    if level.ingredient != "digoxin":
        return ()
    rate, potassium = recent(chart, "heart_rate", 7), recent(chart, "potassium", 7)
    slow = [rate] if rate and (rate.value or 0) < 60 else []
    is_off = potassium is not None and not 3.5 <= (potassium.value or 0) <= 5.0
    return (*slow, *([potassium] if potassium and is_off else []))


def _level_due(chart: Chart) -> Iterator[Finding]:
    for level in _LEVELS:
        drugs = [c for c in active_with(chart, level.ingredient) if not is_unrenewed(chart, c)]
        last = last_recorded(chart, level.analyte) if level.is_due and drugs else None
        if level.is_due and drugs and (last is None or is_stale(chart, last.at)):
            fact = f"{said_stems(chart, *drugs)} is active and no level is recorded {WITHIN_A_YEAR}"
            yield because(
                fact, f"consider a level of {said_stems(chart, *drugs)}, with {level.watched}", *drugs
            )


def _inr_high(chart: Chart) -> Iterator[Finding]:
    drugs, inr = active_of(chart, "vitamin K antagonist"), latest(chart, "inr")
    if drugs and inr and _INR_UPPER < (inr.value or 0) <= (LIMITS["inr"][1] or 0):
        fact = f"{said(chart, inr)} is above the usual goal of 2 to 3 on {said_stems(chart, *drugs)}"
        yield because(
            fact, "check the patient's own goal, look for a cause and consider a lower dose", inr, *drugs
        )


def _inr_due(chart: Chart) -> Iterator[Finding]:
    drugs = [c for c in active_of(chart, "vitamin K antagonist") if not is_unrenewed(chart, c)]
    last = last_recorded(chart, "inr")
    days = days_since(chart, last.at) if last else None
    if drugs and (days is None or days > _TWELVE_WEEKS):
        fact = f"{said_stems(chart, *drugs)} is active and no INR is recorded in the last 12 weeks"
        yield because(fact, "consider measuring INR", *drugs)


RULES = (
    Rule(
        "drug-level",
        "Drug level out of range",
        "FDA labels; AHA/ACC/HFSA 2022; EXTRIP 2015",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _out_of_range,
        inputs=("drugs", "heart_rate", "potassium", "creatinine", *(level.analyte for level in _LEVELS)),
        may_be=(Urgency.NOW,),
    ),
    Rule(
        "drug-level-due",
        "Drug without a level in a year",
        "FDA labels",
        Concern.CARE,
        Urgency.ROUTINE,
        _level_due,
        inputs=("drugs", *(level.analyte for level in _LEVELS if level.is_due)),
        is_long_term=True,
    ),
    Rule(
        "inr-high",
        "INR above goal on warfarin",
        "FDA warfarin label",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _inr_high,
        ("above the usual goal of 2 to 3",),
        ("drugs", "inr"),
    ),
    Rule(
        "inr-due",
        "No INR in twelve weeks on warfarin",
        "CHEST 2012",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _inr_due,
        ("no INR is recorded in the last 12 weeks",),
        ("drugs", "inr"),
    ),
)

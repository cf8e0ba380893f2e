"""Drugs against vital signs and the ECG: slow breathing, a slow heart, a long QT interval."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.values import Chart, Course
from hntai.domain.rules.critical import LIMITS, PASSING_DAYS
from hntai.domain.rules.lookups import active_of, because, is_adult, recent, said, said_stems
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_SLOWING_BREATH = ("opioid", "benzodiazepine")
_SLOWING_HEART = (
    "beta blocker", "rate-limiting calcium channel blocker", "cardiac glycoside", "class III antiarrhythmic",
    "cholinesterase inhibitor",
)  # fmt: skip
_SLOW, _VERY_SLOW = 50, 40
"""Beats a minute. Source: ACC/AHA/HRS 2018, bradycardia below 50; NEWS2 2017, red to 40."""
_QT_DAYS = 31


def _breathing(chart: Chart) -> Iterator[Finding]:
    rate, drugs = recent(chart, "respiratory_rate", PASSING_DAYS), active_of(chart, *_SLOWING_BREATH)
    if rate and drugs and (rate.value or 0) < (LIMITS["respiratory_rate"][0] or 0):
        named = said_stems(chart, *drugs)
        antidote = " and naloxone" if active_of(chart, "opioid") else ""
        advice = f"consider holding {named}, support of breathing{antidote} at once"
        yield because(f"{said(chart, rate)} on {named}, which slow breathing", advice, rate, *drugs)


def _bradycardia(chart: Chart) -> Iterator[Finding]:
    rate, drugs = recent(chart, "heart_rate", PASSING_DAYS), _by_mouth(active_of(chart, *_SLOWING_HEART))
    if rate and drugs and is_adult(chart) and (rate.value or 0) < _SLOW:
        named = said_stems(chart, *drugs)
        urgency = Urgency.NOW if (rate.value or 0) < _VERY_SLOW else Urgency.THIS_VISIT
        advice = f"consider holding or lowering {named} and recording an ECG"
        yield because(
            f"{said(chart, rate)} on {named}, which slow the heart", advice, rate, *drugs, urgency=urgency
        )


def _by_mouth(courses: tuple[Course, ...]) -> tuple[Course, ...]:
    return tuple(c for c in courses if "ophthalmic" not in c.name.lower())


def _long_qt(chart: Chart) -> Iterator[Finding]:
    interval, drugs = recent(chart, "qtc", _QT_DAYS), active_of(chart, "QT-prolonging drug")
    if interval and drugs and (interval.value or 0) > (LIMITS["qtc"][1] or 0):
        named = said_stems(chart, *drugs)
        advice = (
            f"consider holding or replacing {named} at once, with a repeated ECG, potassium and magnesium"
        )
        yield because(
            f"{said(chart, interval)} on {named}, which lengthen the QT interval", advice, interval, *drugs
        )


RULES = (
    Rule(
        "breathing-drugs",
        "Slow breathing on an opioid or benzodiazepine",
        "FDA labels; NEWS2 2017",
        Concern.SAFETY,
        Urgency.NOW,
        _breathing,
        inputs=("respiratory_rate", "drugs"),
    ),
    Rule(
        "bradycardia-drugs",
        "Slow heart on drugs that slow it",
        "ACC/AHA/HRS 2018",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _bradycardia,
        inputs=("heart_rate", "drugs", "age"),
        may_be=(Urgency.NOW,),
    ),
    Rule(
        "qt-drugs",
        "QTc from 500 ms on drugs that lengthen it",
        "AHA/ACCF/HRS 2009; FDA labels",
        Concern.SAFETY,
        Urgency.NOW,
        _long_qt,
        inputs=("qtc", "drugs"),
    ),
)

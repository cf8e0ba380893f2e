"""Bleeding: drugs that make it worse beside a low count, a fall of hemoglobin or a bleed that is recorded."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.timeline import previous_result
from hntai.domain.chart.values import Chart, Course, Problem, Result
from hntai.domain.dates import days_between
from hntai.domain.rules.lookups import (
    active_of,
    because,
    days_since,
    final,
    had_problem,
    has_problem,
    latest,
    said,
    said_stems,
)
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

ANTICOAGULANTS = ("vitamin K antagonist", "direct oral anticoagulant", "heparin")
_BLEEDERS = (*ANTICOAGULANTS, "P2Y12 inhibitor", "salicylate", "NSAID")
_FALL = 2.0
"""g/dL. Source: ISTH 2005, a fall that makes a bleed a major one."""
_A_YEAR, _TWO_YEARS, _A_MONTH = 365, 731, 31
_INR_GOAL = 3.0
IN_SKULL = (
    r"intracranial (?:h|bleed)|subdural|subarachnoid|intracerebral|(?:cerebral|intraventricular) ha?emorrhage"
    r"|h(?:a)?emorrhagic stroke"
)
_BLEEDS = (
    IN_SKULL
    + r"|melena|melaena|hematemesis|haematemesis|retroperitoneal h|varice.*bleed"
    + r"|(?:gastrointestinal|\bGI\b|gastric|duodenal|rectal|ulcer|varic).{0,30}(?:bleed|h(?:a)?emorrhag)"
)


def hemoglobin_fall(chart: Chart, within_days: int = _A_YEAR) -> tuple[Result, Result] | None:
    """The last hemoglobin and the one before it, where it fell by 2 g/dL or more in that time."""
    now = final(chart, "hemoglobin")
    before = previous_result(chart.results, now) if now else None
    if now is None or before is None or now.at is None or before.at is None:
        return None
    is_fall = (before.value or 0) - (now.value or 0) >= _FALL - 1e-9
    return (now, before) if is_fall and days_between(before.at, now.at) <= within_days else None


def has_bled(chart: Chart) -> bool:
    """Whether anything speaks for a bleed now, or one in the skull ever."""
    is_named = has_problem(chart, r"h(?:a)?emorrhage|bleeding") or had_problem(chart, IN_SKULL)
    return bool(is_named or hemoglobin_fall(chart) or _low_counts(chart))


def _low_counts(chart: Chart) -> tuple[Result, ...]:
    """Platelets below 50, hemoglobin below 7, be they final or not."""
    platelets, hemoglobin = latest(chart, "platelets"), latest(chart, "hemoglobin")
    found = [platelets] if platelets and (platelets.value or 0) < 50 else []
    return (*found, *([hemoglobin] if hemoglobin and (hemoglobin.value or 0) < 7 else []))


def _low(chart: Chart) -> Iterator[Finding]:
    low, drugs = _low_counts(chart), active_of(chart, *_BLEEDERS)
    if low and drugs:
        yield _holding(chart, f"{said(chart, *low)} on {said_stems(chart, *drugs)}", (*low, *drugs), drugs)


def _recorded(chart: Chart) -> Iterator[Finding]:
    named = has_problem(chart, _BLEEDS)
    bleeds = [p for p in named if p.at and -_A_MONTH <= (days_since(chart, p.at) or 0) <= _A_MONTH]
    drugs = active_of(chart, *_BLEEDERS)
    if bleeds and drugs:
        fact = f"{bleeds[0].name} ({chart.day(bleeds[0].at)}) on {said_stems(chart, *drugs)}"
        yield _holding(chart, fact, (bleeds[0], *drugs), drugs)


def _holding(
    chart: Chart, fact: str, parts: tuple[Result | Problem | Course, ...], drugs: tuple[Course, ...]
) -> Finding:
    advice = (
        f"consider holding {said_stems(chart, *drugs)} at once, looking for bleeding and weighing reversal"
    )
    return because(f"{fact}, which raises the risk of bleeding", advice, *parts)


def fall_on_anticoagulant(chart: Chart) -> Iterator[Finding]:
    """A fall on an anticoagulant, or at an INR above goal: at once where it is fast or INR is high."""
    inr, drugs = latest(chart, "inr"), active_of(chart, *ANTICOAGULANTS)
    high = inr if inr and (inr.value or 0) > _INR_GOAL else None
    fall = hemoglobin_fall(chart, _TWO_YEARS) if drugs or high else None
    if fall is None or any(_low(chart)):
        return
    now, before = fall
    is_fast = now.at is not None and before.at is not None and days_between(before.at, now.at) <= _A_MONTH
    at_what = [f"on {said_stems(chart, *drugs)}"] if drugs else []
    at_what += [f"with {said(chart, high)}"] if high else []
    fact = f"{said(chart, now)} has fallen by 2 g/dL or more from {said(chart, before)} {' '.join(at_what)}"
    urgency = Urgency.NOW if is_fast or high else Urgency.THIS_VISIT
    parts = (now, before, *drugs, *((high,) if high else ()))
    advice = "look for bleeding, repeat the blood count and review the anticoagulant"
    yield because(fact, advice, *parts, urgency=urgency)


RULES = (
    Rule(
        "bleeding-counts",
        "Drug that makes bleed with low platelets or hemoglobin",
        "FDA labels; ISTH 2005",
        Concern.SAFETY,
        Urgency.NOW,
        _low,
        inputs=("drugs", "platelets", "hemoglobin"),
    ),
    Rule(
        "bleeding-recorded",
        "Drug that makes bleed with a bleed of the last month",
        "FDA labels",
        Concern.SAFETY,
        Urgency.NOW,
        _recorded,
        inputs=("drugs", "problems"),
    ),
    Rule(
        "bleeding-fall",
        "Hemoglobin fallen by 2 g/dL on an anticoagulant or with high INR",
        "ISTH 2005; ACC 2020",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        fall_on_anticoagulant,
        ("has fallen by 2 g/dL or more",),
        ("drugs", "hemoglobin", "inr"),
        may_be=(Urgency.NOW,),
    ),
)

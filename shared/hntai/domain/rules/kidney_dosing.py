"""Drugs whose dose the kidney decides: anticoagulants by clearance, others by eGFR."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hntai.domain.chart.values import Chart, Course, Result
from hntai.domain.rules.bleeding import has_bled
from hntai.domain.rules.kidney import kidney_function
from hntai.domain.rules.lookups import (
    active_with,
    because,
    has_problem,
    latest,
    recent,
    said,
    said_stems,
    single_dose_mg,
)
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_CLEARANCE = "a creatinine clearance below"
_FIBRILLATION = r"atrial (?:fibrillation|flutter)|\bA-?fib\b"


@dataclass(frozen=True, slots=True)
class Limit:
    ingredient: str
    below: int
    """eGFR in mL/min/1.73 m2."""
    advice: str
    urgency: Urgency
    from_mg: float = 0.0
    """Only doses from here on; 0 means any, told or not."""


_LIMITS = (
    Limit("nitrofurantoin", 30, "consider another antibiotic", Urgency.NOW),
    Limit("digoxin", 30, "consider a lower dose and a level", Urgency.THIS_VISIT),
    Limit("allopurinol", 30, "check whether kidney function allows the dose", Urgency.ROUTINE, 300),
    Limit("gabapentin", 60, "check against kidney function the daily dose", Urgency.ROUTINE),
    Limit("pregabalin", 60, "check against kidney function the daily dose", Urgency.ROUTINE),
    Limit("lithium", 30, "consider another drug with the specialist", Urgency.NOW),
    Limit("alendronate", 30, "consider another drug", Urgency.THIS_VISIT),
    Limit("baclofen", 30, "consider a lower dose or another drug", Urgency.THIS_VISIT),
)
"""Source: FDA labels; AGS Beers 2023, table 6; allopurinol: ACR 2020."""


def creatinine_clearance(chart: Chart) -> tuple[float, tuple[Result, Result]] | None:
    """mL/min by Cockcroft and Gault, by which anticoagulants are dosed, and what it was computed from.

    Source: Cockcroft and Gault, Nephron 1976;16:31, with actual weight, as in the trials of the labels.
    """
    creatinine, weight, age = latest(chart, "creatinine"), latest(chart, "weight"), chart.patient.age
    if not creatinine or not weight or not creatinine.value or not weight.value or age is None or age < 18:
        return None
    if chart.patient.sex not in ("male", "female"):
        return None
    clearance = (140 - age) * weight.value / (72 * creatinine.value)
    return clearance * (0.85 if chart.patient.sex == "female" else 1.0), (creatinine, weight)


def _by_egfr(chart: Chart) -> Iterator[Finding]:
    kidney = kidney_function(chart)
    for limit in _LIMITS:
        drugs = [c for c in active_with(chart, limit.ingredient) if _is_dosed(c, limit)]
        if kidney and drugs and kidney.egfr < limit.below:
            fact = f"{said(chart, *drugs)} with {kidney.said(chart, limit.below)}"
            yield because(
                fact,
                f"{_advice(chart, limit)}{_of(chart, limit, drugs)}",
                *drugs,
                kidney.result,
                urgency=limit.urgency,
            )


def _advice(chart: Chart, limit: Limit) -> str:
    """A level is not asked for where one of these days is there."""
    has_level = limit.ingredient == "digoxin" and recent(chart, "digoxin_level", 31) is not None
    return limit.advice.removesuffix(" and a level") if has_level else limit.advice


def _of(chart: Chart, limit: Limit, drugs: Sequence[Course]) -> str:
    return f" of {said_stems(chart, *drugs)}" if limit.urgency is Urgency.ROUTINE else ""


def _is_dosed(course: Course, limit: Limit) -> bool:
    return not limit.from_mg or (single_dose_mg(course) or 0) >= limit.from_mg


def _apixaban(chart: Chart) -> Iterator[Finding]:
    """Two of: age from 80, weight up to 60 kg, creatinine from 1.5 mg/dL. Source: FDA apixaban label.

    Nothing is said that leads to a higher dose where there may be a bleed, or was one in the skull.
    """
    creatinine, weight, age = latest(chart, "creatinine"), latest(chart, "weight"), chart.patient.age
    if creatinine is None or weight is None or age is None or not has_problem(chart, _FIBRILLATION):
        return
    met = (age >= 80) + ((weight.value or 0) <= 60) + ((creatinine.value or 0) >= 1.5)
    for course in active_with(chart, "apixaban"):
        beside = f"{said(chart, course)} stands beside {said(chart, creatinine, weight)}"
        parts = (course, creatinine, weight)
        if single_dose_mg(course) == 5 and met >= 2:
            fact = f"{beside}, and two of three criteria for the lower dose are met"
            yield because(fact, "consider the lower dose", *parts)
        elif single_dose_mg(course) == 2.5 and met < 2 and not has_bled(chart):
            fact = f"{beside}, and the criteria for the lower dose are not met"
            yield because(fact, "check whether the lower dose is meant", *parts)


@dataclass(frozen=True, slots=True)
class Step:
    ingredient: str
    above: float
    """Single dose in mg above which the step does not allow; 0 forbids any."""
    below: int
    """Creatinine clearance in mL/min."""


_STEPS = (
    Step("rivaroxaban", 0, 15),
    Step("rivaroxaban", 15, 50),
    Step("dabigatran", 0, 15),
    Step("dabigatran", 75, 30),
    Step("edoxaban", 0, 15),
    Step("edoxaban", 30, 50),
)
"""In atrial fibrillation, the strictest first. Source: FDA labels of the three."""


def _clearance_steps(chart: Chart) -> Iterator[Finding]:
    found = creatinine_clearance(chart)
    if found is None or not has_problem(chart, _FIBRILLATION):
        return
    clearance, (creatinine, weight) = found
    told: set[tuple[str, ...]] = set()
    for step in _STEPS:
        for course in active_with(chart, step.ingredient):
            dose = single_dose_mg(course)
            is_over = clearance < step.below and dose is not None and dose > step.above
            if is_over and course.references not in told:
                told.add(course.references)
                shown = said(chart, creatinine, weight)
                fact = f"{said(chart, course)} stands beside {shown}, {_CLEARANCE} {step.below} mL/min"
                advice = "consider another anticoagulant" if not step.above else "consider the lower dose"
                yield because(fact, advice, course, creatinine, weight)


_BELOW_EGFR = tuple(f"eGFR by CKD-EPI 2021 below {bound}" for bound in (30, 60))
RULES = (
    Rule(
        "kidney-dose",
        "Drug to be dosed or avoided by eGFR",
        "FDA labels; AGS Beers 2023",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _by_egfr,
        _BELOW_EGFR,
        ("drugs", "egfr", "creatinine", "digoxin_level"),
        may_be=(Urgency.NOW, Urgency.ROUTINE),
    ),
    Rule(
        "apixaban-dose",
        "Apixaban dose against age, weight and creatinine",
        "FDA apixaban label",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _apixaban,
        inputs=("drugs", "problems", "age", "weight", "creatinine", "hemoglobin", "platelets"),
    ),
    Rule(
        "anticoagulant-dose",
        "Rivaroxaban, dabigatran or edoxaban against creatinine clearance",
        "FDA labels",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _clearance_steps,
        tuple(f"{_CLEARANCE} {bound} mL/min" for bound in (15, 30, 50)),
        ("drugs", "problems", "age", "sex", "weight", "creatinine"),
    ),
)

"""Drugs against results: what a kidney or an electrolyte does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.values import Chart, Course
from hntai.domain.rules.kidney import kidney_function
from hntai.domain.rules.lookups import active_of, active_with, latest, recent, references_of, said, said_stems
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_RENIN_BLOCKERS = ("ACE inhibitor", "ARB", "neprilysin inhibitor")
_POTASSIUM_RAISERS = (
    *_RENIN_BLOCKERS,
    "mineralocorticoid antagonist",
    "potassium-sparing diuretic",
    "potassium supplement",
)

_LEVEL_DAYS = 7


def _metformin(chart: Chart) -> Iterator[Finding]:
    kidney, drugs = kidney_function(chart), active_with(chart, "metformin")
    if not kidney or not drugs or kidney.egfr >= 45:
        return
    is_contraindicated = kidney.egfr < 30
    bound = 30 if is_contraindicated else 45
    fact = f"{said(chart, *drugs)} with {kidney.said(chart, bound)}"
    reason = (
        "metformin is contraindicated below 30"
        if is_contraindicated
        else "below 45 benefit and risk want review"
    )
    change = "stopping" if is_contraindicated else "a lower dose or another drug than"
    advice = f"consider {change} metformin, because of {kidney.said(chart, bound)}; {reason}"
    urgency = Urgency.NOW if is_contraindicated else Urgency.THIS_VISIT
    yield Finding(fact, advice, references_of(*drugs, kidney.result), (kidney.result.at,), urgency)


def _nsaid_kidney(chart: Chart) -> Iterator[Finding]:
    kidney, drugs = kidney_function(chart), active_of(chart, "NSAID")
    if kidney and drugs and kidney.egfr < 60:
        fact = f"{said(chart, *drugs)} with {kidney.said(chart, 60)}"
        advice = (
            f"consider stopping {said_stems(chart, *drugs)}, an NSAID, because of {kidney.said(chart, 60)}"
        )
        urgency = Urgency.NOW if kidney.egfr < 30 else Urgency.THIS_VISIT
        yield Finding(fact, advice, references_of(*drugs, kidney.result), (kidney.result.at,), urgency)


def _triple_whammy(chart: Chart) -> Iterator[Finding]:
    groups = (
        active_of(chart, "NSAID"),
        active_of(chart, *_RENIN_BLOCKERS),
        active_of(
            chart, "thiazide", "loop diuretic", "mineralocorticoid antagonist", "potassium-sparing diuretic"
        ),
    )
    if all(groups):
        drugs = _each_once(course for group in groups for course in group)
        fact = f"{said_stems(chart, *drugs)} together put the kidney at risk"
        pain = said_stems(chart, *groups[0])
        advice = f"consider another pain treatment than {pain}, and check creatinine and potassium"
        yield Finding(fact, advice, references_of(*drugs), tuple(c.last_ordered for c in drugs))


def _hyperkalaemia(chart: Chart) -> Iterator[Finding]:
    potassium, drugs = latest(chart, "potassium"), active_of(chart, *_POTASSIUM_RAISERS)
    if not potassium or potassium.value is None or not drugs or potassium.value <= 5.0:
        return
    is_urgent = potassium.value > 5.5
    fact = f"{said(chart, potassium)} on {said_stems(chart, *drugs)}, which raise potassium"
    advice = (
        f"repeat potassium with creatinine and consider reducing or pausing {said_stems(chart, *drugs)},"
        f" because of {said(chart, potassium)}"
    )
    urgency = Urgency.NOW if is_urgent else Urgency.THIS_VISIT
    yield Finding(fact, advice, references_of(potassium, *drugs), (potassium.at,), urgency)


def _hyponatraemia(chart: Chart) -> Iterator[Finding]:
    sodium = latest(chart, "sodium")
    drugs = (
        *active_of(chart, "thiazide", "SSRI", "SNRI"),
        *active_with(chart, "carbamazepine", "oxcarbazepine"),
    )
    if not sodium or sodium.value is None or not drugs or sodium.value >= 135:
        return
    fact = f"{said(chart, sodium)} on {said_stems(chart, *drugs)}, which can lower sodium"
    advice = (
        f"repeat sodium and consider pausing {said_stems(chart, *drugs)}, because of {said(chart, sodium)}"
    )
    urgency = Urgency.NOW if sodium.value < 130 else Urgency.THIS_VISIT
    yield Finding(fact, advice, references_of(sodium, *drugs), (sodium.at,), urgency)


def _digoxin(chart: Chart) -> Iterator[Finding]:
    potassium, drugs = latest(chart, "potassium"), active_with(chart, "digoxin")
    if potassium and potassium.value is not None and potassium.value < 3.5 and drugs:
        fact = (
            f"{said(chart, potassium)} on {said_stems(chart, *drugs)}: low potassium raises digoxin toxicity"
        )
        level = "" if recent(chart, "digoxin_level", _LEVEL_DAYS) else " and checking a digoxin level"
        yield Finding(
            fact,
            f"consider correcting potassium{level}: {fact}",
            references_of(potassium, *drugs),
            (potassium.at,),
        )


def _each_once(courses: Iterator[Course]) -> tuple[Course, ...]:
    return tuple({course.references: course for course in courses}.values())


RULES = (
    Rule(
        "metformin-kidney",
        "Metformin with low eGFR",
        "FDA metformin label 2016",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _metformin,
        (
            "metformin is contraindicated below 30",
            "below 45 benefit and risk want review",
            "eGFR by CKD-EPI 2021 below 30",
            "eGFR by CKD-EPI 2021 below 45",
        ),
        inputs=("drugs", "egfr", "creatinine"),
        may_be=(Urgency.NOW,),
    ),
    Rule(
        "nsaid-kidney",
        "NSAID with low eGFR",
        "KDIGO 2024",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _nsaid_kidney,
        ("eGFR by CKD-EPI 2021 below 60",),
        inputs=("drugs", "egfr", "creatinine"),
        may_be=(Urgency.NOW,),
    ),
    Rule(
        "nsaid-raas-diuretic",
        "NSAID, renin blocker and diuretic",
        "AGS Beers 2023",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _triple_whammy,
        inputs=("drugs",),
    ),
    Rule(
        "hyperkalaemia-drugs",
        "High potassium on drugs that raise it",
        "KDIGO 2024",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _hyperkalaemia,
        inputs=("drugs", "potassium"),
        may_be=(Urgency.NOW,),
    ),
    Rule(
        "hyponatraemia-drugs",
        "Low sodium on drugs that lower it",
        "FDA labels",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _hyponatraemia,
        inputs=("drugs", "sodium"),
        may_be=(Urgency.NOW,),
    ),
    Rule(
        "digoxin-potassium",
        "Low potassium on digoxin",
        "FDA digoxin label",
        Concern.SAFETY,
        Urgency.NOW,
        _digoxin,
        inputs=("drugs", "potassium", "digoxin_level"),
    ),
)

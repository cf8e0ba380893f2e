"""Kidney function: what the record gives, what creatinine says, and how fast it falls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hntai.domain.chart.values import Chart, Patient, Problem, Result
from hntai.domain.chart.wording import said_result, said_value
from hntai.domain.dates import days_between
from hntai.domain.rules.lookups import has_problem, history, latest, references_of
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_CKD = r"\bCKD\b|chronic kidney disease|chronic renal|diabetic (?:renal|kidney)|nephropathy|end.stage renal"
_TWO_YEARS = 731
_CHRONIC_DAYS = 90


@dataclass(frozen=True, slots=True)
class KidneyFunction:
    egfr: float
    """mL/min/1.73 m2."""
    result: Result
    """The eGFR of the record, or the creatinine it was estimated from."""
    is_estimated: bool

    def said(self, chart: Chart, bound: int) -> str:
        """The result as recorded; an estimate is named by the bound it lies under only."""
        result = said_result(chart, self.result)
        return f"{result} (eGFR by CKD-EPI 2021 below {bound})" if self.is_estimated else result


def ckd_epi_2021(creatinine: float, patient: Patient) -> float | None:
    """eGFR in mL/min/1.73 m2 from creatinine in mg/dL, for adults of known sex.

    Source: Inker et al., N Engl J Med 2021;385:1737 (CKD-EPI 2021, without race).
    """
    if patient.age is None or patient.age < 18 or patient.sex not in ("male", "female") or creatinine <= 0:
        return None
    is_female = patient.sex == "female"
    kappa, alpha = (0.7, -0.241) if is_female else (0.9, -0.302)
    ratio = creatinine / kappa
    shared: float = 142.0 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.2 * 0.9938**patient.age
    return shared * 1.012 if is_female else shared


def kidney_disease(chart: Chart) -> tuple[Problem, ...]:
    """Active problems that are chronic kidney disease."""
    return has_problem(chart, _CKD)


def kidney_function(chart: Chart) -> KidneyFunction | None:
    """The latest eGFR of the last twelve months; from creatinine where that is newer, or all there is."""
    recorded, creatinine = latest(chart, "egfr"), latest(chart, "creatinine")
    is_newest = (
        recorded and recorded.at and (not creatinine or not creatinine.at or recorded.at >= creatinine.at)
    )
    if recorded and is_newest and recorded.value is not None:
        return KidneyFunction(recorded.value, recorded, is_estimated=False)
    estimate = ckd_epi_2021(creatinine.value, chart.patient) if creatinine and creatinine.value else None
    if creatinine is None or estimate is None:
        return None
    return KidneyFunction(estimate, creatinine, is_estimated=True)


def _fall(chart: Chart) -> Iterator[Finding]:
    now = latest(chart, "egfr")
    if now is None or now.at is None or now.value is None or now.is_preliminary or now.value >= 90:
        return
    for before in history(chart, "egfr"):
        if before.at is None or before.value is None or before.method != now.method or before.is_preliminary:
            continue
        days = days_between(before.at, now.at)
        if _CHRONIC_DAYS < days <= _TWO_YEARS and now.value <= 0.7 * before.value:
            was = said_value(chart, before)
            fact = f"{said_result(chart, now)} has fallen by 30 % or more within 2 years, from {was}"
            advice = f"look for a cause and review drugs that harm the kidney, because {fact}"
            yield Finding(fact, advice, references_of(now, before), (now.at, before.at))
            return


def _unnamed_disease(chart: Chart) -> Iterator[Finding]:
    if has_problem(chart, _CKD):
        return
    low = [r for r in history(chart, "egfr") if r.value is not None and r.value < 60 and not r.is_preliminary]
    now = latest(chart, "egfr")
    if now is None or now not in low or now.at is None:
        return
    first = next((r for r in low if r.at and now.at and days_between(r.at, now.at) > _CHRONIC_DAYS), None)
    if first:
        fact = (
            f"{said_result(chart, now)} and {said_value(chart, first)} are both below 60, over 90 days apart"
        )
        advice = (
            f"consider whether this is chronic kidney disease, which no active problem names, because {fact}"
        )
        yield Finding(fact, advice, references_of(now, first), (now.at, first.at))


RULES = (
    Rule(
        "egfr-fall",
        "eGFR fallen by 30 % in two years",
        "KDIGO 2024",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _fall,
        ("by 30 % or more within 2 years",),
        inputs=("egfr",),
    ),
    Rule(
        "unnamed-ckd",
        "Low eGFR for three months without a diagnosis",
        "KDIGO 2024",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _unnamed_disease,
        ("are both below 60, over 90 days apart",),
        inputs=("egfr", "problems"),
        is_long_term=True,
    ),
)

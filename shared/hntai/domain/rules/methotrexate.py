"""Methotrexate: taken every day where once a week is meant, or with a kidney that does not clear it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.chart.values import Chart, Course
from hntai.domain.rules.kidney import kidney_function
from hntai.domain.rules.lookups import active_with, because, had_problem, said, said_stems
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_DAILY = re.compile(
    r"\bdaily\b|\b(?:a|per|each|every) day\b|\bevery \d+ hours?\b|\bevery (?:morning|evening|night)\b"
    r"|\bat bedtime\b|\bq\d+h\b|\bqd\b|\bbid\b|\btid\b",
    re.IGNORECASE,
)
_WEEKLY = re.compile(r"week|\bon (?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
_CANCER = (
    r"leuk(?:a)?emia|lymphoma|cancer|carcinoma|sarcoma|neoplas|malignan|choriocarcinoma|trophoblast|tumou?r"
)


def _is_daily(course: Course) -> bool:
    said_dose = f"{course.name} {course.dose}"
    return bool(_DAILY.search(said_dose)) and not _WEEKLY.search(said_dose)


def _daily(chart: Chart) -> Iterator[Finding]:
    drugs = [c for c in active_with(chart, "methotrexate") if _is_daily(c)]
    if drugs and not had_problem(chart, _CANCER):
        fact = f"{said(chart, *drugs)} is ordered by the day and no cancer is recorded"
        advice = (
            "consider holding it and checking whether a weekly dose is meant, with blood count and kidney"
        )
        yield because(f"{fact}: outside cancer it is taken weekly", advice, *drugs)


def _kidney(chart: Chart) -> Iterator[Finding]:
    drugs, kidney = active_with(chart, "methotrexate"), kidney_function(chart)
    if not drugs or kidney is None or kidney.egfr >= 60:
        return
    is_low = kidney.egfr < 30
    fact = f"{said(chart, *drugs)} with {kidney.said(chart, 30 if is_low else 60)}"
    change = "holding" if is_low else "a lower dose of"
    advice = f"consider {change} {said_stems(chart, *drugs)} and check the blood count"
    urgency = Urgency.NOW if is_low else Urgency.THIS_VISIT
    yield because(fact, advice, *drugs, kidney.result, urgency=urgency)


RULES = (
    Rule(
        "methotrexate-daily",
        "Methotrexate by the day outside cancer",
        "ISMP 2024; FDA methotrexate label",
        Concern.SAFETY,
        Urgency.NOW,
        _daily,
        inputs=("drugs", "problems"),
    ),
    Rule(
        "methotrexate-kidney",
        "Methotrexate with low eGFR",
        "FDA methotrexate label; ACR 2021",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _kidney,
        ("eGFR by CKD-EPI 2021 below 30", "eGFR by CKD-EPI 2021 below 60"),
        ("drugs", "egfr", "creatinine"),
        may_be=(Urgency.NOW,),
    ),
)

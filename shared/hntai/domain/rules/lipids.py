"""Lipids: statins where they are missing, LDL above its goal, triglycerides that threaten the pancreas."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.values import Chart, Problem
from hntai.domain.rules.cautions import may_suggest
from hntai.domain.rules.diabetes import diabetes
from hntai.domain.rules.lookups import active_of, because, final, had_problem, is_adult, said, said_stems
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_VESSELS = (
    r"coronary (?:artery|heart) dis|coronary (?:atheroscl|bypass|stent)|isch(?:a)?emic heart|\bCAD\b|\bIHD\b"
    r"|myocardial infarct|acute coronary|angina|(?<!hemorrhagic )(?<!haemorrhagic )\bstroke\b"
    r"|cerebral infarct|transient isch|\bTIA\b|peripheral (?:arter|vasc)|\bPAD\b|atherosclero"
)


def atherosclerotic_disease(chart: Chart) -> tuple[Problem, ...]:
    """Problems, present or past, that are clinical atherosclerotic cardiovascular disease."""
    return had_problem(chart, _VESSELS)


def _statin_after_event(chart: Chart) -> Iterator[Finding]:
    known = atherosclerotic_disease(chart)
    if known and is_adult(chart) and not active_of(chart, "statin") and may_suggest(chart, "statin"):
        fact = f"{known[0].name} is recorded and no statin is active"
        yield because(fact, "consider a statin, or record why not", known[0])


def _ldl_after_event(chart: Chart) -> Iterator[Finding]:
    known, ldl, statins = atherosclerotic_disease(chart), final(chart, "ldl"), active_of(chart, "statin")
    if known and statins and ldl and (ldl.value or 0) >= 70:
        fact = (
            f"{said(chart, ldl)} is not below 70 mg/dL on {said_stems(chart, *statins)} with {known[0].name}"
        )
        yield because(
            fact, "ask how the statin is taken and consider more intensive treatment", ldl, *statins, known[0]
        )


def _statin_in_diabetes(chart: Chart) -> Iterator[Finding]:
    known = diabetes(chart)
    is_told_already = atherosclerotic_disease(chart) or active_of(chart, "statin")
    if known and is_adult(chart, 40, 75) and not is_told_already and may_suggest(chart, "statin"):
        fact = f"{known[0].name} is active at age 40 to 75 and no statin is active"
        yield because(fact, "consider a statin, or record why not", known[0])


def _very_high_ldl(chart: Chart) -> Iterator[Finding]:
    ldl = final(chart, "ldl")
    is_told_already = atherosclerotic_disease(chart) or active_of(chart, "statin")
    if ldl and (ldl.value or 0) >= 190 and is_adult(chart, 20) and not is_told_already:
        suggestion = "look for secondary and familial causes"
        suggestion += " and consider a statin" if may_suggest(chart, "statin") else ""
        yield because(f"{said(chart, ldl)} is 190 mg/dL or more", suggestion, ldl)


def _triglycerides(chart: Chart) -> Iterator[Finding]:
    level = final(chart, "triglycerides")
    if level and (level.value or 0) >= 500:
        fact = f"{said(chart, level)} is 500 mg/dL or more, which can cause pancreatitis"
        yield because(fact, "repeat it fasting, look for causes and consider treatment", level)


RULES = (
    Rule(
        "statin-ascvd",
        "No statin in atherosclerotic disease",
        "ACC/AHA 2018",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _statin_after_event,
        inputs=("problems", "drugs", "age", "allergies"),
        is_long_term=True,
    ),
    Rule(
        "ldl-ascvd",
        "LDL above the threshold in atherosclerotic disease",
        "ACC/AHA 2018",
        Concern.CARE,
        Urgency.ROUTINE,
        _ldl_after_event,
        ("is not below 70 mg/dL",),
        ("ldl", "problems", "drugs"),
        is_long_term=True,
    ),
    Rule(
        "statin-diabetes",
        "No statin in diabetes at age 40 to 75",
        "ADA Standards of Care 2025",
        Concern.CARE,
        Urgency.ROUTINE,
        _statin_in_diabetes,
        ("is active at age 40 to 75 and no statin is active",),
        ("problems", "drugs", "age", "allergies"),
        is_long_term=True,
    ),
    Rule(
        "ldl-very-high",
        "LDL from 190 mg/dL without a statin",
        "ACC/AHA 2018",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _very_high_ldl,
        ("is 190 mg/dL or more",),
        ("ldl", "drugs", "problems", "age", "allergies"),
        is_long_term=True,
    ),
    Rule(
        "triglycerides-high",
        "Triglycerides from 500 mg/dL",
        "ACC/AHA 2018",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _triglycerides,
        ("is 500 mg/dL or more",),
        ("triglycerides",),
    ),
)

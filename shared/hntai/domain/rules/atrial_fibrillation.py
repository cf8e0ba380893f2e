"""Atrial fibrillation: the risk of stroke, and whether anything is taken against it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.chart.values import Chart, Problem
from hntai.domain.rules.cautions import may_suggest
from hntai.domain.rules.diabetes import diabetes
from hntai.domain.rules.heart_failure import heart_failure
from hntai.domain.rules.lookups import active_of, because, had_problem, has_problem
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_FIBRILLATION = r"atrial (?:fibrillation|flutter)|\bA-?fib\b"
_HYPERTENSION = r"^(?!.*(?:pulmonary|portal|ocular|intracranial|white coat)).*hypertens"
_EMBOLISM = r"\bstroke\b|cerebral infarct|transient isch|\bTIA\b|systemic embol|arterial thromboembol"
_VESSELS = (
    r"myocardial infarct|peripheral arter|\bPAD\b|aortic (?:plaque|atheroscl)"
    r"|coronary (?:artery|heart) dis|isch(?:a)?emic heart"
)
_ANTICOAGULANTS = ("vitamin K antagonist", "direct oral anticoagulant", "heparin")
_CLOSED = re.compile(r"appendage (?:occlu|clos|exclu)|watchman", re.IGNORECASE)
_BOUNDS = {"male": 2, "female": 3}


def stroke_risk(chart: Chart) -> tuple[int, tuple[Problem, ...]]:
    """The CHA2DS2-VASc score, and the problems that gave points.

    Source: Lip et al., Chest 2010;137:263; ACC/AHA/ACCP/HRS 2023.
    """
    groups = (
        (1, heart_failure(chart)),
        (1, has_problem(chart, _HYPERTENSION)),
        (1, diabetes(chart)),
        (2, had_problem(chart, _EMBOLISM)),
        (1, had_problem(chart, _VESSELS)),
    )
    age = chart.patient.age or 0
    points = sum(weight for weight, found in groups if found) + (2 if age >= 75 else 1 if age >= 65 else 0)
    points += chart.patient.sex == "female"
    return points, tuple(found[0] for _, found in groups if found)


def _without_anticoagulant(chart: Chart) -> Iterator[Finding]:
    known, bound = has_problem(chart, _FIBRILLATION), _BOUNDS.get(chart.patient.sex)
    is_closed = any(_CLOSED.search(event.name) for event in chart.procedures)
    if not known or bound is None or chart.patient.age is None or is_closed:
        return
    points, counted = stroke_risk(chart)
    is_open = not active_of(chart, *_ANTICOAGULANTS) and may_suggest(chart, "direct oral anticoagulant")
    if points >= bound and is_open:
        score = f"a CHA2DS2-VASc score of at least {bound}"
        fact = f"{known[0].name} is active with {score} and no anticoagulant is active"
        yield because(
            fact, "consider an anticoagulant after weighing bleeding, or record why not", known[0], *counted
        )


RULES = (
    Rule(
        "fibrillation-anticoagulant",
        "Atrial fibrillation at risk of stroke without an anticoagulant",
        "ACC/AHA/ACCP/HRS 2023",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _without_anticoagulant,
        ("a CHA2DS2-VASc score of at least 2", "a CHA2DS2-VASc score of at least 3"),
        ("problems", "procedures", "drugs", "age", "sex", "platelets", "hemoglobin", "allergies"),
        is_long_term=True,
    ),
)

"""Drugs that children must not have: aspirin in fever, codeine and tramadol."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.chart.values import Chart, Problem, Result
from hntai.domain.rules.lookups import (
    active_with,
    because,
    days_since,
    has_problem,
    recent,
    said,
    said_stems,
)
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_REYE_YEARS, _OPIOID_YEARS = 19, 12
_VIRAL = (
    r"fever|febrile|pyrexia|viral|influenza|\bflu\b|varicella|chickenpox|covid|respiratory infection|\bcold\b"
)
_DAYS = 31
_FEVER = 38.0
"""Degrees Celsius."""


def _aspirin(chart: Chart) -> Iterator[Finding]:
    drugs, age = active_with(chart, "aspirin"), chart.patient.age
    if not drugs or age is None or age >= _REYE_YEARS or has_problem(chart, r"kawasaki"):
        return
    signs = _illness(chart)
    newest = chart.newest
    is_reason = newest is not None and re.search(_VIRAL, newest.reason, re.IGNORECASE) is not None
    if signs or is_reason:
        beside = _said_illness(chart, signs[0]) if signs else "an encounter for fever or viral illness"
        named = said_stems(chart, *drugs)
        fact = f"{named} under 19 years with {beside} carries the risk of Reye syndrome"
        yield because(fact, f"consider holding {named} and choosing another antipyretic", *drugs, *signs[:1])


def _illness(chart: Chart) -> tuple[Result | Problem, ...]:
    warm = recent(chart, "temperature", _DAYS)
    problems = (p for p in has_problem(chart, _VIRAL) if 0 <= (days_since(chart, p.at) or 0) <= _DAYS)
    return (*((warm,) if warm and (warm.value or 0) >= _FEVER else ()), *problems)


def _said_illness(chart: Chart, sign: Result | Problem) -> str:
    return said(chart, sign) if isinstance(sign, Result) else sign.name


def _opioid(chart: Chart) -> Iterator[Finding]:
    drugs, age = active_with(chart, "codeine", "tramadol"), chart.patient.age
    if drugs and age is not None and age < _OPIOID_YEARS:
        named = said_stems(chart, *drugs)
        fact = f"{named} is contraindicated under 12 years, for slowed breathing"
        yield because(fact, f"consider holding {named} and choosing another pain treatment", *drugs)


RULES = (
    Rule(
        "child-aspirin",
        "Aspirin under 19 years in fever or viral illness",
        "FDA aspirin label; AAP 2021",
        Concern.SAFETY,
        Urgency.NOW,
        _aspirin,
        ("under 19 years",),
        ("drugs", "age", "temperature", "problems", "encounters"),
    ),
    Rule(
        "child-opioid",
        "Codeine or tramadol under 12 years",
        "FDA 2017",
        Concern.SAFETY,
        Urgency.NOW,
        _opioid,
        ("under 12 years",),
        ("drugs", "age"),
    ),
)

"""Words for tables of rules: what fires on a record, and how urgently."""

from __future__ import annotations

from typing import Any

from hntai.domain.grounding import verify
from hntai.domain.rules import Urgency
from tests.unit.chart_records import NEWEST, PATIENT, chart_of, encounter, hits_of, lab, statements_of

K, NA, CREATININE, EGFR, A1C, INR = "2823-3", "2951-2", "2160-0", "98979-8", "4548-4", "6301-6"
"""LOINC codes."""
OLD = "2024-11-01"
"""A day over twelve months before the newest encounter."""
NOW, VISIT, ROUTINE = [Urgency.NOW], [Urgency.THIS_VISIT], [Urgency.ROUTINE]


def egfr(value: float, day: str = NEWEST, **more: Any) -> dict[str, Any]:
    return lab(EGFR, value, "mL/min/{1.73_m2}", day, **more)


def fired(rule: str, *resources: Any, **more: Any) -> list[Urgency]:
    """The urgencies of what one rule finds in a record with these resources; the gate must let it pass."""
    chart = chart_of(encounter(), *resources, **more)
    assert verify(statements_of(chart), chart).removed == 0
    found = hits_of(chart, rule)
    assert all(hit.urgency in (hit.rule.urgency, *hit.rule.may_be) for hit in found)
    return [hit.urgency for hit in found]


def advice(rule: str, *resources: Any, **more: Any) -> str:
    """What one rule suggests for a record with these resources, or nothing."""
    return " ".join(hit.finding.advice for hit in hits_of(chart_of(encounter(), *resources, **more), rule))


def person(sex: str = "female", age: int = 70) -> dict[str, Any]:
    """The invented patient at another sex or age."""
    return {**PATIENT, "gender": sex, "birthDate": f"{2026 - age}-01-01"}

"""Words for tables of rules: what fires on a record, and how urgently."""

from __future__ import annotations

from typing import Any

from hntai.domain.rules import Urgency
from tests.unit.chart_records import NEWEST, chart_of, encounter, hits_of, lab

K, NA, CREATININE, EGFR, A1C, INR = "2823-3", "2951-2", "2160-0", "98979-8", "4548-4", "6301-6"
"""LOINC codes."""
OLD = "2024-11-01"
"""A day over twelve months before the newest encounter."""
NOW, VISIT, ROUTINE = [Urgency.NOW], [Urgency.THIS_VISIT], [Urgency.ROUTINE]


def egfr(value: float, day: str = NEWEST, **more: Any) -> dict[str, Any]:
    return lab(EGFR, value, "mL/min/{1.73_m2}", day, **more)


def fired(rule: str, *resources: Any, **more: Any) -> list[Urgency]:
    """The urgencies of what one rule finds in a record with these resources."""
    return [hit.urgency for hit in hits_of(chart_of(encounter(), *resources, **more), rule)]

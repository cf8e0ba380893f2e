"""A trap: a record with a planted fact, and what a summary of it must and must not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hntai.domain.statements import Section
from tests.unit.chart_records import PATIENT, Resource, encounter

ASSESSMENT, TRENDS, PLAN, GUIDANCE = Section
BEFORE = "2026-01-10"
OLD = "2023-02-01"
VISITS = (encounter(BEFORE, "e0"), encounter())


@dataclass(frozen=True, slots=True)
class Trap:
    danger: str
    resources: tuple[Any, ...]
    must: tuple[tuple[Section, str], ...] = ()
    """Patterns, each of which one statement of that section answers to."""
    never: tuple[str, ...] = ()
    """Patterns that nothing that leaves answers to: no statement, warning, baseline or delta."""
    first: Mapping[Section, str] = field(default_factory=dict)
    """What the first statement of a section answers to."""
    not_in: tuple[tuple[Section, str], ...] = ()
    patient: Resource = field(default_factory=lambda: PATIENT)


def trap(danger: str, *resources: Any, **expected: Any) -> Trap:
    """A trap in a record with two visits."""
    return Trap(danger, (*VISITS, *resources), **expected)


def dosed(**dosage: Any) -> dict[str, Any]:
    """The dosage of an order, to be passed on to `drug`."""
    return {"dosageInstruction": [dosage]}


def daily(times: int = 1) -> dict[str, Any]:
    """A timing of so many times a day."""
    return {"timing": {"repeat": {"frequency": times, "period": 1, "periodUnit": "d"}}}


def amount(value: float, unit: str) -> dict[str, Any]:
    """One dose of so much."""
    return {"doseAndRate": [{"doseQuantity": {"value": value, "unit": unit}}]}


def verification(code: str) -> dict[str, Any]:
    """The verification status of a problem or an allergy."""
    return {"verificationStatus": {"coding": [{"code": code}]}}

"""Cultures that grow something, and troponin, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import NEWEST, chart_of, encounter, lab, problem, texts_of
from tests.unit.rule_tables import NOW, advice, fired

NONE: list[Urgency] = []


def culture(name: str, found: str, day: str = NEWEST, **more: Any) -> dict[str, Any]:
    made = lab("x", 0, "", day, own=f"{name}-{day}".replace(" ", ""), **more)
    del made["valueQuantity"]
    return {**made, "code": {"text": name}, "valueString": found}


@pytest.mark.parametrize(
    ("name", "found", "urgencies"),
    [
        ("Blood culture", "Gram-positive cocci in clusters, 4 of 4 bottles", NOW),
        ("Blood culture", "Gram-negative rods", NOW),
        ("Blood culture", "Coagulase-negative staphylococci", NOW),
        ("Blood culture", "No growth after 24 hours", NONE), ("Blood culture", "Negative", NONE),
        ("Blood culture", "No Gram-negative rods seen", NONE), ("Blood culture", "Pending", NONE),
        ("CSF Gram stain", "Gram-positive diplococci", NOW), ("Throat culture", "Streptococcus", NONE),
    ],
)  # fmt: skip
def test_positive_cultures_of_what_should_be_sterile(name: str, found: str, urgencies: list[Urgency]) -> None:
    assert fired("positive-culture", culture(name, found)) == urgencies
    assert fired("positive-culture", culture(name, found, status="preliminary")) == urgencies


def test_a_preliminary_culture_is_treated_as_real_and_never_awaited() -> None:
    grown = culture("Blood culture", "Gram-negative rods", status="preliminary")
    assert "treat it as real until the final result" in advice("positive-culture", grown)
    told = texts_of(chart_of(encounter(), grown))
    assert told.startswith("Critical: Blood culture Gram-negative rods (2026-05-20, preliminary)")
    assert "await" not in told


def test_a_later_negative_culture_or_an_old_one_is_not_critical() -> None:
    before = culture("Blood culture", "Gram-negative rods", "2026-05-18")
    assert fired("positive-culture", before, culture("Blood culture", "No growth")) == []
    assert fired("positive-culture", culture("Blood culture", "Gram-negative rods", "2026-03-01")) == []


RANGE: dict[str, Any] = {"referenceRange": [{"high": {"value": 34, "unit": "ng/L"}}]}


@pytest.mark.parametrize(
    ("value", "unit", "more", "urgencies"),
    [
        (412, "ng/L", RANGE, NOW), (412, "pg/mL", {}, NOW), (170, "ng/L", RANGE, NOW),
        (100, "ng/L", RANGE, NONE),
        (63, "ng/L", {}, NONE), (412, "mg/dL", {}, NONE),
        (412, "ng/L", {**RANGE, "status": "preliminary"}, NOW),
    ],
)  # fmt: skip
def test_troponin_far_above_its_range(
    value: float, unit: str, more: dict[str, Any], urgencies: list[Urgency]
) -> None:
    assert fired("troponin-high", lab("89579-7", value, unit, **more)) == urgencies


def test_with_chest_pain_any_troponin_above_its_range_counts_and_an_old_one_never() -> None:
    pain = problem("Chest pain", NEWEST)
    assert fired("troponin-high", lab("89579-7", 40, "ng/L", **RANGE), pain) == NOW
    assert fired("troponin-high", lab("89579-7", 30, "ng/L", **RANGE), pain) == []
    assert fired("troponin-high", pain) == []
    assert fired("troponin-high", lab("89579-7", 412, "ng/L", "2026-04-01"), pain) == []

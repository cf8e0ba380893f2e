"""Critical values and blood pressure, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import (
    NEWEST,
    PATIENT,
    chart_of,
    encounter,
    hits_of,
    lab,
    pressure,
)
from tests.unit.rule_tables import INR, NA, NOW, OLD, VISIT, K, fired


@pytest.mark.parametrize(
    ("code", "value", "unit", "urgencies"),
    [
        (K, 6.1, "mmol/L", NOW), (K, 6.0, "mmol/L", []), (K, 2.9, "mmol/L", NOW), (K, 3.0, "mmol/L", []),
        (NA, 124, "mmol/L", NOW), (NA, 125, "mmol/L", []), (NA, 156, "mEq/L", NOW),
        ("2345-7", 53, "mg/dL", NOW), ("2345-7", 54, "mg/dL", []),
        ("2345-7", 23, "mmol/L", NOW), ("2345-7", 5.4, "mmol/L", []),
        ("718-7", 6.9, "g/dL", NOW), ("718-7", 69, "g/L", NOW), ("718-7", 7.0, "g/dL", []),
        ("777-3", 49, "10*3/uL", NOW), ("6690-2", 1400, "/uL", NOW),
        (INR, 4.6, "{INR}", NOW), (INR, 4.5, "{INR}", []),
        ("59408-5", 89, "%", NOW), ("59408-5", 90, "%", []), (K, 6.1, "", []), (K, 61, "mmol/L", []),
    ],
)  # fmt: skip
def test_critical_values(code: str, value: float, unit: str, urgencies: list[Urgency]) -> None:
    assert fired("critical-value", lab(code, value, unit)) == urgencies


def test_the_laboratorys_own_word_makes_a_value_critical() -> None:
    marked: dict[str, Any] = {"interpretation": [{"coding": [{"code": "HH"}]}]}
    assert fired("critical-value", lab("10839-9", 2.4, "ng/mL", **marked)) == NOW


def test_only_the_latest_value_is_critical_and_none_over_a_year_old() -> None:
    assert fired("critical-value", lab(K, 6.8, "mmol/L", "2026-05-01"), lab(K, 4.2, "mmol/L")) == []
    assert fired("critical-value", lab(K, 6.8, "mmol/L", OLD), lab(NA, 140, "mmol/L")) == []


@pytest.mark.parametrize(
    ("comparator", "value", "urgencies"), [(">", 6.5, NOW), ("<", 6.5, []), ("<", 2.5, NOW)]
)
def test_a_comparator_is_critical_only_without_doubt(
    comparator: str, value: float, urgencies: list[Urgency]
) -> None:
    quantity = {"value": value, "unit": "mmol/L", "comparator": comparator}
    assert fired("critical-value", lab(K, 0, "", valueQuantity=quantity)) == urgencies


@pytest.mark.parametrize(
    "later",
    [
        lab(K, 41, "mmol/L"),
        lab(K, 4.1, "mmol/L", status="preliminary"),
    ],
    ids=["impossible", "preliminary"],
)
def test_no_doubtful_value_hides_the_critical_one_before_it(later: dict[str, Any]) -> None:
    chart = chart_of(encounter(), lab(K, 6.9, "mmol/L", "2026-05-19"), later)
    (hit,) = hits_of(chart, "critical-value")
    assert "6.9 mmol/L (2026-05-19" in hit.finding.fact


def test_a_final_normal_value_ends_what_was_critical() -> None:
    assert fired("critical-value", lab(K, 6.9, "mmol/L", "2026-05-19"), lab(K, 4.1, "mmol/L")) == []


def test_a_critical_preliminary_value_is_called_preliminary() -> None:
    (hit,) = hits_of(chart_of(encounter(), lab(K, 6.8, "mmol/L", status="preliminary")), "critical-value")
    assert "preliminary" in hit.finding.fact


@pytest.mark.parametrize(
    ("systolic", "diastolic", "urgencies"), [(180, 90, NOW), (150, 120, NOW), (179, 119, []), (85, 182, [])]
)
def test_hypertensive_crisis(systolic: int, diastolic: int, urgencies: list[Urgency]) -> None:
    assert fired("hypertensive-crisis", pressure(systolic, diastolic)) == urgencies


@pytest.mark.parametrize(("comparator", "urgencies"), [(">", NOW), ("<", [])])
def test_a_pressure_known_only_to_be_below_a_bound_is_no_crisis(
    comparator: str, urgencies: list[Urgency]
) -> None:
    reading = pressure(190, 100)
    reading["component"][0]["valueQuantity"]["comparator"] = comparator
    assert fired("hypertensive-crisis", reading) == urgencies


@pytest.mark.parametrize(
    ("readings", "urgencies"),
    [
        ([("2026-04-01", 142, 78), (NEWEST, 138, 76)], VISIT),
        ([("2026-04-01", 120, 82), (NEWEST, 118, 80)], VISIT),
        ([("2026-04-01", 128, 78), (NEWEST, 142, 76)], []),
        ([(NEWEST, 142, 86)], []),
        ([("2026-04-01", 142, 78), (NEWEST, 190, 76)], []),
    ],
)
def test_blood_pressure_above_goal_needs_two_readings(
    readings: list[tuple[str, int, int]], urgencies: list[Urgency]
) -> None:
    assert fired("bp-above-goal", *(pressure(s, d, day) for day, s, d in readings)) == urgencies


def test_blood_pressure_goals_are_for_adults() -> None:
    child = {**PATIENT, "birthDate": "2016-01-01"}
    assert fired("bp-above-goal", pressure(142, 90, "2026-04-01"), pressure(142, 90), patient=child) == []

"""Vital signs, gases, levels and the ECG, by themselves and beside drugs, as tables with near misses."""

from __future__ import annotations

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import chart_of, drug, encounter, hits_of, lab, pressure
from tests.unit.rule_tables import NOW, VISIT, advice, fired, person

RATE, BREATHS, WARMTH, PH, BICARBONATE, LACTATE, QTC = (
    "8867-4", "9279-1", "8310-5", "2744-1", "1963-8", "2524-7", "8636-3",
)  # fmt: skip
NONE: list[Urgency] = []
LAST_MONTH = "2026-04-20"


@pytest.mark.parametrize(
    ("code", "value", "unit", "urgencies"),
    [
        (RATE, 39, "/min", NOW), (RATE, 40, "/min", NONE), (RATE, 131, "/min", NOW),
        (RATE, 130, "/min", NONE),
        (BREATHS, 8, "/min", NOW), (BREATHS, 9, "/min", NONE), (BREATHS, 25, "/min", NOW),
        (BREATHS, 24, "/min", NONE), (WARMTH, 34.9, "Cel", NOW), (WARMTH, 94, "[degF]", NOW),
        (WARMTH, 35, "Cel", NONE), (WARMTH, 40.1, "Cel", NOW), (WARMTH, 40, "Cel", NONE),
        (RATE, 38, "kg", NONE),
    ],
)  # fmt: skip
def test_red_vital_signs(code: str, value: float, unit: str, urgencies: list[Urgency]) -> None:
    assert fired("critical-vital", lab(code, value, unit)) == urgencies


@pytest.mark.parametrize(
    ("rule", "code", "value", "unit", "urgencies"),
    [
        ("critical-value", PH, 7.19, "[pH]", NOW), ("critical-value", PH, 7.08, "", NOW),
        ("critical-value", PH, 7.2, "pH", NONE), ("critical-value", PH, 7.61, "[pH]", NOW),
        ("critical-value", BICARBONATE, 9, "meq/L", NOW), ("critical-value", BICARBONATE, 10, "mmol/L", NONE),
        ("critical-lactate", LACTATE, 4.0, "mmol/L", NOW), ("critical-lactate", LACTATE, 3.9, "mmol/L", NONE),
        ("critical-lactate", LACTATE, 41, "mg/dL", NOW), ("critical-lactate", LACTATE, 4.6, "g/L", NONE),
        ("critical-qtc", QTC, 500, "ms", NOW), ("critical-qtc", QTC, 499, "msec", NONE),
        ("critical-acetaminophen", "3298-7", 182, "ug/mL", NOW),
        ("critical-acetaminophen", "3298-7", 20, "mg/L", NONE),
    ],
)  # fmt: skip
def test_critical_gases_levels_and_intervals(
    rule: str, code: str, value: float, unit: str, urgencies: list[Urgency]
) -> None:
    assert fired(rule, lab(code, value, unit)) == urgencies


@pytest.mark.parametrize(("systolic", "urgencies"), [(89, NOW), (90, NONE)])
def test_hypotension(systolic: int, urgencies: list[Urgency]) -> None:
    assert fired("hypotension", pressure(systolic, 44)) == urgencies
    assert fired("hypotension", pressure(systolic, 44), patient=person(age=8)) == []


def test_a_vital_sign_of_last_month_is_not_the_present_state() -> None:
    assert fired("critical-vital", lab(RATE, 38, "/min", LAST_MONTH), lab("2951-2", 140, "mmol/L")) == []
    assert fired("hypotension", pressure(82, 44, LAST_MONTH), lab("2951-2", 140, "mmol/L")) == []


def test_the_bounds_of_adults_are_not_a_childs_but_a_very_slow_heart_is_slow_at_any_age() -> None:
    assert fired("critical-vital", lab(RATE, 150, "/min"), patient=person(age=2)) == []
    assert fired("critical-vital", lab(BREATHS, 40, "/min"), patient=person(age=2)) == []
    assert fired("critical-vital", lab(RATE, 35, "/min"), patient=person(age=2)) == NOW


def test_low_glucose_is_treated_immediately_and_not_the_same_day() -> None:
    said = advice("critical-value", lab("2345-7", 39, "mg/dL"))
    assert "immediately" in said
    assert "same day" not in said


def test_a_preliminary_critical_value_is_treated_as_real() -> None:
    assert "treat it as real" in advice("critical-value", lab("2823-3", 6.9, "mmol/L", status="preliminary"))
    assert "treat it as real" not in advice("critical-value", lab("2823-3", 6.9, "mmol/L"))


@pytest.mark.parametrize(
    ("name", "rate", "urgencies"),
    [
        ("Oxycodone 20 MG", 8, NOW), ("Alprazolam 1 MG", 8, NOW), ("Oxycodone 20 MG", 9, NONE),
        ("Lisinopril 5 MG", 8, NONE),
    ],
)  # fmt: skip
def test_slow_breathing_on_drugs_that_slow_it(name: str, rate: float, urgencies: list[Urgency]) -> None:
    assert fired("breathing-drugs", drug(name), lab(BREATHS, rate, "/min")) == urgencies
    assert fired("breathing-drugs", drug(name)) == []


def test_naloxone_is_named_for_an_opioid_only() -> None:
    slow = lab(BREATHS, 7, "/min")
    assert "naloxone" in advice("breathing-drugs", drug("Morphine 15 MG"), slow)
    assert "naloxone" not in advice("breathing-drugs", drug("Lorazepam 1 MG"), slow)


@pytest.mark.parametrize(
    ("name", "rate", "urgencies"),
    [
        ("Verapamil 240 MG", 38, NOW), ("Metoprolol 50 MG", 45, VISIT), ("Metoprolol 50 MG", 50, NONE),
        ("Timolol 5 MG/ML ophthalmic solution", 38, NONE), ("Lisinopril 5 MG", 38, NONE),
    ],
)  # fmt: skip
def test_slow_heart_on_drugs_that_slow_it(name: str, rate: float, urgencies: list[Urgency]) -> None:
    assert fired("bradycardia-drugs", drug(name), lab(RATE, rate, "/min")) == urgencies


@pytest.mark.parametrize(
    ("value", "unit", "urgencies"), [(548, "ms", NOW), (499, "ms", NONE), (548, "", NONE)]
)
def test_long_qt_on_drugs_that_lengthen_it(value: float, unit: str, urgencies: list[Urgency]) -> None:
    drugs = (drug("Methadone 10 MG"), drug("Ondansetron 4 MG"))
    assert fired("qt-drugs", *drugs, lab(QTC, value, unit)) == urgencies
    assert fired("qt-drugs", drug("Lisinopril 5 MG"), lab(QTC, value, unit)) == []
    pair = hits_of(chart_of(encounter(), *drugs, lab(QTC, value, unit)), "drug-drug")
    assert bool(pair) != bool(urgencies)

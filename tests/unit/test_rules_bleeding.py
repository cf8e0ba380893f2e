"""Bleeding and the drugs that make it worse, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import NEWEST, drug, lab, problem
from tests.unit.rule_tables import INR, NOW, OLD, VISIT, advice, fired

PLATELETS, HB = "777-3", "718-7"
NONE: list[Urgency] = []
FIBRILLATION = problem("Atrial fibrillation")


@pytest.mark.parametrize(
    "name", ["Enoxaparin 80 MG", "Ketorolac 10 MG", "Clopidogrel 75 MG", "Aspirin 81 MG"]
)
@pytest.mark.parametrize(
    ("code", "value", "unit", "urgencies"),
    [
        (PLATELETS, 49, "10*3/uL", NOW), (PLATELETS, 50, "10*3/uL", NONE), (HB, 6.9, "g/dL", NOW),
        (HB, 69, "g/L", NOW), (HB, 7.0, "g/dL", NONE), (PLATELETS, 24, "mg/dL", NONE),
    ],
)  # fmt: skip
def test_low_counts_on_drugs_that_make_bleed(
    name: str, code: str, value: float, unit: str, urgencies: list[Urgency]
) -> None:
    assert fired("bleeding-counts", drug(name), lab(code, value, unit)) == urgencies


def test_low_counts_alone_or_old_are_no_conflict_and_the_advice_is_to_consider_holding() -> None:
    low = lab(PLATELETS, 24, "10*3/uL")
    assert fired("bleeding-counts", low) == []
    assert fired("bleeding-counts", drug("Lisinopril 5 MG"), low) == []
    old = lab(PLATELETS, 24, "10*3/uL", OLD)
    assert fired("bleeding-counts", drug("Apixaban 5 MG"), old, lab("2951-2", 140, "mmol/L")) == []
    assert "consider holding Apixaban" in advice("bleeding-counts", drug("Apixaban 5 MG"), low)


@pytest.mark.parametrize(
    ("name", "day", "urgencies"),
    [
        ("Gastrointestinal hemorrhage", NEWEST, NOW), ("Subdural hematoma", "2026-05-02", NOW),
        ("Gastrointestinal hemorrhage", "2026-03-01", NONE), ("Subconjunctival hemorrhage", NEWEST, NONE),
    ],
)  # fmt: skip
def test_a_bleed_of_the_last_month_on_an_anticoagulant(name: str, day: str, urgencies: list[Urgency]) -> None:
    assert fired("bleeding-recorded", drug("Apixaban 5 MG"), problem(name, day)) == urgencies
    assert fired("bleeding-recorded", problem(name, day)) == []


@pytest.mark.parametrize(
    ("before", "day", "now", "more", "urgencies"),
    [
        (12.8, "2026-05-01", 9.1, [drug("Apixaban 5 MG")], NOW),
        (12.8, "2026-01-01", 10.8, [drug("Apixaban 5 MG")], VISIT),
        (13.9, "2024-11-04", 11.6, [drug("Warfarin 5 MG"), lab(INR, 4.9, "{INR}")], NOW),
        (12.8, "2026-01-01", 10.8, [lab(INR, 3.4, "{INR}")], NOW),
        (12.8, "2026-05-01", 10.9, [drug("Apixaban 5 MG")], NONE),
        (12.8, "2026-05-01", 9.1, [drug("Lisinopril 5 MG")], NONE),
        (12.8, "2023-05-01", 9.1, [drug("Apixaban 5 MG")], NONE),
    ],
)
def test_fall_of_hemoglobin_on_an_anticoagulant(
    before: float, day: str, now: float, more: list[Any], urgencies: list[Urgency]
) -> None:
    results = (lab(HB, before, "g/dL", day), lab(HB, now, "g/dL"))
    assert fired("bleeding-fall", *results, *more) == urgencies
    if urgencies:
        assert fired("hemoglobin-fall", *results, *more) == []


@pytest.mark.parametrize(
    ("more", "is_told"),
    [
        ([], True),
        ([lab(HB, 12.8, "g/dL", "2026-05-01"), lab(HB, 9.1, "g/dL")], False),
        ([problem("Intracranial hemorrhage", "2019-01-01", "resolved")], False),
        ([problem("Rectal bleeding", NEWEST)], False),
    ],
)
def test_nothing_leads_to_a_higher_dose_of_apixaban_after_a_bleed(more: list[Any], is_told: bool) -> None:
    kidney = (lab("2160-0", 0.9, "mg/dL"), lab("29463-7", 80, "kg"))
    found = fired("apixaban-dose", drug("Apixaban 2.5 MG"), FIBRILLATION, *kidney, *more)
    assert bool(found) is is_told


def test_no_anticoagulant_is_suggested_while_hemoglobin_falls() -> None:
    risks = (FIBRILLATION, problem("Hypertension"), problem("Heart failure"))
    fall = (lab(HB, 12.8, "g/dL", "2026-05-01"), lab(HB, 9.1, "g/dL"))
    assert fired("fibrillation-anticoagulant", *risks) == VISIT
    assert fired("fibrillation-anticoagulant", *risks, *fall) == []

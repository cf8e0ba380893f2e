"""Kidney injury, stage, decline, albumin and dosing, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from hntai.domain.rules.kidney_dosing import creatinine_clearance
from hntai.domain.rules.kidney_stage import a_stage, g_stage
from tests.unit.chart_records import NEWEST, allergy, chart_of, drug, encounter, lab, pressure, problem
from tests.unit.rule_tables import CREATININE, NOW, OLD, ROUTINE, VISIT, K, advice, egfr, fired, person

ACR, WEIGHT = "14959-1", "29463-7"
FIBRILLATION = problem("Atrial Fibrillation")
NONE: list[Urgency] = []


@pytest.mark.parametrize(
    ("before", "unit", "at", "urgencies"),
    [
        (1.1, "mg/dL", "2026-05-18T09:00:00Z", NOW),
        (1.1, "mg/dL", "2026-05-18T07:00:00Z", NONE),
        (1.11, "mg/dL", "2026-05-19T09:00:00Z", NONE),
        (1.1, "mg/dL", "2026-05-19", NOW),
        (97.2, "umol/L", "2026-05-19T09:00:00Z", NONE),
        (0.9, "mg/dL", "2026-05-13T09:00:00Z", NOW),
        (0.9, "mg/dL", "2026-05-12T07:00:00Z", NONE),
        (1.1, "mg/dL", "2026-05", NONE),
    ],
)
def test_acute_rise_by_a_third_of_a_milligram_in_two_days_or_half_in_seven(
    before: float, unit: str, at: str, urgencies: list[Urgency]
) -> None:
    earlier = lab(CREATININE, before, unit, own="before", effectiveDateTime=at)
    assert fired("acute-creatinine-rise", earlier, lab(CREATININE, 1.4, "mg/dL")) == urgencies


def test_without_times_two_days_may_be_more_than_forty_eight_hours() -> None:
    earlier = lab(CREATININE, 1.1, "mg/dL", own="before", effectiveDateTime="2026-05-18")
    later = lab(CREATININE, 1.4, "mg/dL", own="now", effectiveDateTime=NEWEST)
    assert fired("acute-creatinine-rise", earlier, later) == []


def test_a_preliminary_creatinine_is_not_called_an_injury() -> None:
    earlier = lab(CREATININE, 0.9, "mg/dL", "2026-05-17")
    assert fired("acute-creatinine-rise", earlier, lab(CREATININE, 2.0, "mg/dL", status="preliminary")) == []


@pytest.mark.parametrize(
    ("value", "stage"),
    [(90, "G1"), (89, "G2"), (60, "G2"), (59, "G3a"), (45, "G3a"), (44, "G3b"), (29, "G4"), (14, "G5")],
)
def test_g_stages(value: float, stage: str) -> None:
    assert g_stage(value) == stage


@pytest.mark.parametrize(("value", "stage"), [(29, "A1"), (30, "A2"), (300, "A2"), (301, "A3")])
def test_a_stages(value: float, stage: str) -> None:
    assert a_stage(value) == stage


@pytest.mark.parametrize(
    ("name", "before", "now", "urgencies"),
    [
        ("Chronic kidney disease", 50, 48, ROUTINE),
        ("Chronic kidney disease stage 1", 50, 48, ROUTINE),
        ("Chronic kidney disease stage 3", 50, 48, NONE),
        ("Chronic kidney disease", 70, 48, NONE),
        ("Gout", 50, 48, NONE),
    ],
)
def test_stage_is_told_where_the_problem_names_none_or_another(
    name: str, before: float, now: float, urgencies: list[Urgency]
) -> None:
    assert fired("ckd-stage", problem(name), egfr(before, "2025-12-01"), egfr(now)) == urgencies


def test_stage_joins_filtration_and_albumin() -> None:
    told = advice("ckd-stage", problem("CKD"), egfr(50, "2025-12-01"), egfr(48), lab(ACR, 340, "mg/g"))
    assert "lie in stage G3a A3" in told


@pytest.mark.parametrize(
    ("values", "urgencies"),
    [([70, 62, 55], VISIT), ([70, 66, 62], NONE), ([70, 62, 48], NONE), ([110, 102, 95], NONE)],
)
def test_decline_of_more_than_five_a_year(values: list[float], urgencies: list[Urgency]) -> None:
    days = ("2024-08-20", "2025-06-20", NEWEST)
    readings = [egfr(value, day) for value, day in zip(values, days, strict=True)]
    assert fired("egfr-decline", *readings) == urgencies
    assert fired("egfr-decline", readings[0], readings[2]) == []


def test_a_decline_must_show_in_the_difference_as_well_as_in_the_slope() -> None:
    values = (("2024-06-20", 71), ("2024-07-10", 76), ("2025-11-01", 66), (NEWEST, 64))
    assert fired("egfr-decline", *(egfr(value, day) for day, value in values)) == []


@pytest.mark.parametrize(
    ("before", "now", "more", "word"),
    [
        (40, 45, [], "consider chronic kidney disease"),
        (40, 45, [problem("CKD")], ""),
        (20, 45, [], ""),
        (40, 29, [], ""),
        (
            40,
            45,
            [problem("Hypertension"), egfr(70), lab(K, 4.2, "mmol/L")],
            "consider an ACE inhibitor or ARB",
        ),
        (40, 45, [problem("CKD"), problem("Diabetes"), egfr(70), lab(K, 5.4, "mmol/L")], ""),
        (40, 45, [problem("CKD"), problem("Diabetes")], ""),
        (40, 45, [problem("CKD"), problem("Diabetes"), egfr(70), drug("Losartan 50 MG")], ""),
    ],
)
def test_albumin_raised_twice(before: float, now: float, more: list[dict[str, Any]], word: str) -> None:
    readings = lab(ACR, before, "mg/g", "2025-12-01"), lab(ACR, now, "mg/g")
    told = advice("albuminuria", *readings, *more)
    assert word in told
    assert bool(told) is bool(word)


def test_albumin_needs_three_months_and_a_comparable_unit() -> None:
    assert fired("albuminuria", lab(ACR, 40, "mg/g", "2026-04-20"), lab(ACR, 45, "mg/g")) == []
    assert fired("albuminuria", lab(ACR, 40, "mg/L", "2025-12-01"), lab(ACR, 45, "mg/L")) == []
    assert fired("albuminuria", lab(ACR, 5, "mg/mmol", "2025-12-01"), lab(ACR, 5, "mg/mmol")) == VISIT


def test_allergy_to_both_classes_silences_the_renin_blocker() -> None:
    found = lab(ACR, 40, "mg/g", "2025-12-01"), lab(ACR, 45, "mg/g"), egfr(70), lab(K, 4.2, "mmol/L")
    against = allergy("Lisinopril", own="a1"), allergy("Losartan", own="a2")
    assert "consider an" not in advice("albuminuria", problem("Hypertension"), *found, *against)


@pytest.mark.parametrize(
    ("readings", "urgencies"),
    [
        ([("2026-04-01", 126), (NEWEST, 120)], ROUTINE),
        ([("2026-04-01", 126), (NEWEST, 119)], NONE),
        ([("2026-04-01", 142), (NEWEST, 138)], NONE),
        ([(OLD, 126), (NEWEST, 124)], NONE),
        ([(NEWEST, 124)], NONE),
    ],
)
def test_pressure_goal_in_kidney_disease(readings: list[tuple[str, int]], urgencies: list[Urgency]) -> None:
    taken = [pressure(systolic, 70, day) for day, systolic in readings]
    assert fired("bp-kidney", problem("CKD"), *taken) == urgencies
    assert fired("bp-kidney", *taken) == []


@pytest.mark.parametrize(
    ("name", "value", "urgencies"),
    [
        ("Nitrofurantoin 100 MG", 29, NOW), ("Nitrofurantoin 100 MG", 30, NONE),
        ("Digoxin 0.125 MG", 29, VISIT), ("Digoxin 0.125 MG", 30, NONE),
        ("Allopurinol 300 MG", 29, ROUTINE), ("Allopurinol 100 MG", 29, NONE),
        ("Gabapentin 300 MG", 59, ROUTINE), ("Gabapentin 300 MG", 60, NONE),
        ("Alendronate 70 MG", 28, VISIT), ("Amlodipine 5 MG", 10, NONE),
    ],
)  # fmt: skip
def test_drugs_dosed_by_kidney_function(name: str, value: float, urgencies: list[Urgency]) -> None:
    assert fired("kidney-dose", drug(name), egfr(value)) == urgencies


@pytest.mark.parametrize("reading", [egfr(20, OLD), egfr(500), lab("98979-8", 20, "mg/dL")])
def test_dosing_needs_a_current_believable_filtration(reading: dict[str, Any]) -> None:
    assert fired("kidney-dose", drug("Nitrofurantoin 100 MG"), reading, lab(K, 4.2, "mmol/L")) == []


@pytest.mark.parametrize(
    ("name", "age", "weight", "creatinine", "urgencies"),
    [
        ("Apixaban 5 MG", 82, 58, 1.0, VISIT), ("Apixaban 5 MG", 82, 61, 1.5, VISIT),
        ("Apixaban 5 MG", 79, 60, 1.4, NONE), ("Apixaban 2.5 MG", 79, 60, 1.4, VISIT),
        ("Apixaban 2.5 MG", 82, 58, 1.0, NONE), ("Apixaban", 82, 58, 1.6, NONE),
    ],
)  # fmt: skip
def test_apixaban_dose(
    name: str, age: int, weight: float, creatinine: float, urgencies: list[Urgency]
) -> None:
    measured = lab(WEIGHT, weight, "kg"), lab(CREATININE, creatinine, "mg/dL")
    found = fired("apixaban-dose", FIBRILLATION, drug(name), *measured, patient=person(age=age))
    assert found == urgencies


def test_apixaban_dose_is_not_judged_without_weight_or_fibrillation() -> None:
    creatinine = lab(CREATININE, 1.8, "mg/dL")
    old = person(age=84)
    assert fired("apixaban-dose", FIBRILLATION, drug("Apixaban 5 MG"), creatinine, patient=old) == []
    weighed = lab(WEIGHT, 55, "kg")
    assert fired("apixaban-dose", drug("Apixaban 5 MG"), creatinine, weighed, patient=old) == []


@pytest.mark.parametrize(
    ("name", "creatinine", "urgencies"),
    [
        ("Rivaroxaban 20 MG", 1.3, VISIT), ("Rivaroxaban 20 MG", 0.9, NONE),
        ("Rivaroxaban 15 MG", 1.3, NONE), ("Rivaroxaban 15 MG", 5.0, VISIT),
        ("Dabigatran 150 MG", 2.4, VISIT), ("Dabigatran 150 MG", 1.3, NONE),
        ("Edoxaban 60 MG", 1.3, VISIT), ("Edoxaban 30 MG", 1.3, NONE),
    ],
)  # fmt: skip
def test_anticoagulant_doses_by_clearance(name: str, creatinine: float, urgencies: list[Urgency]) -> None:
    measured = lab(WEIGHT, 68, "kg"), lab(CREATININE, creatinine, "mg/dL")
    assert fired("anticoagulant-dose", FIBRILLATION, drug(name), *measured) == urgencies


def test_creatinine_clearance_agrees_with_the_published_equation() -> None:
    chart = chart_of(encounter(), lab(WEIGHT, 72, "kg"), lab(CREATININE, 1.0, "mg/dL"))
    found = creatinine_clearance(chart)
    assert found is not None
    assert found[0] == pytest.approx((140 - 70) * 72 / 72 * 0.85)

"""Heart failure, atrial fibrillation and lipids, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import allergy, drug, lab, pressure, problem
from tests.unit.rule_tables import NOW, OLD, ROUTINE, VISIT, K, advice, egfr, fired, person

EF, LDL, TG, WEIGHT = "10230-1", "18262-6", "2571-8", "29463-7"
FAILURE, FIBRILLATION = problem("Chronic congestive heart failure"), problem("Atrial Fibrillation")
MEASURED = egfr(62), lab(K, 4.4, "mmol/L"), pressure(126, 70)
LOW_EF = lab(EF, 32, "%")
ANGIOEDEMA = [{"manifestation": [{"text": "Angioedema"}]}]
NONE: list[Urgency] = []


def test_heart_failure_with_low_ejection_fraction_names_every_missing_class() -> None:
    told = advice("heart-failure-drugs", FAILURE, LOW_EF, *MEASURED)
    assert "an ACE inhibitor or ARB, a beta blocker, a mineralocorticoid antagonist, an SGLT2" in told
    assert "Ejection fraction 32 % (2026-05-20)" in told
    assert fired("heart-failure-drugs", FAILURE, LOW_EF, *MEASURED) == VISIT


def test_without_a_low_ejection_fraction_only_the_class_that_needs_none_is_named() -> None:
    told = advice("heart-failure-drugs", FAILURE, lab(EF, 55, "%"), *MEASURED)
    assert "consider an SGLT2 inhibitor, or" in told
    assert "beta blocker" not in told


@pytest.mark.parametrize(
    ("value", "unit", "fires"), [(40, "%", True), (41, "%", False), (0.32, "", False), (32, "mmol/L", False)]
)
def test_ejection_fraction_counts_as_reduced_up_to_forty_percent(
    value: float, unit: str, *, fires: bool
) -> None:
    told = advice("heart-failure-drugs", FAILURE, lab(EF, value, unit), *MEASURED)
    assert ("beta blocker" in told) is fires


@pytest.mark.parametrize(
    ("more", "absent"),
    [
        ([allergy("Lisinopril", own="a1"), allergy("Losartan", own="a2")], "ARB"),
        ([allergy("Lisinopril")], "ACE inhibitor"),
        ([allergy("Lisinopril", reaction=ANGIOEDEMA)], "ARB"),
        ([problem("Angioedema")], "ARB"),
        ([lab("8867-4", 48, "/min")], "beta blocker"),
        ([problem("Complete heart block")], "beta blocker"),
        ([problem("Type 1 diabetes mellitus")], "SGLT2"),
        ([drug("Empagliflozin 10 MG")], "SGLT2"),
        ([drug("Metoprolol 50 MG")], "beta blocker"),
        ([drug("Verapamil 80 MG")], "beta blocker"),
        ([drug("Lithium 300 MG")], "ARB"),
        ([drug("Lithium 300 MG")], "mineralocorticoid"),
    ],
)
def test_a_class_that_something_speaks_against_or_that_is_taken_is_not_suggested(
    more: list[dict[str, Any]], absent: str
) -> None:
    assert absent not in advice("heart-failure-drugs", FAILURE, LOW_EF, *MEASURED, *more)


@pytest.mark.parametrize(
    ("potassium", "filtration", "absent"),
    [
        (5.2, 62, "mineralocorticoid"),
        (5.2, 62, "ARB"),
        (4.4, 18, "SGLT2"),
        (4.4, 28, "mineralo"),
    ],
)
def test_kidney_and_potassium_beat_a_suggestion(potassium: float, filtration: float, absent: str) -> None:
    told = advice("heart-failure-drugs", FAILURE, LOW_EF, lab(K, potassium, "mmol/L"), egfr(filtration))
    assert absent not in told


def test_classes_that_need_kidney_and_potassium_wait_for_them() -> None:
    assert "SGLT2" not in advice("heart-failure-drugs", FAILURE, LOW_EF)
    assert "mineralocorticoid" not in advice("heart-failure-drugs", FAILURE, LOW_EF, egfr(70, OLD))


def test_heart_failure_of_a_relative_is_none() -> None:
    assert fired("heart-failure-drugs", problem("Family history of heart failure"), LOW_EF, *MEASURED) == []


@pytest.mark.parametrize(
    ("name", "result", "urgencies"),
    [
        ("Naproxen 500 MG", [], VISIT),
        ("Pioglitazone 15 MG", [], VISIT),
        ("Diltiazem 120 MG", [LOW_EF], VISIT),
        ("Diltiazem 120 MG", [], NONE),
        ("Amlodipine 5 MG", [LOW_EF], NONE),
    ],
)
def test_drugs_that_worsen_heart_failure(
    name: str, result: list[dict[str, Any]], urgencies: list[Urgency]
) -> None:
    assert fired("heart-failure-harm", FAILURE, drug(name), *result) == urgencies
    assert fired("heart-failure-harm", drug(name), *result) == []


@pytest.mark.parametrize(
    ("before", "day", "now", "urgencies"),
    [
        (80, "2026-05-18", 82, NOW), (80, "2026-05-18", 81.9, NONE), (80, "2026-05-15", 82, NONE),
        (80, "2026-02-01", 75.9, VISIT), (80, "2026-02-01", 84, VISIT), (80, "2026-02-01", 77, NONE),
        (80, "2025-10-01", 74, NONE),
    ],
)  # fmt: skip
def test_weight_that_moves_in_heart_failure(
    before: float, day: str, now: float, urgencies: list[Urgency]
) -> None:
    weights = lab(WEIGHT, before, "kg", day), lab(WEIGHT, now, "kg")
    assert fired("heart-failure-weight", FAILURE, *weights) == urgencies
    assert fired("heart-failure-weight", *weights) == []


def test_weight_in_another_unit_is_converted_and_without_one_ignored() -> None:
    assert (
        fired("heart-failure-weight", FAILURE, lab(WEIGHT, 80, "kg", "2026-05-18"), lab(WEIGHT, 181, "lb"))
        == NOW
    )
    assert (
        fired("heart-failure-weight", FAILURE, lab(WEIGHT, 80, "kg", "2026-05-18"), lab(WEIGHT, 99, "")) == []
    )


@pytest.mark.parametrize(
    ("sex", "age", "problems", "urgencies"),
    [
        ("male", 70, ["Hypertension"], VISIT),
        ("male", 64, ["Hypertension"], NONE),
        ("male", 64, ["Stroke"], VISIT),
        ("male", 75, [], VISIT),
        ("female", 70, ["Hypertension"], VISIT),
        ("female", 70, [], NONE),
        ("male", 70, ["Pulmonary hypertension"], NONE),
        ("male", 64, ["Diabetes", "Congestive heart failure"], VISIT),
        ("unknown", 80, ["Stroke"], NONE),
    ],
)
def test_atrial_fibrillation_without_anticoagulant(
    sex: str, age: int, problems: list[str], urgencies: list[Urgency]
) -> None:
    found = fired(
        "fibrillation-anticoagulant", FIBRILLATION, *map(problem, problems), patient=person(sex, age)
    )
    assert found == urgencies


@pytest.mark.parametrize(
    "more",
    [
        drug("Carbamazepine 200 MG"),
        drug("Apixaban 5 MG"),
        drug("Warfarin 5 MG"),
        lab("777-3", 44, "10*3/uL"),
        lab("718-7", 7.4, "g/dL"),
        problem("Subdural hematoma", status="resolved"),
        problem("Gastrointestinal hemorrhage"),
        allergy("Apixaban"),
    ],
)
def test_bleeding_allergy_or_a_taken_anticoagulant_silence_fibrillation(more: dict[str, Any]) -> None:
    assert fired("fibrillation-anticoagulant", FIBRILLATION, problem("Stroke"), more) == []


@pytest.mark.parametrize(
    ("rule", "problems", "drugs", "ldl", "urgencies"),
    [
        ("statin-ascvd", ["Coronary Heart Disease"], [], None, VISIT),
        ("statin-ascvd", ["Coronary Heart Disease"], ["Atorvastatin 40 MG"], None, NONE),
        ("statin-ascvd", ["Gout"], [], None, NONE),
        ("statin-ascvd", ["Hemorrhagic stroke"], [], None, NONE),
        ("statin-ascvd", ["Stroke", "Statin-associated myopathy"], [], None, NONE),
        ("ldl-ascvd", ["Stroke"], ["Atorvastatin 40 MG"], 70, ROUTINE),
        ("ldl-ascvd", ["Stroke"], ["Atorvastatin 40 MG"], 69, NONE),
        ("ldl-ascvd", ["Stroke"], [], 90, NONE),
        ("statin-diabetes", ["Diabetes"], [], None, ROUTINE),
        ("statin-diabetes", ["Diabetes", "Stroke"], [], None, NONE),
        ("statin-diabetes", ["Prediabetes"], [], None, NONE),
        ("ldl-very-high", [], [], 190, VISIT),
        ("ldl-very-high", [], [], 189, NONE),
        ("ldl-very-high", [], ["Simvastatin 10 MG"], 200, NONE),
    ],
)
def test_statins_and_ldl(
    rule: str, problems: list[str], drugs: list[str], ldl: float | None, urgencies: list[Urgency]
) -> None:
    results = [lab(LDL, ldl, "mg/dL")] if ldl else []
    assert fired(rule, *map(problem, problems), *map(drug, drugs), *results) == urgencies


@pytest.mark.parametrize(("age", "urgencies"), [(39, NONE), (40, ROUTINE), (75, ROUTINE), (76, NONE)])
def test_a_statin_for_diabetes_is_for_forty_to_seventy_five(age: int, urgencies: list[Urgency]) -> None:
    assert fired("statin-diabetes", problem("Diabetes"), patient=person(age=age)) == urgencies


@pytest.mark.parametrize(
    "against", [allergy("Simvastatin"), allergy("Statins"), drug("Atorvastatin 20 MG", status="on-hold")]
)
def test_an_allergy_or_a_statin_on_hold_silences_the_suggestion(against: dict[str, Any]) -> None:
    assert fired("statin-ascvd", problem("Stroke"), against) == []
    assert fired("statin-diabetes", problem("Diabetes"), against) == []
    assert "consider a statin" not in advice("ldl-very-high", lab(LDL, 220, "mg/dL"), against)


@pytest.mark.parametrize(
    "reading",
    [
        lab(LDL, 250, "mg/dL", OLD),
        lab(LDL, 250, "mg/dL", status="preliminary"),
        lab(LDL, 250, ""),
        lab(LDL, 4.8, "mmol/L"),
    ],
)
def test_an_old_preliminary_unitless_or_lower_ldl_is_not_very_high(reading: dict[str, Any]) -> None:
    assert fired("ldl-very-high", reading, lab(K, 4.0, "mmol/L")) == []


@pytest.mark.parametrize(
    ("value", "unit", "urgencies"),
    [(500, "mg/dL", VISIT), (499, "mg/dL", NONE), (5.7, "mmol/L", VISIT), (600, "g/dL", NONE)],
)
def test_triglycerides(value: float, unit: str, urgencies: list[Urgency]) -> None:
    assert fired("triglycerides-high", lab(TG, value, unit)) == urgencies


def test_aspirin_is_weighed_and_does_not_silence_the_anticoagulant() -> None:
    assert (
        fired("fibrillation-anticoagulant", FIBRILLATION, problem("Stroke"), drug("Aspirin 81 MG")) == VISIT
    )


def test_gemfibrozil_silences_the_statin() -> None:
    assert fired("statin-ascvd", problem("Stroke"), drug("Gemfibrozil 600 MG")) == []

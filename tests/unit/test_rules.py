"""Rules as tables: what fires, and what comes near and must not."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.dates import DateStyle
from hntai.domain.rules import RULES, Urgency, hits
from hntai.domain.rules.kidney import ckd_epi_2021
from tests.unit.chart_records import (
    NEWEST,
    PATIENT,
    allergy,
    chart_of,
    drug,
    encounter,
    hits_of,
    lab,
    pressure,
    problem,
)

K, NA, CREATININE, EGFR, A1C, INR = "2823-3", "2951-2", "2160-0", "98979-8", "4548-4", "6301-6"
MAN = {**PATIENT, "gender": "male"}
OLD = "2024-11-01"


def egfr(value: float, day: str = NEWEST, **more: Any) -> dict[str, Any]:
    return lab(EGFR, value, "mL/min/{1.73_m2}", day, **more)


def fired(rule: str, *resources: Any, **more: Any) -> list[Urgency]:
    return [hit.urgency for hit in hits_of(chart_of(encounter(), *resources, **more), rule)]


NOW, VISIT, ROUTINE = [Urgency.NOW], [Urgency.THIS_VISIT], [Urgency.ROUTINE]


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
    marked = {"interpretation": [{"coding": [{"code": "HH"}]}]}
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


def test_a_critical_preliminary_value_is_called_preliminary() -> None:
    (hit,) = hits_of(chart_of(encounter(), lab(K, 6.8, "mmol/L", status="preliminary")), "critical-value")
    assert "preliminary" in hit.finding.fact


@pytest.mark.parametrize(
    ("systolic", "diastolic", "urgencies"), [(180, 90, NOW), (150, 120, NOW), (179, 119, []), (85, 182, [])]
)
def test_hypertensive_crisis(systolic: int, diastolic: int, urgencies: list[Urgency]) -> None:
    assert fired("hypertensive-crisis", pressure(systolic, diastolic)) == urgencies


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


@pytest.mark.parametrize(("value", "urgencies"), [(29, NOW), (30, VISIT), (44, VISIT), (45, [])])
def test_metformin_by_egfr(value: float, urgencies: list[Urgency]) -> None:
    assert fired("metformin-kidney", drug("Metformin 500 MG"), egfr(value)) == urgencies


def test_metformin_falls_back_on_creatinine_without_inventing_a_number() -> None:
    chart = chart_of(encounter(), drug("Metformin 500 MG"), lab(CREATININE, 2.4, "mg/dL"))
    (hit,) = hits_of(chart, "metformin-kidney")
    assert "Creatinine 2.4 mg/dL (2026-05-20) (eGFR by CKD-EPI 2021 below 30)" in hit.finding.fact


@pytest.mark.parametrize("reading", [egfr(29, OLD), egfr(250), lab(EGFR, 29, "mmol/L")])
def test_metformin_rule_needs_a_current_believable_egfr(reading: dict[str, Any]) -> None:
    assert fired("metformin-kidney", drug("Metformin 500 MG"), lab(NA, 140, "mmol/L"), reading) == []


@pytest.mark.parametrize("status", ["stopped", "completed", "on-hold", "entered-in-error"])
def test_a_drug_that_is_not_active_raises_no_conflict(status: str) -> None:
    assert fired("metformin-kidney", drug("Metformin 500 MG", status=status), egfr(20)) == []


@pytest.mark.parametrize(
    ("name", "value", "urgencies"),
    [
        ("Naproxen 500 MG", 29, NOW),
        ("Naproxen 500 MG", 59, VISIT),
        ("Naproxen 500 MG", 60, []),
        ("Acetaminophen 500 MG", 29, []),
    ],
)
def test_nsaid_with_low_egfr(name: str, value: float, urgencies: list[Urgency]) -> None:
    assert fired("nsaid-kidney", drug(name), egfr(value)) == urgencies


@pytest.mark.parametrize(
    ("names", "urgencies"),
    [
        (["Naproxen 500 MG", "Lisinopril 10 MG", "Furosemide 20 MG"], VISIT),
        (["Naproxen 500 MG", "Lisinopril 10 MG / Hydrochlorothiazide 12.5 MG"], VISIT),
        (["Naproxen 500 MG", "Lisinopril 10 MG"], []),
        (["Lisinopril 10 MG", "Furosemide 20 MG"], []),
    ],
)
def test_nsaid_renin_blocker_and_diuretic(names: list[str], urgencies: list[Urgency]) -> None:
    assert fired("nsaid-raas-diuretic", *map(drug, names)) == urgencies


@pytest.mark.parametrize(
    ("names", "value", "urgencies"),
    [
        (["Lisinopril 10 MG", "Spironolactone 25 MG"], 5.6, NOW),
        (["Lisinopril 10 MG"], 5.3, VISIT),
        (["Lisinopril 10 MG"], 5.0, []),
        (["Amlodipine 5 MG"], 5.6, []),
    ],
)
def test_hyperkalaemia_on_drugs_that_raise_potassium(
    names: list[str], value: float, urgencies: list[Urgency]
) -> None:
    assert fired("hyperkalaemia-drugs", *map(drug, names), lab(K, value, "mmol/L")) == urgencies


@pytest.mark.parametrize(
    ("name", "value", "urgencies"),
    [
        ("Hydrochlorothiazide 25 MG", 118, NOW), ("Hydrochlorothiazide 25 MG", 133, VISIT),
        ("Sertraline 50 MG", 128, NOW),
        ("Hydrochlorothiazide 25 MG", 135, []), ("Lisinopril 10 MG", 118, []),
    ],
)  # fmt: skip
def test_hyponatraemia_on_drugs_that_lower_sodium(name: str, value: float, urgencies: list[Urgency]) -> None:
    assert fired("hyponatraemia-drugs", drug(name), lab(NA, value, "mmol/L")) == urgencies


@pytest.mark.parametrize(("value", "urgencies"), [(3.4, NOW), (3.5, [])])
def test_low_potassium_on_digoxin(value: float, urgencies: list[Urgency]) -> None:
    assert fired("digoxin-potassium", drug("Digoxin 0.125 MG"), lab(K, value, "mmol/L")) == urgencies


@pytest.mark.parametrize(
    ("substance", "name", "urgencies"),
    [
        ("Penicillin", "Amoxicillin 500 MG Oral Capsule", NOW),
        ("Substance with penicillin structure", "Amoxicillin 250 MG / Clavulanate 125 MG", NOW),
        ("Amoxicillin", "Penicillin V Potassium 500 MG", NOW),
        ("Penicillin", "Cephalexin 500 MG", VISIT),
        ("Penicillin", "Azithromycin 250 MG", []),
        ("Sulfonamide antibiotics", "Sulfamethoxazole 800 MG / Trimethoprim 160 MG", NOW),
        ("Sulfa", "Hydrochlorothiazide 25 MG", []),
        ("Aspirin", "Aspirin 81 MG", NOW),
        ("Aspirin", "Naproxen 500 MG", VISIT),
        ("Ibuprofen", "Naproxen 500 MG", NOW),
        ("Lisinopril", "Enalapril 5 MG", NOW),
        ("Simvastatin", "Atorvastatin 20 MG", []),
        ("Peanut", "Amoxicillin 500 MG", []),
        ("No known drug allergy", "Amoxicillin 500 MG", []),
    ],
)
def test_drug_against_allergy(substance: str, name: str, urgencies: list[Urgency]) -> None:
    assert fired("drug-allergy", allergy(substance), drug(name)) == urgencies


@pytest.mark.parametrize(
    ("one", "other", "fires"),
    [
        ("Warfarin 5 MG", "Ibuprofen 400 MG", True), ("Warfarin 5 MG", "Amiodarone 200 MG", True),
        ("Warfarin 5 MG", "Sulfamethoxazole 800 MG / Trimethoprim 160 MG", True),
        ("Warfarin 5 MG", "Fluconazole 100 MG", True),
        ("Apixaban 5 MG", "Aspirin 81 MG", True), ("Lisinopril 10 MG", "Losartan 50 MG", True),
        ("Sacubitril 49 MG / Valsartan 51 MG", "Lisinopril 10 MG", True),
        ("Lisinopril 10 MG", "Spironolactone 25 MG", True),
        ("Simvastatin 40 MG", "Clarithromycin 500 MG", True), ("Oxycodone 5 MG", "Lorazepam 1 MG", True),
        ("Sertraline 50 MG", "Phenelzine 15 MG", True), ("Clopidogrel 75 MG", "Omeprazole 20 MG", True),
        ("Methotrexate 10 MG", "Trimethoprim 100 MG", True),
        ("Nitroglycerin 0.4 MG", "Sildenafil 50 MG", True),
        ("Digoxin 0.125 MG", "Verapamil 40 MG", True), ("Lithium 300 MG", "Hydrochlorothiazide 25 MG", True),
        ("Warfarin 5 MG", "Acetaminophen 500 MG", False), ("Clopidogrel 75 MG", "Pantoprazole 40 MG", False),
        ("Atorvastatin 20 MG", "Amlodipine 5 MG", False),
        ("Valsartan 80 MG", "Sacubitril 49 MG / Valsartan 51 MG", False),
        ("Metformin 500 MG", "Lisinopril 10 MG", False),
    ],
)  # fmt: skip
def test_interacting_drugs(one: str, other: str, *, fires: bool) -> None:
    assert bool(fired("drug-drug", drug(one), drug(other))) is fires


@pytest.mark.parametrize(
    ("one", "other", "fires"),
    [
        ("Lisinopril 10 MG", "Enalapril 5 MG", True),
        ("Simvastatin 10 MG", "Atorvastatin 20 MG", True),
        ("Lisinopril 10 MG", "Metformin 500 MG", False),
        ("Budesonide 0.16 MG/ACTUAT Inhaler", "Fluticasone 0.05 MG/ACTUAT Inhaler", False),
    ],
)
def test_two_drugs_of_one_class(one: str, other: str, *, fires: bool) -> None:
    assert bool(fired("duplicate-class", drug(one), drug(other))) is fires


def test_one_drug_at_two_doses_is_a_conflict_and_a_renewal_is_none() -> None:
    assert (
        fired("duplicate-ingredient", drug("Lisinopril 10 MG", "2026-01-01"), drug("Lisinopril 20 MG"))
        == VISIT
    )
    assert (
        fired("duplicate-ingredient", drug("Lisinopril 10 MG", "2026-01-01"), drug("Lisinopril 10 MG")) == []
    )
    stopped = drug("Lisinopril 10 MG", "2026-01-01", "stopped")
    assert fired("duplicate-ingredient", stopped, drug("Lisinopril 20 MG")) == []


@pytest.mark.parametrize(
    ("creatinine", "sex", "age", "expected"),
    [(0.7, "female", 50, 105), (0.9, "male", 50, 104), (1.47, "female", 70, 38), (2.0, "male", 60, 37)],
)
def test_ckd_epi_2021_agrees_with_the_published_equation(
    creatinine: float, sex: str, age: int, expected: int
) -> None:
    birth = {**PATIENT, "gender": sex, "birthDate": f"{2026 - age}-01-01"}
    estimate = ckd_epi_2021(creatinine, chart_of(patient=birth).patient)
    assert estimate == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("before", "day", "now", "urgencies"),
    [
        (60, "2025-06-01", 42, VISIT), (60, "2025-06-01", 43, []), (60, "2026-04-01", 40, []),
        (60, "2023-06-01", 40, []),
        (140, "2025-06-01", 95, []),
    ],
)  # fmt: skip
def test_fall_of_egfr_by_thirty_percent(
    before: float, day: str, now: float, urgencies: list[Urgency]
) -> None:
    assert fired("egfr-fall", egfr(before, day), egfr(now)) == urgencies


def test_a_fall_of_egfr_is_never_read_across_methods() -> None:
    assert fired("egfr-fall", lab("33914-3", 80, "mL/min/{1.73_m2}", "2025-06-01"), egfr(40)) == []


@pytest.mark.parametrize(
    ("readings", "problems", "urgencies"),
    [
        ([("2026-01-01", 52), (NEWEST, 50)], [], VISIT),
        ([("2026-05-01", 52), (NEWEST, 50)], [], []),
        ([("2026-01-01", 70), (NEWEST, 50)], [], []),
        ([("2026-01-01", 52), (NEWEST, 50)], [problem("CKD")], []),
    ],
)
def test_kidney_disease_needs_two_low_values_over_three_months(
    readings: list[tuple[str, float]], problems: list[dict[str, Any]], urgencies: list[Urgency]
) -> None:
    assert fired("unnamed-ckd", *(egfr(value, day) for day, value in readings), *problems) == urgencies


@pytest.mark.parametrize(
    ("before", "code", "urgencies"), [(0.9, CREATININE, NOW), (1.0, CREATININE, []), (0.9, "38483-4", [])]
)
def test_acute_rise_of_creatinine_within_one_method(
    before: float, code: str, urgencies: list[Urgency]
) -> None:
    rise = lab(code, before, "mg/dL", "2026-05-15"), lab(CREATININE, 1.4, "mg/dL")
    assert fired("acute-creatinine-rise", *rise) == urgencies


@pytest.mark.parametrize(
    ("value", "problems", "urgencies"),
    [
        (8.4, ["Type 2 diabetes mellitus"], VISIT), (7.2, ["Diabetes"], ROUTINE), (6.9, ["Diabetes"], []),
        (6.7, [], VISIT), (6.0, [], ROUTINE), (6.0, ["Prediabetes"], []), (5.6, [], []),
        (8.4, ["Diabetes insipidus"], VISIT),
    ],
)  # fmt: skip
def test_a1c_level(value: float, problems: list[str], urgencies: list[Urgency]) -> None:
    assert fired("a1c-level", lab(A1C, value, "%"), *map(problem, problems)) == urgencies


@pytest.mark.parametrize(
    ("problems", "day", "urgencies"),
    [
        (["Diabetes"], "2025-11-01", ROUTINE),
        (["Diabetes"], NEWEST, []),
        (["Diabetes"], None, ROUTINE),
        (["Gout"], None, []),
    ],
)
def test_a1c_due(problems: list[str], day: str | None, urgencies: list[Urgency]) -> None:
    results = [lab(A1C, 6.8, "%", day)] if day else []
    assert fired("a1c-due", *map(problem, problems), *results) == urgencies


@pytest.mark.parametrize(
    ("rule", "resources", "word"),
    [
        ("implausible-values", [lab("2885-2", 73, "g/dL")], "73 g/dL"),
        (
            "conflicting-values",
            [lab("718-7", 17.2, "g/dL", own="a"), lab("718-7", 10.2, "g/dL", own="b")],
            "10.2",
        ),
        ("egfr-creatinine", [egfr(86), lab(CREATININE, 3.0, "mg/dL")], "Creatinine 3 mg/dL"),
        ("preliminary-results", [lab(K, 4.0, "mmol/L", status="preliminary")], "preliminary"),
        ("unrenewed-drugs", [drug("Diazepam 5 MG", "1994-01-01")], "Diazepam"),
        ("passing-problems", [problem("Acute bronchitis", "2020-01-01")], "Acute bronchitis"),
        ("missing-data", [], "blood pressure"),
        ("allergy-record", [], "not recorded"),
        ("allergy-record", [allergy("NKDA", own="a1"), allergy("Peanut", own="a2")], "clarify"),
        ("left-out", [lab(K, 4.0, "mmol/L", status="entered-in-error")], "entered in error: 1"),
        ("not-checked", [], "notes"),
    ],
)
def test_guidance_tells_what_the_data_lack(rule: str, resources: list[dict[str, Any]], word: str) -> None:
    (hit,) = hits_of(chart_of(encounter(), *resources), rule)
    assert word in hit.finding.fact


@pytest.mark.parametrize(
    ("rule", "resources"),
    [
        ("egfr-creatinine", [egfr(62), lab(CREATININE, 1.0, "mg/dL")]),
        ("unrenewed-drugs", [drug("Diazepam 5 MG", "2025-06-01")]),
        ("passing-problems", [problem("Acute bronchitis", "2026-05-01"), problem("Gout", "2020-01-01")]),
        ("missing-data", [pressure(120, 70), lab(K, 4.0, "mmol/L")]),
        ("allergy-record", [allergy("Peanut")]),
        ("old-record", []),
    ],
)
def test_guidance_stays_silent_where_nothing_is_lacking(rule: str, resources: list[dict[str, Any]]) -> None:
    assert hits_of(chart_of(encounter(), *resources), rule) == []


def test_an_old_record_is_called_old() -> None:
    assert (
        len(hits_of(chart_of(encounter("2024-01-01"), lab(K, 4.0, "mmol/L", "2024-01-01")), "old-record"))
        == 1
    )


def test_for_a_patient_who_died_nothing_is_suggested() -> None:
    dead = {**PATIENT, "deceasedDateTime": "2026-05-25"}
    found = hits(chart_of(encounter(), lab(K, 6.8, "mmol/L"), drug("Lisinopril 10 MG"), patient=dead))
    assert {hit.rule.concern.value for hit in found} == {"data"}


def test_a_pair_told_within_a_larger_conflict_is_not_told_again() -> None:
    drugs = drug("Lisinopril 10 MG"), drug("Spironolactone 25 MG")
    assert fired("drug-drug", *drugs) == VISIT
    assert fired("drug-drug", *drugs, lab(K, 5.7, "mmol/L")) == []


def test_every_rule_has_its_own_id_and_a_source() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.source and rule.title for rule in RULES)


def test_rules_name_no_calendar_date_in_relative_style() -> None:
    chart = chart_of(
        encounter(), drug("Metformin 500 MG", own="m1"), egfr(20, own="o1"), style=DateStyle.RELATIVE
    )
    assert hits(chart)
    assert not any("2026" in hit.finding.fact + hit.finding.advice for hit in hits(chart))

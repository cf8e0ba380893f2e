"""Drugs against results, allergies and each other, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import (
    allergy,
    chart_of,
    drug,
    encounter,
    hits_of,
    lab,
)
from tests.unit.rule_tables import CREATININE, EGFR, NA, NOW, OLD, VISIT, K, egfr, fired


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


def test_a_pair_told_within_a_larger_conflict_is_not_told_again() -> None:
    drugs = drug("Lisinopril 10 MG"), drug("Spironolactone 25 MG")
    assert fired("drug-drug", *drugs) == VISIT
    assert fired("drug-drug", *drugs, lab(K, 5.7, "mmol/L")) == []

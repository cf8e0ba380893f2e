"""Pairs of drugs beyond the first ones, each fired once, and near misses."""

from __future__ import annotations

import pytest

from hntai.domain.rules import Urgency
from hntai.domain.rules.interaction_pairs import PAIRS
from tests.unit.chart_records import allergy, chart_of, drug, encounter, hits_of
from tests.unit.rule_tables import NOW, ROUTINE, VISIT, fired

NONE: list[Urgency] = []


@pytest.mark.parametrize(
    ("one", "other", "urgencies"),
    [
        ("Warfarin 5 MG", "Metronidazole 500 MG", NOW), ("Warfarin 5 MG", "Ciprofloxacin 500 MG", NOW),
        ("Warfarin 5 MG", "Rifampin 300 MG", VISIT), ("Apixaban 5 MG", "Sertraline 50 MG", ROUTINE),
        ("Apixaban 5 MG", "Carbamazepine 200 MG", NOW), ("Apixaban 5 MG", "Enoxaparin 40 MG", NOW),
        ("Rivaroxaban 20 MG", "Ketoconazole 200 MG", NOW), ("Dabigatran 150 MG", "Dronedarone 400 MG", VISIT),
        ("Lisinopril 10 MG", "Aliskiren 150 MG", VISIT), ("Losartan 50 MG", "Trimethoprim 100 MG", VISIT),
        ("Spironolactone 25 MG", "Potassium chloride 20 MEQ", VISIT),
        ("Simvastatin 40 MG", "Clarithromycin 500 MG", NOW), ("Simvastatin 40 MG", "Amlodipine 5 MG", VISIT),
        ("Simvastatin 20 MG", "Amlodipine 5 MG", NONE), ("Simvastatin", "Amlodipine 5 MG", NONE),
        ("Simvastatin 40 MG", "Gemfibrozil 600 MG", NOW), ("Rosuvastatin 10 MG", "Gemfibrozil 600 MG", VISIT),
        ("Rosuvastatin 10 MG", "Fenofibrate 145 MG", NONE),
        ("Atorvastatin 20 MG", "Cyclosporine 100 MG", VISIT),
        ("Colchicine 0.6 MG", "Clarithromycin 500 MG", NOW),
        ("Colchicine 0.6 MG", "Azithromycin 250 MG", NONE),
        ("Oxycodone 5 MG", "Gabapentin 300 MG", VISIT), ("Clozapine 100 MG", "Lorazepam 1 MG", VISIT),
        ("Phenelzine 15 MG", "Dextromethorphan 30 MG", NOW),
        ("Sertraline 50 MG", "Sumatriptan 50 MG", ROUTINE),
        ("Bupropion 150 MG", "Tramadol 50 MG", VISIT),
        ("Citalopram 20 MG", "Haloperidol 2 MG", VISIT), ("Citalopram 20 MG", "Metformin 500 MG", NONE),
        ("Thioridazine 50 MG", "Fluoxetine 20 MG", NOW), ("Methotrexate 10 MG", "Naproxen 500 MG", VISIT),
        ("Sildenafil 20 MG", "Riociguat 1 MG", NOW), ("Doxazosin 4 MG", "Tadalafil 5 MG", VISIT),
        ("Clonidine 0.1 MG", "Metoprolol 50 MG", VISIT), ("Ivabradine 5 MG", "Diltiazem 120 MG", VISIT),
        ("Ranolazine 500 MG", "Ketoconazole 200 MG", NOW), ("Tizanidine 4 MG", "Ciprofloxacin 500 MG", NOW),
        ("Theophylline 200 MG", "Ciprofloxacin 500 MG", NOW), ("Valproate 500 MG", "Meropenem 1000 MG", NOW),
        ("Lamotrigine 100 MG", "Valproate 500 MG", VISIT),
        ("Carbamazepine 200 MG", "Erythromycin 250 MG", VISIT),
        ("Glipizide 5 MG", "Fluconazole 100 MG", VISIT), ("Tamoxifen 20 MG", "Paroxetine 20 MG", VISIT),
        ("Tamoxifen 20 MG", "Sertraline 50 MG", NONE), ("Ergotamine 1 MG", "Sumatriptan 50 MG", NOW),
        ("Tacrolimus 1 MG", "Voriconazole 200 MG", NOW), ("Ticagrelor 90 MG", "Clarithromycin 500 MG", NOW),
        ("Lithium 300 MG", "Furosemide 40 MG", VISIT), ("Azathioprine 50 MG", "Allopurinol 100 MG", NOW),
    ],
)  # fmt: skip
def test_pairs(one: str, other: str, urgencies: list[Urgency]) -> None:
    assert fired("drug-drug", drug(one), drug(other)) == urgencies
    assert fired("drug-drug", drug(one), drug(other, status="stopped")) == []


def test_two_drugs_that_harm_in_two_ways_are_told_once_by_the_more_urgent() -> None:
    assert fired("drug-drug", drug("Simvastatin 40 MG"), drug("Erythromycin 250 MG")) == VISIT
    assert fired("drug-drug", drug("Simvastatin 40 MG"), drug("Clarithromycin 500 MG")) == NOW


def test_a_pair_told_once_is_not_told_again_in_company() -> None:
    drugs = (drug("Simvastatin 40 MG"), drug("Clarithromycin 500 MG"), drug("Diltiazem 120 MG"))
    facts = [hit.finding.fact for hit in hits_of(chart_of(encounter(), *drugs), "drug-drug")]
    assert sum("Clarithromycin" in fact and "Simvastatin" in fact for fact in facts) == 1
    assert sum("Diltiazem" in fact for fact in facts) == 1


def test_the_list_is_short_and_every_pair_has_its_harm() -> None:
    assert 50 <= len(PAIRS) <= 80
    assert all(pair.harm and pair.first and pair.second for pair in PAIRS)


def test_angioedema_on_one_renin_blocker_asks_for_caution_with_the_other() -> None:
    assert fired("drug-allergy", allergy("Lisinopril"), drug("Sacubitril 49 MG / Valsartan 51 MG")) == VISIT
    assert fired("drug-allergy", allergy("Lisinopril"), drug("Losartan 50 MG")) == []

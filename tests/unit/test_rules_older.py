"""Drugs and hospital stays of older people, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import drug, encounter, problem
from tests.unit.rule_tables import OLD, ROUTINE, VISIT, advice, fired, person

NONE: list[Urgency] = []


@pytest.mark.parametrize(
    ("name", "age", "urgencies"),
    [
        ("Diazepam 5 MG", 65, VISIT), ("Diazepam 5 MG", 64, NONE),
        ("Diphenhydramine 25 MG Oral Tablet", 70, VISIT), ("Diphenhydramine 1 % Topical Cream", 70, NONE),
        ("Loratadine 10 MG", 70, NONE), ("Amitriptyline 25 MG", 70, VISIT), ("Glyburide 5 MG", 70, VISIT),
        ("Cyclobenzaprine 10 MG", 70, VISIT), ("Doxazosin 4 MG", 70, VISIT), ("Paroxetine 20 MG", 70, VISIT),
        ("Sertraline 50 MG", 70, NONE), ("Metformin 500 MG", 70, NONE), ("Rivaroxaban 20 MG", 70, VISIT),
    ],
)  # fmt: skip
def test_drugs_to_avoid_from_sixty_five(name: str, age: int, urgencies: list[Urgency]) -> None:
    assert fired("beers", drug(name), patient=person(age=age)) == urgencies


def test_all_drugs_of_the_list_stand_in_one_statement() -> None:
    drugs = drug("Diazepam 5 MG"), drug("Glyburide 5 MG"), drug("Oxybutynin 5 MG")
    assert fired("beers", *drugs) == VISIT
    assert advice("beers", *drugs).count("(") == 3


def test_a_drug_nobody_renewed_or_of_unknown_age_is_not_listed() -> None:
    assert fired("beers", drug("Diazepam 5 MG", "2020-01-01")) == []
    assert fired("beers", drug("Diazepam 5 MG", status="stopped")) == []
    ageless = {key: value for key, value in person().items() if key != "birthDate"}
    assert fired("beers", drug("Diazepam 5 MG"), patient=ageless) == []


@pytest.mark.parametrize(
    ("day", "problems", "urgencies"),
    [("2026-03-20", [], VISIT), ("2026-03-25", [], NONE), ("2026-03-20", ["Barrett esophagus"], NONE)],
)
def test_acid_blockers_over_eight_weeks(day: str, problems: list[str], urgencies: list[Urgency]) -> None:
    assert fired("beers", drug("Omeprazole 20 MG", day), *map(problem, problems)) == urgencies


def test_an_antipsychotic_is_listed_in_dementia_alone() -> None:
    assert fired("beers", drug("Quetiapine 25 MG"), problem("Alzheimer's disease")) == VISIT
    assert fired("beers", drug("Quetiapine 25 MG")) == []


@pytest.mark.parametrize(
    ("names", "age", "urgencies"),
    [
        (["Lorazepam 1 MG", "Sertraline 50 MG", "Gabapentin 300 MG"], 65, VISIT),
        (["Lorazepam 1 MG", "Sertraline 50 MG", "Gabapentin 300 MG"], 64, NONE),
        (["Lorazepam 1 MG", "Sertraline 50 MG", "Metformin 500 MG"], 70, NONE),
    ],
)
def test_three_drugs_that_act_on_the_brain(names: list[str], age: int, urgencies: list[Urgency]) -> None:
    assert fired("beers-sedatives", *map(drug, names), patient=person(age=age)) == urgencies


DRUGS = (
    *("Metformin", "Lisinopril", "Amlodipine", "Atorvastatin", "Sertraline"),
    *("Levothyroxine", "Montelukast", "Tamsulosin", "Colchicine", "Memantine"),
)


@pytest.mark.parametrize(("count", "urgencies"), [(4, NONE), (5, ROUTINE), (9, ROUTINE), (10, VISIT)])
def test_many_drugs(count: int, urgencies: list[Urgency]) -> None:
    assert fired("polypharmacy", *(drug(f"{name} 10 MG") for name in DRUGS[:count])) == urgencies


def test_drugs_nobody_renewed_and_children_do_not_count() -> None:
    assert fired("polypharmacy", *(drug(f"{name} 10 MG", OLD) for name in DRUGS)) == []
    assert fired("polypharmacy", *(drug(f"{name} 10 MG") for name in DRUGS), patient=person(age=9)) == []


def stay(day: str, name: str = "", **more: Any) -> dict[str, Any]:
    return encounter(day, f"e-{day}", "IMP", type=[{"text": name}] if name else [], **more)


@pytest.mark.parametrize(
    ("days", "repeated", "readmitted"),
    [
        (["2026-01-10", "2026-04-10"], VISIT, NONE),
        (["2026-04-10"], NONE, NONE),
        (["2025-01-10", "2026-04-10"], NONE, NONE),
        (["2026-04-01", "2026-05-01"], NONE, VISIT),
        (["2026-04-01", "2026-05-02"], VISIT, NONE),
    ],
)
def test_hospital_stays(days: list[str], repeated: list[Urgency], readmitted: list[Urgency]) -> None:
    stays = [stay(day) for day in days]
    assert fired("repeated-stays", *stays) == repeated
    assert fired("readmission", *stays) == readmitted


@pytest.mark.parametrize("name", ["Elective admission", "Obstetric emergency", "Childbirth"])
def test_planned_stays_and_births_do_not_count(name: str) -> None:
    assert fired("repeated-stays", stay("2026-01-10", name), stay("2026-04-10")) == []


def test_a_readmission_needs_the_end_of_the_stay_before() -> None:
    open_end = stay("2026-04-01") | {"period": {"start": "2026-04-01T09:00:00Z"}}
    assert fired("readmission", open_end, stay("2026-04-20")) == []

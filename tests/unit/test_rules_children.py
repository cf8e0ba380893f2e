"""Drugs that children must not have, and methotrexate by the day, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import NEWEST, chart_of, drug, encounter, lab, pressure, problem, texts_of
from tests.unit.rule_tables import NOW, OLD, VISIT, egfr, fired, person

NONE: list[Urgency] = []
ASPIRIN = drug("Aspirin 81 MG")
FEVER = lab("8310-5", 38.4, "Cel")


@pytest.mark.parametrize(
    ("age", "parts", "urgencies"),
    [
        (4, [FEVER], NOW), (18, [FEVER], NOW), (19, [FEVER], NONE), (4, [lab("8310-5", 37.6, "Cel")], NONE),
        (4, [lab("8310-5", 101.5, "[degF]")], NOW), (4, [problem("Influenza", NEWEST)], NOW),
        (4, [problem("Influenza", OLD)], NONE), (4, [FEVER, problem("Kawasaki disease", NEWEST)], NONE),
        (4, [lab("8310-5", 39, "kg")], NONE), (4, [], NONE),
    ],
)  # fmt: skip
def test_aspirin_in_a_child_with_fever(age: int, parts: list[Any], urgencies: list[Urgency]) -> None:
    assert fired("child-aspirin", ASPIRIN, *parts, patient=person(age=age)) == urgencies
    assert fired("child-aspirin", drug("Ibuprofen 100 MG"), *parts, patient=person(age=age)) == []


@pytest.mark.parametrize(
    ("name", "age", "urgencies"),
    [
        ("Codeine 15 MG", 11, NOW), ("Tramadol 50 MG", 4, NOW), ("Codeine 15 MG", 12, NONE),
        ("Morphine 5 MG", 4, NONE),
    ],
)  # fmt: skip
def test_codeine_and_tramadol_under_twelve(name: str, age: int, urgencies: list[Urgency]) -> None:
    assert fired("child-opioid", drug(name), patient=person(age=age)) == urgencies


def test_codeine_in_a_child_is_told_beside_the_pair_it_makes() -> None:
    pair = (drug("Codeine 15 MG"), drug("Diazepam 2 MG"))
    assert fired("child-opioid", *pair, patient=person(age=4)) == NOW


def test_a_childs_vital_signs_are_shown_and_not_judged() -> None:
    signs = (pressure(95, 60), lab("8867-4", 128, "/min"), lab("29463-7", 16, "kg"))
    child = texts_of(chart_of(encounter(), *signs, patient=person(age=4)))
    told = "95/60 mmHg (2026-05-20); Weight 16 kg (2026-05-20); Heart rate 128 /min (2026-05-20)."
    assert f"Vital signs, not judged by adult ranges: Blood pressure {told}" in child
    assert "not judged by adult ranges" not in texts_of(chart_of(encounter(), *signs))


def _methotrexate(dose: str) -> dict[str, Any]:
    return drug("Methotrexate 2.5 MG Oral Tablet", dosageInstruction=[{"text": dose}])


@pytest.mark.parametrize(
    ("dose", "more", "urgencies"),
    [
        ("2.5 mg once daily", [], NOW), ("2.5 mg once weekly", [], NONE), ("2.5 mg", [], NONE),
        ("2.5 mg once daily", [problem("Acute lymphoblastic leukemia")], NONE),
    ],
)  # fmt: skip
def test_methotrexate_by_the_day(dose: str, more: list[Any], urgencies: list[Urgency]) -> None:
    assert fired("methotrexate-daily", _methotrexate(dose), *more) == urgencies


@pytest.mark.parametrize(("value", "urgencies"), [(29, NOW), (59, VISIT), (60, NONE)])
def test_methotrexate_with_a_poor_kidney_beside_its_daily_dose(
    value: float, urgencies: list[Urgency]
) -> None:
    daily = _methotrexate("2.5 mg once daily")
    assert fired("methotrexate-kidney", daily, egfr(value)) == urgencies
    assert fired("methotrexate-daily", daily, egfr(value)) == NOW
    assert fired("methotrexate-kidney", daily) == []

"""Diabetes beside its level: change, low values, yearly checks and protection, as tables."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import allergy, drug, encounter, lab, problem
from tests.unit.rule_tables import A1C, OLD, ROUTINE, VISIT, advice, egfr, fired, person

ACR = "14959-1"
DIABETES = problem("Type 2 diabetes mellitus")
NONE: list[Urgency] = []


def eye(day: str) -> dict[str, Any]:
    told = {
        "id": f"eye-{day}",
        "status": "completed",
        "performedDateTime": day,
        "code": {"text": "Diabetic eye exam"},
    }
    return {"resourceType": "Procedure", **told, "subject": {"reference": "Patient/p1"}}


@pytest.mark.parametrize(
    ("before", "now", "urgencies"),
    [(6.2, 6.7, ROUTINE), (6.2, 6.6, NONE), (6.9, 6.4, ROUTINE), (6.2, 7.4, NONE)],
)
def test_a1c_that_moves_within_the_goal(before: float, now: float, urgencies: list[Urgency]) -> None:
    readings = lab(A1C, before, "%", "2026-01-10"), lab(A1C, now, "%")
    assert fired("a1c-change", DIABETES, *readings) == urgencies
    assert fired("a1c-change", *readings) == []


def test_above_the_goal_the_change_is_told_with_the_level() -> None:
    told = advice("a1c-level", DIABETES, lab(A1C, 6.8, "%", "2026-01-10"), lab(A1C, 8.4, "%"))
    assert (
        "above the usual goal of 8 % and rose by 0.5 or more from Hemoglobin A1c 6.8 % (2026-01-10)" in told
    )


def test_a_fall_on_insulin_asks_about_hypoglycemia() -> None:
    readings = lab(A1C, 6.9, "%", "2026-01-10"), lab(A1C, 6.1, "%")
    assert "hypoglycemia" in advice("a1c-change", DIABETES, *readings, drug("Insulin glargine 10 UNT"))
    assert "hypoglycemia" not in advice("a1c-change", DIABETES, *readings, drug("Metformin 500 MG"))


def test_a1c_change_reads_the_other_unit() -> None:
    before, now = lab(A1C, 42, "mmol/mol", "2026-01-10"), lab(A1C, 6.7, "%")
    assert len(fired("a1c-change", DIABETES, before, now)) == 1


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (lab(A1C, 6.0, "%", OLD), lab(A1C, 6.7, "%")),
        (lab(A1C, 6.0, "%", "2026-01-10"), lab(A1C, 6.7, "%", status="preliminary")),
        (lab("17856-6", 6.0, "%", "2026-01-10"), lab(A1C, 6.7, "%")),
    ],
)
def test_a1c_change_needs_recent_final_values_of_one_method(
    before: dict[str, Any], now: dict[str, Any]
) -> None:
    assert fired("a1c-change", DIABETES, before, now) == []


@pytest.mark.parametrize(
    ("value", "name", "urgencies"),
    [
        (3.9, "Insulin glargine 10 UNT", VISIT),
        (3.9, "Glipizide 5 MG", VISIT),
        (4.0, "Glipizide 5 MG", NONE),
        (3.9, "Metformin 500 MG", NONE),
    ],
)
def test_a1c_below_four_on_drugs_that_lower_glucose(
    value: float, name: str, urgencies: list[Urgency]
) -> None:
    assert fired("a1c-too-low", drug(name), lab(A1C, value, "%")) == urgencies


def test_an_old_low_a1c_says_nothing_of_today() -> None:
    assert fired("a1c-too-low", drug("Glipizide 5 MG"), lab(A1C, 3.9, "%", OLD)) == []


@pytest.mark.parametrize(
    ("more", "lacking"),
    [
        ([], "consider urine albumin/creatinine and eye examination, because"),
        ([lab(ACR, 12, "mg/g")], "consider eye examination, because"),
        ([eye("2026-02-01")], "consider urine albumin/creatinine, because"),
        ([eye("2024-02-01"), lab(ACR, 12, "mg/g")], "consider eye examination, because"),
        ([eye("2026-02-01"), lab(ACR, 12, "mg/g")], ""),
    ],
)
def test_yearly_checks_in_diabetes(more: list[dict[str, Any]], lacking: str) -> None:
    told = advice("diabetes-yearly", DIABETES, *more)
    assert lacking in told
    assert bool(told) is bool(lacking)
    assert fired("diabetes-yearly", *more) == []


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ([problem("Coronary Heart Disease"), egfr(62)], "an SGLT2 inhibitor or a GLP-1 agonist"),
        ([problem("Coronary Heart Disease"), egfr(18)], "consider a GLP-1 agonist"),
        ([problem("Coronary Heart Disease")], "consider a GLP-1 agonist"),
        ([problem("Heart failure"), egfr(62)], ""),
        ([problem("Heart failure"), problem("Coronary Heart Disease"), egfr(62)], "consider a GLP-1 agonist"),
        ([lab(ACR, 30, "mg/g"), egfr(62)], "Urine albumin/creatinine 30 mg/g"),
        ([lab(ACR, 29, "mg/g"), egfr(62)], ""),
        ([problem("CKD"), egfr(62), drug("Empagliflozin 10 MG")], ""),
        ([problem("CKD"), egfr(62), problem("Type 1 diabetes mellitus")], ""),
        ([problem("CKD"), egfr(62), problem("Pancreatitis"), allergy("Dapagliflozin")], ""),
    ],
)
def test_protection_of_heart_and_kidney(more: list[dict[str, Any]], word: str) -> None:
    told = advice("diabetes-protection", DIABETES, *more)
    assert word in told
    assert bool(told) is bool(word)
    assert fired("diabetes-protection", DIABETES, *more) == (VISIT if word else [])


def test_a_pregnancy_silences_protection_and_statins() -> None:
    carried = (
        problem("Normal pregnancy", "2026-03-01"),
        problem("CKD"),
        egfr(62),
        encounter("2026-01-10", "e0"),
    )
    for rule in ("diabetes-protection", "statin-diabetes"):
        assert fired(rule, DIABETES, *carried, patient=person(age=41)) == []
        assert fired(rule, DIABETES, *carried[1:], patient=person(age=41)) != []

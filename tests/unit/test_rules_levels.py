"""Drug levels and INR, as tables with near misses."""

from __future__ import annotations

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import drug, lab
from tests.unit.rule_tables import INR, NA, NOW, OLD, ROUTINE, VISIT, K, advice, egfr, fired

LITHIUM, DIGOXIN, CARBAMAZEPINE, VALPROATE, PHENYTOIN = "14334-7", "10535-3", "3432-2", "4086-5", "3968-5"
NONE: list[Urgency] = []


@pytest.mark.parametrize(
    ("name", "code", "value", "unit", "urgencies"),
    [
        ("Lithium carbonate 300 MG", LITHIUM, 1.5, "mmol/L", NOW),
        ("Lithium carbonate 300 MG", LITHIUM, 1.3, "mEq/L", VISIT),
        ("Lithium carbonate 300 MG", LITHIUM, 1.2, "mmol/L", NONE),
        ("Lithium carbonate 300 MG", LITHIUM, 0.3, "mmol/L", NONE),
        ("Lithium carbonate 300 MG", LITHIUM, 1.6, "mg/dL", NONE),
        ("Digoxin 0.125 MG", DIGOXIN, 2.0, "ng/mL", NOW),
        ("Digoxin 0.125 MG", DIGOXIN, 1.3, "ug/L", VISIT),
        ("Digoxin 0.125 MG", DIGOXIN, 1.2, "ng/mL", NONE),
        ("Carbamazepine 200 MG", CARBAMAZEPINE, 12.1, "ug/mL", VISIT),
        ("Carbamazepine 200 MG", CARBAMAZEPINE, 3.9, "mg/L", VISIT),
        ("Carbamazepine 200 MG", CARBAMAZEPINE, 4.0, "ug/mL", NONE),
        ("Valproate 500 MG", VALPROATE, 126, "ug/mL", VISIT),
        ("Valproate 500 MG", VALPROATE, 125, "ug/mL", NONE),
        ("Phenytoin 100 MG", PHENYTOIN, 31, "ug/mL", NOW),
        ("Metformin 500 MG", LITHIUM, 1.6, "mmol/L", NONE),
    ],
)
def test_levels_out_of_range(name: str, code: str, value: float, unit: str, urgencies: list[Urgency]) -> None:
    assert fired("drug-level", drug(name), lab(code, value, unit)) == urgencies


@pytest.mark.parametrize(
    ("name", "code", "value", "unit", "word"),
    [
        ("Lithium carbonate 300 MG", LITHIUM, 2.6, "mmol/L", "consider holding Lithium carbonate"),
        ("Lithium carbonate 300 MG", LITHIUM, 2.6, "mmol/L", "dialysis"),
        ("Lithium carbonate 300 MG", LITHIUM, 1.3, "mmol/L", "consider a lower dose"),
        ("Digoxin 0.25 MG", DIGOXIN, 2.9, "ng/mL", "consider holding Digoxin"),
        ("Digoxin 0.25 MG", DIGOXIN, 1.3, "ng/mL", "consider a lower dose"),
    ],
)
def test_a_toxic_level_is_a_reason_to_consider_holding(
    name: str, code: str, value: float, unit: str, word: str
) -> None:
    assert word in advice("drug-level", drug(name), lab(code, value, unit))


def test_a_toxic_digoxin_level_is_told_beside_a_slow_heart_and_low_potassium() -> None:
    parts = (drug("Digoxin 0.25 MG"), lab("8867-4", 38, "/min"), lab(K, 3.1, "mmol/L"))
    told = advice("drug-level", *parts, lab(DIGOXIN, 2.9, "ng/mL"))
    assert "beside Heart rate 38 /min (2026-05-20) and Potassium 3.1 mmol/L (2026-05-20)" in told


def test_a_level_that_is_there_is_not_asked_for() -> None:
    digoxin, low = drug("Digoxin 0.25 MG"), lab(K, 3.1, "mmol/L")
    assert "checking a digoxin level" in advice("digoxin-potassium", digoxin, low)
    assert "checking" not in advice("digoxin-potassium", digoxin, low, lab(DIGOXIN, 0.8, "ng/mL"))
    assert "and a level" in advice("kidney-dose", digoxin, egfr(25))
    assert "and a level" not in advice("kidney-dose", digoxin, egfr(25), lab(DIGOXIN, 0.8, "ng/mL"))


def test_an_old_level_is_not_acted_on_and_a_preliminary_one_is_called_so() -> None:
    lithium = drug("Lithium carbonate 300 MG")
    assert fired("drug-level", lithium, lab(LITHIUM, 1.8, "mmol/L", OLD), lab(NA, 140, "mmol/L")) == []
    assert "preliminary" in advice("drug-level", lithium, lab(LITHIUM, 1.8, "mmol/L", status="preliminary"))


@pytest.mark.parametrize(
    ("name", "day", "urgencies"),
    [
        ("Lithium carbonate 300 MG", None, ROUTINE),
        ("Lithium carbonate 300 MG", OLD, ROUTINE),
        ("Lithium carbonate 300 MG", "2026-02-01", NONE),
        ("Digoxin 0.125 MG", None, NONE),
    ],
)
def test_levels_due(name: str, day: str | None, urgencies: list[Urgency]) -> None:
    results = [lab(LITHIUM, 0.8, "mmol/L", day)] if day else []
    assert fired("drug-level-due", drug(name), *results) == urgencies


def test_nothing_is_due_for_a_drug_nobody_renewed() -> None:
    assert fired("drug-level-due", drug("Lithium carbonate 300 MG", "2020-01-01")) == []
    assert fired("inr-due", drug("Warfarin 5 MG", "2020-01-01")) == []


@pytest.mark.parametrize(
    ("value", "unit", "urgencies"),
    [(3.1, "{INR}", VISIT), (3.0, "{INR}", NONE), (4.6, "{INR}", NONE), (3.4, "s", NONE)],
)
def test_inr_above_goal_short_of_critical(value: float, unit: str, urgencies: list[Urgency]) -> None:
    assert fired("inr-high", drug("Warfarin 5 MG"), lab(INR, value, unit)) == urgencies
    assert fired("inr-high", lab(INR, value, unit)) == []


@pytest.mark.parametrize(
    ("name", "day", "urgencies"),
    [
        ("Warfarin 5 MG", None, VISIT), ("Warfarin 5 MG", "2026-02-24", VISIT),
        ("Warfarin 5 MG", "2026-02-25", NONE), ("Apixaban 5 MG", None, NONE),
    ],
)  # fmt: skip
def test_inr_due_after_twelve_weeks(name: str, day: str | None, urgencies: list[Urgency]) -> None:
    results = [lab(INR, 2.4, "{INR}", day)] if day else []
    assert fired("inr-due", drug(name), *results) == urgencies


def test_low_sodium_on_carbamazepine_is_told() -> None:
    assert fired("hyponatraemia-drugs", drug("Carbamazepine 200 MG"), lab(NA, 128, "mmol/L")) == NOW
    assert fired("hyponatraemia-drugs", drug("Valproate 500 MG"), lab(NA, 128, "mmol/L")) == []

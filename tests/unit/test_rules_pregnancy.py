"""Drugs in pregnancy, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import drug, problem
from tests.unit.rule_tables import NOW, fired, person

CARRIED = problem("Normal pregnancy", "2026-03-01")
NONE: list[Urgency] = []


@pytest.mark.parametrize(
    ("name", "urgencies"),
    [
        ("Lisinopril 10 MG", NOW), ("Losartan 50 MG", NOW), ("Atorvastatin 20 MG", NOW),
        ("Valproate 500 MG", NOW),
        ("Warfarin 5 MG", NOW), ("Methotrexate 10 MG", NOW), ("Isotretinoin 20 MG", NOW),
        ("Labetalol 100 MG", NONE), ("Metformin 500 MG", NONE), ("Levothyroxine 50 MCG", NONE),
    ],
)  # fmt: skip
def test_drugs_that_harm_in_pregnancy(name: str, urgencies: list[Urgency]) -> None:
    assert fired("drug-pregnancy", CARRIED, drug(name), patient=person(age=30)) == urgencies
    assert fired("drug-pregnancy", drug(name), patient=person(age=30)) == []


@pytest.mark.parametrize(
    ("entry", "who"),
    [
        (problem("Normal pregnancy", "2020-03-01"), person(age=30)),
        (problem("Normal pregnancy", "2026-03-01", "resolved"), person(age=30)),
        (problem("History of pregnancy", "2026-03-01"), person(age=30)),
        (problem("Tubal pregnancy", "2026-03-01"), person(age=30)),
        (
            problem(
                "Gestational diabetes", "2026-03-01", verificationStatus={"coding": [{"code": "refuted"}]}
            ),
            person(age=30),
        ),
        (CARRIED, person(age=70)),
        (CARRIED, person("male", 30)),
    ],
)
def test_a_pregnancy_must_be_active_recent_and_possible(entry: dict[str, Any], who: dict[str, Any]) -> None:
    assert fired("drug-pregnancy", entry, drug("Lisinopril 10 MG"), patient=who) == []


def test_a_stopped_drug_harms_nobody() -> None:
    assert (
        fired("drug-pregnancy", CARRIED, drug("Lisinopril 10 MG", status="stopped"), patient=person(age=30))
        == []
    )

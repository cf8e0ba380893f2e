"""Names of the clinic stay; texts that command or disguise themselves do not."""

from __future__ import annotations

import pytest

from hntai.domain.chart.planted import is_planted
from tests.unit.claims.attacks import ATTACKS


@pytest.mark.parametrize(
    "name",
    [
        "Type 2 diabetes mellitus",
        "Cardiac output, low",
        "Urine output decreased",
        "State of shock",
        "Report of stroke in childhood",
        "Repeat prescription",
        "Include-body myositis",
        "Insulin human, isophane 70 UNT/ML / Regular Insulin, Human 30 UNT/ML [Humulin]",
        "Bilirubin.total [Mass/volume] in Urine by Test strip",
        "INR <2.0",
        "Factor VIII deficiency",
        "F10.20 Alcohol dependence",
        "Ménière's disease",
        "Sjögren's syndrome",
        "β-thalassemia",
        "10 µg tablet",
        "Type\u200b 2 diabetes",
        "Patient-controlled analgesia",
        "Human immunodeficiency virus infection",
        "User of hearing aid",
        "Written in office: hypertension",
        "Answer to question unclear",
        "Stage 3 kidney disease; stop of smoking in 2019",
        "Tell-tale rash",
    ],
)
def test_a_clinical_name_is_no_instruction(name: str) -> None:
    assert not is_planted(name)


def test_most_attacks_are_withheld_before_a_model_could_read_them() -> None:
    let_through = {attack.name for attack in ATTACKS if not is_planted(attack.planted)}
    assert let_through <= {"rot13", "base64", "many at once", "plain role"}

"""The gate: a statement falls if anything in it does not stand in what it refers to."""

from __future__ import annotations

import pytest

from hntai.domain.dates import DateStyle
from hntai.domain.grounding import verify
from hntai.domain.statements import Section, Statement
from tests.unit.chart_records import allergy, chart_of, drug, encounter, lab, pressure, problem, statements_of

CHART = chart_of(
    encounter(),
    lab("2823-3", 5.6, "mmol/L", own="k"),
    lab("2951-2", 140, "mmol/L", own="na"),
    pressure(152, 86, own="bp"),
    drug("Metformin 500 MG Oral Tablet", "2026-01-02", own="m"),
    problem("Stage 3 kidney disease", "2020-02-03", own="c"),
    allergy("Penicillin", own="a"),
)
K, NA, BP, M, C, A = (
    "Observation/k",
    "Observation/na",
    "Observation/bp",
    "MedicationRequest/m",
    "Condition/c",
    "AllergyIntolerance/a",
)


def stands(text: str, *references: str, dates: tuple[str, ...] = ()) -> bool:
    return verify([Statement(Section.KEY_TRENDS, text, references, dates)], CHART).removed == 0


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("Potassium 5.6 mmol/L (2026-05-20): high, reference 3.5-5.", (K,)),
        ("Potassium is 5.60 mmol/L.", (K,)),
        ("Blood pressure 152/86 mmHg.", (BP,)),
        ("Metformin 500 MG since 2026-01-02.", (M,)),
        ("Stage 3 kidney disease since 2020-02-03.", (C,)),
        ("Potassium 5.6 mmol/L with sodium 140 mmol/L.", (K, NA)),
        ("Blood pressure 152/86 mmHg is at or above 130/80 mmHg (ACC/AHA 2017).", (BP,)),
        ("Potassium is high.", (K,)),
        ("The patient is 70 years old.", ("Patient",)),
    ],
)
def test_what_the_chart_says_stands(text: str, references: tuple[str, ...]) -> None:
    assert stands(text, *references)


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("Potassium 5.7 mmol/L.", (K,)),
        ("Potassium 56 mmol/L.", (K,)),
        ("Potassium 5.6 mg/dL.", (K,)),
        ("Potassium 5.6 mmol/L (2026-05-21).", (K,)),
        ("Potassium 5.6 mmol/L (2025).", (K,)),
        ("Sodium 140 mmol/L.", (K,)),
        ("Potassium 5.6 mmol/L with sodium 140 mmol/L.", (K,)),
        ("Potassium 5.6 mmol/L.", ()),
        ("Potassium 5.6 mmol/L.", ("Observation/unknown",)),
        ("Potassium 5.6 mmol/L.", (K, "Observation/unknown")),
        ("Metformin 1000 mg.", (M,)),
        ("Metformin 500 g.", (M,)),
        ("Metformin and glipizide.", (M,)),
        ("Takes lisinopril.", ("Patient",)),
        ("Allergic to amoxicillin.", (A,)),
        ("Stage 4 kidney disease.", (C,)),
        ("The patient is 71 years old.", ("Patient",)),
        ("Blood pressure 152/86 mmHg above 140/90 mmHg.", (BP,)),
    ],
)
def test_what_the_chart_does_not_say_falls(text: str, references: tuple[str, ...]) -> None:
    assert not stands(text, *references)


def test_the_dates_of_a_statement_are_checked_too() -> None:
    assert stands("Potassium is high.", K, dates=("2026-05-20",))
    assert not stands("Potassium is high.", K, dates=("2026-05-21",))


def test_relative_dates_are_checked_as_relative() -> None:
    chart = chart_of(encounter(), lab("2823-3", 5.6, "mmol/L", own="k"), style=DateStyle.RELATIVE)
    texts = (
        "Potassium 5.6 mmol/L (day 0).",
        "Potassium 5.6 mmol/L (day -3).",
        "Potassium 5.6 mmol/L (2026-05-20).",
    )
    verified = verify([Statement(Section.KEY_TRENDS, text, (K,), ()) for text in texts], chart)
    assert [statement.text for statement in verified.kept] == [texts[0]]
    assert verified.removed == 2


def test_every_statement_the_rules_make_stands() -> None:
    assert verify(statements_of(CHART), CHART).removed == 0

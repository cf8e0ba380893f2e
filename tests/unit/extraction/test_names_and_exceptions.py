"""A person's name is no disease, and what is excepted from "no known allergies" is an allergy."""

from __future__ import annotations

import pytest

from hntai.domain.extraction.entities import Assertion, Kind
from hntai.domain.extraction.extract import extract


def _named(text: str, kind: Kind) -> list[str]:
    return [one.text for one in extract(text).entities if one.kind is kind]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Crohn consulted today.",
        "Seen with Mrs Parkinson's nurse, Nurse Crohn.",
        "Patient: John Crohn",
        "Parkinson Wilhelmina cream",
        "Parkinson, Wilhelmina: refill.",
    ],
)
def test_the_name_of_a_disease_that_is_a_persons_is_no_problem(text: str) -> None:
    assert "Crohn" not in _named(text, Kind.PROBLEMS)
    assert "Parkinson" not in _named(text, Kind.PROBLEMS)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Hx of Crohn, on azathioprine.", "Crohn"),
        ("Known Parkinson, Hashimoto.", "Parkinson"),
        ("PMH: Crohn's disease", "Crohn's disease"),
        ("Dr. Crohn treats her Parkinson.", "Parkinson"),
        ("PMHx Parkinson May 2020", "Parkinson"),
    ],
)
def test_a_disease_that_has_a_name_stays_one(text: str, problem: str) -> None:
    assert _named(text, Kind.PROBLEMS) == [problem]


@pytest.mark.parametrize(
    ("text", "substances"),
    [
        ("No known allergies except eggs.", ["eggs"]),
        ("NKDA except penicillin (rash)", ["penicillin"]),
        ("Allergies: NKDA except for latex and bee stings.", ["latex", "bee stings"]),
        ("No known drug allergies other than sulfa. Eats eggs.", ["sulfa"]),
    ],
)
def test_what_is_excepted_is_an_allergy_and_not_nothing(text: str, substances: list[str]) -> None:
    found = [one for one in extract(text).entities if one.kind is Kind.ALLERGIES]
    assert [one.text for one in found] == substances
    assert all(one.assertion is Assertion.PRESENT for one in found)


def test_without_an_exception_there_is_none() -> None:
    (none,) = [
        one for one in extract("No known allergies. Eats eggs.").entities if one.kind is Kind.ALLERGIES
    ]
    assert none.assertion is Assertion.NEGATED

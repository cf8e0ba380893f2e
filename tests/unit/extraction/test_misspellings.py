"""What is repaired, and what must stay as it is written."""

from __future__ import annotations

import pytest

from hntai.domain.extraction.entities import Kind
from hntai.domain.extraction.extract import extract
from hntai.domain.extraction.misspellings import repaired

REPAIRED = {
    "metoprolal": "metoprolal",
    "metropolol": "metropolol",
    "hypertention": "hypertension",
    "pnuemonia": "pneumonia",
    "diarrhia": "diarrhia",
    "lisinoprill": "lisinoprill",
    "lisinnopril": "lisinopril",
    "atorvastaitn": "atorvastaitn",
    "atorvaststin": "atorvaststin",
    "atorvstatin": "atorvastatin",
    "levothyroxene": "levothyroxine",
    "hypothyroidsm": "hypothyroidism",
    "apatinib": "apatinib",
    "hemithorax": "hemithorax",
    "thoracostomy": "thoracostomy",
    "gabapentin": "gabapentin",
    "hospital": "hospital",
    "ischemic": "ischemic",
    "prednisone": "prednisone",
    "prednisolone": "prednisolone",
}
"""An edit in the last two letters is left alone: it could be another ending."""


@pytest.mark.parametrize("word", REPAIRED)
def test_one_letter_inside_a_long_rare_word_is_repaired(word: str) -> None:
    assert repaired(word) == REPAIRED[word]


def test_places_are_those_of_what_was_written() -> None:
    text = "Hx of pnuemonia, on lisinnopril 20 mg daily"
    found = extract(text)
    assert [one.text for one in found.of(Kind.PROBLEMS)] == ["pnuemonia"]
    assert found.of(Kind.MEDICATIONS)[0].details["drug"] == "lisinopril"

"""Codes: given where they say all the text says, whatever is said of it."""

from __future__ import annotations

import pytest

from hntai.domain.extraction.extract import extract

CODED: dict[str, list[str]] = {
    "doubly coagulated with bipolar electrocautery": [],
    "bipolar disorder": ["F31.9"],
    "hypotensive drug given": [],
    "hepatic failure": [],
    "joint pain in both knees": [],
    "joint pain": ["M25.50"],
    "R knee pain": [],
    "left MCA stroke": [],
    "diverticulosis in the sigmoid colon": [],
    "does not recall falling": [],
    "received BCG for bladder tumor": [],
    "infectious mononucleosis": [],
    "66F COPD": ["J44.9"],
    "Grandfather T2DM": ["E11.9"],
    "No pneumonia": ["J18.9"],
    "Return if chest pain": ["R07.9"],
}
"""A denied or feared problem keeps the code of what is denied or feared: the assertion says which it is."""


@pytest.mark.parametrize("text", CODED)
def test_a_code_is_given_where_it_says_all_the_text_says(text: str) -> None:
    assert [code.code for one in extract(text).entities for code in one.codes] == CODED[text]

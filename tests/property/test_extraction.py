"""Whatever the text: places point into it, entities never overlap, time grows no faster than the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hntai.domain.extraction.extract import extract

PIECES = (
    "no ",
    "denies ",
    "history of ",
    "HTN, ",
    "fever ",
    "mother ",
    "( ",
    ") ",
    "lisinopril ",
    "20 mg ",
    "po ",
    "bid ",
    "prn ",
    "allergic to ",
    "allergies ",
    "BP 120/80 ",
    "K ",
    "1.",
    ", ",
    ": ",
    "\n",
    "possible ",
    "and ",
    "MEDICATIONS: ",
    "one hundred ",
    "(ABC) ",
    "e\u0301",
    "-",
    "q6h ",
    "smoker ",
    "cancer of the left ",
    "Na 128 was 130 then ",
    "Na 1 -> ",
    "metformin held and ",
    "switched from aspirin to ",
    "roommate has flu and ",
    "sodium nitrite ",
)
LENGTH = 60_000
LONGEST_S = 4.0
"""For LENGTH characters of the worst piece, on a slow machine."""


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=60).map("".join))
@settings(max_examples=150, deadline=None)
def test_offsets_point_into_the_text_and_never_overlap(text: str) -> None:
    reached = 0
    for one in extract(text).entities:
        assert text[one.start : one.end] == one.text
        assert reached <= one.start < one.end
        reached = one.end


@pytest.mark.parametrize("piece", [*PIECES, "a", "A ", "no and ", "x(", "aspirin (AB) ", "father cancer "])
def test_no_repetition_makes_it_slow(piece: str) -> None:
    text = piece * (LENGTH // len(piece))
    began = time.process_time()
    extract(text)
    assert time.process_time() - began < LONGEST_S

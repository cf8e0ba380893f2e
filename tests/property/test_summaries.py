"""Chunks, sentences and summaries of any text: nothing lost, nothing over, nothing made up."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from hntai.domain.chunking import chunks
from hntai.domain.clinical_sentences import sentences
from hntai.domain.extractive import ranked
from hntai.domain.source_check import Source
from hntai.domain.spelled_numbers import numbers
from hntai.domain.summary_text import fitting
from hntai.domain.summary_units import units
from hntai.domain.word_similarity import WordSimilarity

WORDS = WordSimilarity()
QUIET = settings(max_examples=60, deadline=None, derandomize=True)
PIECES = (
    *("Patient: ", "Doctor: ", "[doctor] ", "PLAN: ", "Family history:", "\n", "\n\n", " ", ". ", "? ", ", "),
    *(
        ".,",
        "- ",
        "1. ",
        "no fever",
        "metformin 500 mg",
        "twice daily",
        "Dr. Test",
        "b.i.d.",
        "38.5",
        "twenty six",
    ),
    *("denies pain", "yes", "no", "um, ", "<UNIN/>", "I have a rash", "ü", "😀", "x" * 40, "\t", "\u2028"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=200)


@QUIET
@given(TEXTS)
def test_sentences_lie_end_to_end(text: str) -> None:
    found = sentences(text)
    assert "".join(text[one.start : one.end] for one in found) == text
    assert all(
        set(one.body.split()) <= {*re.split(r"\s", text[one.start : one.end]), *one.body.split()}
        for one in found
    )


@QUIET
@given(TEXTS, st.integers(3, 30), st.integers(0, 10))
def test_chunk_then_join_is_identity_and_no_chunk_is_over(text: str, most: int, overlap: int) -> None:
    made = chunks(text, most, overlap, WORDS.count_tokens)
    assert "".join(text[one.fresh : one.end] for one in made) == text
    assert all(WORDS.count_tokens(one.of(text)) <= most for one in made)
    assert all(one.start <= one.fresh < one.end for one in made)


@QUIET
@given(TEXTS, st.integers(10, 60), st.integers(0, 60))
def test_a_summary_is_within_its_length_and_its_numbers_stand_in_the_text(
    text: str, most: int, least: int
) -> None:
    every = units(text)
    taken = ranked(
        every, WORDS.similarities, WORDS.count_tokens, max_tokens=most, min_tokens=min(least, most)
    )
    summary = fitting(taken, every, most, WORDS.count_tokens)
    assert WORDS.count_tokens(summary) <= most
    known = {form for number in numbers(text) for form in number.forms}
    assert all(number.forms & known for number in numbers(summary))


@QUIET
@given(st.integers(2, 99), st.integers(2, 99))
def test_another_number_never_stands(said: int, claimed: int) -> None:
    source = Source(f"She takes metformin {said} mg daily.")
    assert source.bears_out(f"Metformin {claimed} mg.") is (said == claimed)

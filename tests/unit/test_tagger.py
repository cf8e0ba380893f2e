"""The learned tagger: tokens lose nothing, windows and earlier notes change nothing, policy goes first."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hntai.domain.note import Note
from hntai.domain.recognizers.tagged import recognize_tagged, stays
from hntai.domain.spans import PhiType
from hntai.domain.tagger.network import TYPES, WEIGHTS, Tagger, tagger
from hntai.domain.tagger.tokens import starts, tokens
from hntai.domain.tagger.word_facts import is_public, word_facts
from hntai.domain.tagger.word_pieces import meanings


@given(st.text())
def test_tokens_joined_are_the_note(text: str) -> None:
    found = tokens(text)
    assert "".join(found) == text
    assert starts(found)[-1] == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. O'Neil, 2/11", ["Dr", ".", " O", "'", "Neil", ",", " 2", "/", "11"]),
        ("seen by [NAME_1] at 90+", ["seen", " by", " [NAME_1]", " at", " 90+"]),
        ("a\n\n  b", ["a", "\n\n  ", "b"]),
        ("José\u0301  x²", ["José\u0301", "  ", "x²"]),
    ],
)
def test_a_note_is_cut_at_words_numbers_signs_and_tags(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text(min_size=1))
def test_every_token_has_facts_and_a_finite_meaning(text: str) -> None:
    for token in tokens(text):
        assert list(word_facts(token))
        assert np.isfinite(meanings([token])).all()


def test_scores_are_the_same_in_one_window_and_in_many_and_after_other_notes() -> None:
    note = tokens("Patient Anna Roe of Millbrae was seen on 3/4 by Dr. Pham. " * 300)
    fresh = Tagger(WEIGHTS)
    first = fresh.scores(note)
    fresh.scores(tokens("Something else about Kwame Asante, MRN 77-12."))
    assert first.shape == (len(note), len(TYPES))
    assert np.allclose(fresh.scores(note), first, atol=1e-4)
    short = fresh.scores(note[:400])
    assert np.allclose(short[:300], first[:300], atol=1e-3)


def test_no_tokens_no_scores() -> None:
    assert tagger().scores([]).shape == (0, len(TYPES))
    assert list(recognize_tagged(Note(""))) == []


@pytest.mark.parametrize(
    ("text", "words", "type_"),
    [
        ("pt suresh 41 drinks 2 beers, ast 88", "suresh", PhiType.NAME),
        ("stent placed 2/11, calf 3 cm bigger", "2/11", PhiType.DATE),
        ("She was admitted to Wexford Hollow Hospital with chest pain.", "Wexford Hollow", PhiType.FACILITY),
    ],
)
def test_what_no_rule_announces_is_found(text: str, words: str, type_: PhiType) -> None:
    assert any(
        words in text[span.start : span.end] and span.type is type_ for span in recognize_tagged(Note(text))
    )


@pytest.mark.parametrize(
    "text",
    [
        "Since 2011, seen on Monday, in March.",
        "He moved from Texas to New York and from Mexico to Canada.",
        "Strength 4/5 throughout, BP 120/80, pain 3/10, Lasix 40 mg.",
        "Patient [NAME_1], MRN [MRN], age 90+, zip 558**.",
    ],
)
def test_years_states_scores_and_tags_stay(text: str) -> None:
    assert list(recognize_tagged(Note(text))) == []


def test_of_a_note_no_word_is_remembered_that_the_lists_do_not_hold() -> None:
    assert is_public(" the")
    assert is_public("\n\n")
    assert is_public(" 12")
    assert not is_public(" Wyvernholt")
    assert not is_public(" 00482913")
    fresh = Tagger(WEIGHTS)
    fresh.scores(tokens("the Wyvernholt 00482913 the patient"))
    assert set(fresh.remembered) == {"the", " the", " patient"}


def test_weights_that_are_missing_are_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Tagger(tmp_path / "none.npz")


@pytest.mark.parametrize(
    ("words", "type_", "stay"),
    [
        ("6000", PhiType.LOCATION, True),
        ("98000", PhiType.LOCATION, False),
        ("12 Oak Street, Millbrae 94000", PhiType.LOCATION, False),
        ("Way", PhiType.LOCATION, True),
        ("Washington State", PhiType.FACILITY, True),
        ("CFU 100000", PhiType.OTHER_ID, True),
        ("BG 44100000", PhiType.OTHER_ID, False),
        ("482913", PhiType.OTHER_ID, False),
    ],
)
def test_counts_and_kinds_of_street_stay_and_what_holds_them_does_not(
    words: str, type_: PhiType, stay: bool
) -> None:
    assert stays(words, type_) is stay

"""The learned tagger: tokens lose nothing, the core computes what it should, policy goes first."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hntai.domain.errors import TaggerError
from hntai.domain.note import Note
from hntai.domain.operators import REDACTED
from hntai.domain.recognizers.tagged import recognize_tagged, stays
from hntai.domain.spans import PhiType
from hntai.domain.tagger import native
from hntai.domain.tagger.native import TYPES, WEIGHTS, Tagger, tagger
from hntai.domain.tagger.signs import signs_of
from hntai_local.tagger_training.core_tokens import known_of, tokens
from hntai_local.tagger_training.core_tokens import scores as core_scores
from tests.unit.tagger_reference import Reference

NOTE = "Pt José Núñez-Roe (MRN 77-12) seen 3/4/24 at Millbrae Hospital;\n[NAME_1] agreed, ½ tab, BP 120/80. "


@given(st.text())
def test_a_sign_for_every_code_point(text: str) -> None:
    assert len(signs_of(text)) == len(text)


def test_letters_of_other_alphabets_are_letters_and_their_digits_digits() -> None:
    assert signs_of("Łódź, Nguyễn “12” — ١٢ ﾅ Ж ж") == b'Lodz, Nguyen "12" - 12 \xe1 \xc1 \xe1'


@given(st.text())
def test_tokens_cover_every_sign_that_is_no_space_before_one(text: str) -> None:
    place = 0
    for token in tokens(text):
        assert signs_of(text[place : token.start]) in (b"", b" ")
        assert token.start < token.end
        place = token.end
    assert place == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. O'Neil, 2/11", ["Dr", ".", "O", "'", "Neil", ",", "2", "/", "11"]),
        ("seen by [NAME_1] at 90+", ["seen", "by", "[NAME_1]", "at", "90+"]),
        (
            "[REDACTED][SSN][NAME_] 300** 1300**",
            ["[REDACTED]", "[SSN]", *"[", "NAME", *"_]", "300**", "1300", *"**"],
        ),
        ("a\n\n  b", ["a", "\n\n  ", "b"]),
        ("José\u0301  x²", ["José\u0301", "  ", "x", "²"]),
    ],
)
def test_a_note_is_cut_at_words_numbers_signs_and_tags(text: str, expected: list[str]) -> None:
    assert [text[token.start : token.end] for token in tokens(text)] == expected


@given(st.text(min_size=1))
def test_every_token_has_facts_and_every_score_is_finite(text: str) -> None:
    assert all(known_of(tagger(), signs_of(text), token).rows for token in tokens(text))
    assert all(abs(score) < 1e6 for row in core_scores(tagger(), text) for score in row)


def test_a_word_is_cut_into_the_longest_pieces_known() -> None:
    names = native.PIECES.read_text("ascii").split()
    (token,) = tokens("Hypothyroidism")
    pieces = [names[number] for number in known_of(tagger(), b"Hypothyroidism", token).pieces]
    assert "".join(piece.removeprefix("##") for piece in pieces) == "hypothyroidism"
    assert [piece.startswith("##") for piece in pieces] == [False, *[True] * (len(pieces) - 1)]


def test_the_core_scores_as_its_reference_does() -> None:
    expected = Reference(WEIGHTS.read_bytes()).scores(tagger(), NOTE)
    found = core_scores(tagger(), NOTE)
    assert len(found) == len(expected) > 30
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, abs=2e-3)


def test_the_same_surroundings_give_the_same_scores_wherever_they_stand() -> None:
    once = core_scores(tagger(), NOTE * 3)
    often = core_scores(tagger(), NOTE * 300)
    length = len(tokens(NOTE.strip()))
    assert len(often) == 300 * length + 1
    for start in (length, 150 * length, 298 * length):
        assert often[start : start + length] == once[length : 2 * length]


def test_near_a_tag_it_says_the_same_as_everywhere() -> None:
    text = "Anna saw " + f"Zyxan {REDACTED} of Millbrae and her brother. " + "No fever or chills today. " * 40
    far = text + "Then pt suresh 41 came."
    all_runs = tagger().runs(far, -1.0)
    near = tagger().runs(far, -1.0, only_near_tags=True)
    tag = far.index(REDACTED)
    assert near == [run for run in all_runs if abs(run.start - tag) < 200]
    assert near != all_runs


def test_threads_do_not_disturb_each_other() -> None:
    texts = [NOTE * count for count in range(1, 30)]
    alone = [tagger().runs(text, -0.5) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: tagger().runs(text, -0.5), texts)) == alone


def test_no_text_no_runs() -> None:
    assert tagger().runs("", -0.5) == []
    assert list(recognize_tagged(Note(""))) == []


def test_runs_have_no_line_end_in_them() -> None:
    text = "Anna\nTestpatient  Roe"
    found = [text[run.start : run.end] for run in tagger().runs(text, -20.0)]
    assert not any("\n" in run for run in found)
    assert {TYPES[run.type] for run in tagger().runs(text, -20.0)} <= set(TYPES[1:])


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


@pytest.mark.parametrize(
    "change", [lambda held: held[:-1], lambda held: held + b"x", lambda held: b"?" + held[1:]]
)
def test_weights_that_do_not_fit_are_refused(change: object) -> None:
    with pytest.raises(TaggerError, match="weights_unfit"):
        Tagger(change(WEIGHTS.read_bytes()))  # type: ignore[operator]


def test_a_library_that_was_not_built_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "LIBRARY", native.LIBRARY.with_name("none.so"))
    native.core.cache_clear()
    try:
        with pytest.raises(TaggerError, match="library_not_built"):
            native.core()
    finally:
        monkeypatch.undo()
        native.core.cache_clear()
        native.tagger.cache_clear()


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

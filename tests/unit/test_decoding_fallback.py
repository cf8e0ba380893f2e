"""What is silence, what is worth another try, and what is a loop."""

from __future__ import annotations

import pytest

from hntai.domain.decoding_fallback import Attempt, compression_ratio, is_looping, is_poor, is_silence

SENTENCE = "He takes metformin twice a day, and his sugars were between six and nine."


def test_a_sure_sentence_is_kept() -> None:
    attempt = Attempt(SENTENCE, -0.2, -0.2, 0.01)
    assert not is_silence(attempt)
    assert not is_poor(attempt)


def test_nothing_written_is_silence() -> None:
    assert is_silence(Attempt(" . ", -0.1, -0.1, 0.0))
    assert is_silence(Attempt("  ", -0.1, -0.1, 0.0))


def test_a_guess_where_the_model_hears_no_speech_is_silence() -> None:
    assert is_silence(Attempt("Thank you.", -1.2, -1.2, 0.9))
    assert is_silence(Attempt("you", -0.7, -1.4, 0.9))
    assert is_silence(Attempt("Translated by", -0.2, -0.2, 0.6, is_looping=True))
    assert not is_silence(Attempt("Thank you.", -0.3, -0.3, 0.9))
    assert not is_silence(Attempt("Thank you.", -1.2, -1.2, 0.2))


@pytest.mark.parametrize(
    "attempt",
    [
        Attempt(SENTENCE, -1.3, -1.3, 0.1),
        Attempt("so so so so " * 20, -0.1, -0.1, 0.0),
        Attempt(SENTENCE, -0.1, -0.1, 0.0, is_looping=True),
    ],
)
def test_guesses_and_repeats_are_tried_again(attempt: Attempt) -> None:
    assert is_poor(attempt)


def test_speech_compresses_less_than_repeats() -> None:
    assert compression_ratio("") == 0.0
    assert compression_ratio(SENTENCE) < 1.5 < 2.4 < compression_ratio(SENTENCE * 4)


@pytest.mark.parametrize(
    ("tokens", "loops"),
    [
        ([1, 2, 3, 4] * 3, True),
        ([9, 8, *[1, 2, 3, 4, 5, 6, 7] * 3], True),
        ([5] * 12, True),
        ([5] * 4, False),
        ([1, 2, 3, 1, 2, 3], False),
        (list(range(200)), False),
        ([], False),
    ],
)
def test_a_loop_is_the_same_run_again_and_again(tokens: list[int], loops: bool) -> None:
    assert is_looping(tokens) is loops

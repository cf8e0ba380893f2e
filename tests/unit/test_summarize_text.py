"""Summarizing as a use case: models chosen, lengths kept, failures told, one row each."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import ValidationError

from hntai.contracts.summary import SummaryRequest
from hntai.domain.audit import Operation, Outcome
from hntai.domain.errors import (
    AuditUnavailableError,
    ModelUnknownError,
    TextTooLongError,
)
from hntai.domain.identity import Caller, Identity
from tests.memory.models import FailingEncoder, MemoryShelf, count_words
from tests.memory.summaries import LONG, NOTE, Desk, writing


@pytest.fixture
def desk() -> Iterator[Desk]:
    with ThreadPoolExecutor(8) as pool:
        yield Desk(pool)


def test_without_any_model_the_sources_own_sentences_answer(desk: Desk) -> None:
    answer = desk(max_length=60, min_length=20)
    assert answer.model_used == "word-overlap@1 (extractive)"
    assert all(sentence.strip(". ") in NOTE for sentence in answer.summary.split(". "))
    assert 20 <= answer.output_tokens == count_words(answer.summary) <= 60
    assert (answer.chunks, answer.input_tokens, answer.fallbacks) == (1, count_words(NOTE), ())


def test_the_row_says_who_and_which_model_and_holds_no_text(desk: Desk) -> None:
    answer = desk()
    (row,) = desk.audit.rows.values()
    assert (row.operation, row.outcome, row.actor) == (Operation.SUMMARIZE, Outcome.SUCCEEDED, "anna")
    assert row.model == answer.model_used
    assert "Testpatient" not in repr(row)


def test_without_its_row_there_is_no_answer(desk: Desk) -> None:
    desk.audit.failing = AuditUnavailableError()
    with pytest.raises(AuditUnavailableError):
        desk()


def test_a_text_over_the_limit_is_refused_untouched_and_unaudited(desk: Desk) -> None:
    desk.max_chars = 10
    with pytest.raises(TextTooLongError):
        desk()
    assert desk.outcomes() == []


@pytest.mark.parametrize("text", ["", "   \n ", "1.", "...", "no full stop at all", "x" * 3_000])
@pytest.mark.parametrize("most", [10, 150])
def test_a_poor_text_gives_a_poor_summary_within_its_length(desk: Desk, text: str, most: int) -> None:
    if not text:
        with pytest.raises(ValidationError):
            desk(text)
        return
    assert desk(text, max_length=most).output_tokens <= most


def test_a_long_text_is_read_in_chunks_and_its_summary_keeps_the_length(desk: Desk) -> None:
    answer = desk(LONG, max_length=80, min_length=40)
    assert answer.chunks > 1
    assert 40 <= answer.output_tokens <= 80


def test_a_sentence_longer_than_the_summary_is_shortened_visibly(desk: Desk) -> None:
    long = "She has " + ", ".join(f"finding {number}" for number in range(200)) + "."
    answer = desk(long, max_length=20, min_length=0)
    assert answer.summary.endswith(" …")
    assert answer.output_tokens <= 20


def test_asking_again_is_answered_from_what_was_kept_and_audited_again(desk: Desk) -> None:
    first, again = desk(), desk()
    assert (first.cached, again.cached) == (False, True)
    assert first.summary == again.summary
    assert desk.outcomes() == [Outcome.SUCCEEDED] * 2
    assert not desk(max_length=100).cached
    assert not desk(caller=Caller(Identity("other", "anna", frozenset()), "request-2")).cached


@pytest.mark.parametrize(
    "options",
    [
        {"model_name": "gpt-4"},
        {"model_type": "seq2seq"},
        {"model_name": "writer", "model_type": "extractive"},
    ],
)
def test_an_unknown_model_is_refused_with_the_names_there_are(desk: Desk, options: dict[str, Any]) -> None:
    desk.shelf = writing("x")
    with pytest.raises(ModelUnknownError) as raised:
        desk(**options)
    assert raised.value.details == {"models": ["writer", "word-overlap"]}
    assert desk.outcomes() == []


def test_an_encoder_that_fails_leaves_the_ranking_to_words(desk: Desk) -> None:
    desk.shelf = MemoryShelf([], FailingEncoder())
    answer = desk()
    assert answer.fallbacks == ("model-failed",)
    assert answer.model_used == "word-overlap@1 (extractive)"


@pytest.mark.parametrize(
    "fields",
    [
        {"max_length": 9}, {"max_length": 2_001}, {"max_length": 20, "min_length": 21}, {"max_length": "20"},
        {"min_length": -1}, {"model_type": "bert"}, {"mode": "best"}, {"model_name": ""}, {"unknown": 1},
    ],
)  # fmt: skip
def test_a_wrong_request_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as raised:
        SummaryRequest.model_validate({"text": "Testpatient, Anna", **fields})
    assert "Testpatient" not in str(raised.value)


def test_a_short_max_length_brings_the_default_min_length_down() -> None:
    assert SummaryRequest(text="x", max_length=20).shortest == 20

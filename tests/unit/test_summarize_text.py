"""Summarizing as a use case: models chosen, lengths kept, inventions dropped, failures told, one row each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import ValidationError

from hntai.adapters.digests import KeyedDigests
from hntai.contracts.summary import SummaryAnswer, SummaryRequest
from hntai.domain.audit import Operation, Outcome
from hntai.domain.errors import (
    AuditUnavailableError,
    InvalidRequestError,
    ModelFailedError,
    ModelUnknownError,
    TextTooLongError,
)
from hntai.domain.generation import Finish, Prompt
from hntai.domain.identity import Caller, Identity
from hntai.services.summaries.extract import Extract
from hntai.services.summaries.generate import Generate
from hntai.services.summarize_text import SummarizeText
from tests.memory.models import FailingEncoder, MemoryAnswers, MemoryShelf, MemoryWriter, count_words
from tests.memory.runs import MemoryAuditLog, SteppingClock

CALLER = Caller(Identity("default", "anna", frozenset({"summarize"})), "request-1")
NOTE = (
    "Testpatient, Anna, is a 67-year-old woman with type 2 diabetes and hypertension. "
    "She reports fatigue for three weeks. "
    "She denies chest pain. Blood pressure is 148/92 mmHg and HbA1c is 8.4 %. "
    "Metformin 500 mg twice daily is continued. "
    "Lisinopril 20 mg daily is increased to 40 mg. The weather was discussed. She returns in six weeks."
)
LONG = " ".join(NOTE.replace("67", str(40 + year)) for year in range(50))
INVENTED = "She takes warfarin 5 mg daily."


@dataclass
class Desk:
    pool: ThreadPoolExecutor
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    audit: MemoryAuditLog = field(default_factory=MemoryAuditLog)
    answers: MemoryAnswers = field(default_factory=MemoryAnswers)
    max_chars: int = 500_000
    budget_s: float = 20.0

    def __call__(self, text: str = NOTE, caller: Caller = CALLER, **options: Any) -> SummaryAnswer:
        extract = Extract(self.shelf, self.pool, self.pool)
        summarize = SummarizeText(
            audit=self.audit,
            digests=KeyedDigests(lambda: b"k" * 32),
            clock=SteppingClock(),
            max_chars=self.max_chars,
            shelf=self.shelf,
            extract=extract,
            generate=Generate(extract, self.pool),
            answers=self.answers,
            budget_s=self.budget_s,
        )
        return summarize(SummaryRequest.model_validate({"text": text, **options}), caller)

    def outcomes(self) -> list[Outcome]:
        return [row.outcome for row in self.audit.rows.values()]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with ThreadPoolExecutor(8) as pool:
        yield Desk(pool)


def writing(text: str, **options: Any) -> MemoryShelf:
    return MemoryShelf([MemoryWriter(lambda _: text, **options)])


def first_sentence(prompt: Prompt) -> str:
    return prompt.text.split(". ")[0].rstrip(".") + "."


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


def test_mode_rule_takes_no_generator(desk: Desk) -> None:
    desk.shelf = writing("x")
    with pytest.raises(InvalidRequestError):
        desk(model_name="writer", mode="rule")
    assert desk(mode="rule").model_type == "extractive"


def test_what_a_model_invents_is_dropped_and_counted(desk: Desk) -> None:
    desk.shelf = writing(f"She denies chest pain. {INVENTED} She has hypertension. She denies fatigue.")
    answer = desk(model_name="writer", min_length=0)
    assert answer.summary == "She denies chest pain. She has hypertension."
    assert answer.unsupported_removed == 2
    assert answer.model_used == "writer@r1 (gguf)"


def test_a_model_that_only_invents_is_replaced_and_it_is_said(desk: Desk) -> None:
    desk.shelf = writing(INVENTED)
    answer = desk(model_name="writer")
    assert answer.fallbacks[0] == "unsupported"
    assert answer.model_used == "word-overlap@1 (extractive)"
    assert "warfarin" not in answer.summary
    assert desk.answers.kept == {}


def test_a_failing_model_falls_to_extraction_and_it_is_said(desk: Desk) -> None:
    desk.shelf = writing("x", failing=ModelFailedError(model="writer", cause="crashed"))
    answer = desk(model_type="gguf")
    assert answer.fallbacks[0] == "model-failed"
    assert answer.model_type == "extractive"
    assert desk.outcomes() == [Outcome.SUCCEEDED]


def test_a_context_too_small_for_the_answer_falls_to_extraction(desk: Desk) -> None:
    desk.shelf = writing("x", context_tokens=300)
    assert desk(model_name="writer").fallbacks[0] == "prompt-too-long"


def test_each_chunk_is_read_and_what_was_written_of_them_is_summarized(desk: Desk) -> None:
    writer = MemoryWriter(first_sentence)
    desk.shelf = MemoryShelf([writer])
    answer = desk(LONG, model_name="writer", min_length=0)
    assert answer.chunks > 3
    assert len(writer.prompts) == answer.chunks + 1
    assert answer.unsupported_removed == 0
    assert all(count_words(prompt.text) <= 1_200 for prompt in writer.prompts)


def test_fast_reads_once_from_the_weightiest_sentences(desk: Desk) -> None:
    writer = MemoryWriter(first_sentence)
    desk.shelf = MemoryShelf([writer])
    desk(LONG, model_name="writer", mode="fast", min_length=0)
    assert len(writer.prompts) == 1


def test_a_sentence_broken_off_does_not_leave(desk: Desk) -> None:
    desk.shelf = writing("She denies chest pain. She has hyper", finish=Finish.LENGTH)
    assert desk(model_name="writer", min_length=0).summary == "She denies chest pain."


def test_too_short_a_summary_is_topped_up_from_the_source(desk: Desk) -> None:
    desk.shelf = writing("She denies chest pain.")
    answer = desk(model_name="writer", min_length=30, max_length=60)
    assert answer.summary.startswith("She denies chest pain.")
    assert 30 <= answer.output_tokens <= 60
    assert answer.fallbacks == ("topped-up",)


def test_a_model_that_never_comes_back_leaves_what_it_had_written(desk: Desk) -> None:
    gate = threading.Event()
    released = []

    class Stuck(MemoryWriter):
        def generate(self, prompt: Prompt, *, on_text: Any = None, **_: Any) -> Any:
            on_text("She denies chest pain. She has hyp")
            released.append(gate.wait(20))
            raise ModelFailedError(model="writer", cause="stuck")

    desk.shelf = MemoryShelf([Stuck(lambda _: "")])
    desk.budget_s = 0.4
    answer = desk(model_name="writer", min_length=0)
    gate.set()
    assert answer.summary == "She denies chest pain."
    assert answer.fallbacks == ("deadline",)


def test_chunks_no_model_came_to_read_are_counted(desk: Desk) -> None:
    gate = threading.Event()
    first = threading.Lock()

    class SlowAfterTheFirst(MemoryWriter):
        def generate(self, prompt: Prompt, **options: Any) -> Any:
            if not first.acquire(blocking=False):
                gate.wait(20)
            return super().generate(prompt, **options)

    desk.shelf = MemoryShelf([SlowAfterTheFirst(first_sentence)])
    desk.budget_s = 0.6
    answer = desk(LONG, model_name="writer", min_length=0)
    gate.set()
    assert answer.chunks_unread == answer.chunks - 1
    assert answer.fallbacks == ("deadline",)


def test_summaries_of_chunks_that_do_not_get_shorter_are_cut_and_it_is_said(desk: Desk) -> None:
    desk.shelf = MemoryShelf([MemoryWriter(lambda prompt: prompt.text)])
    answer = desk(LONG, model_name="writer", min_length=0)
    assert "shortened" in answer.fallbacks
    assert answer.chunks_unread == 0


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

"""Summaries a model writes: inventions dropped, what it leaves unread counted, its failures told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hntai.domain.audit import Outcome
from hntai.domain.errors import (
    InvalidRequestError,
    ModelFailedError,
)
from hntai.domain.generation import Finish, Prompt
from tests.memory.models import MemoryShelf, MemoryWriter, count_words
from tests.memory.summaries import LONG, Desk, writing

INVENTED = "She takes warfarin 5 mg daily."


@pytest.fixture
def desk() -> Iterator[Desk]:
    with ThreadPoolExecutor(8) as pool:
        yield Desk(pool)


def first_sentence(prompt: Prompt) -> str:
    return prompt.text.split(". ")[0].rstrip(".") + "."


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

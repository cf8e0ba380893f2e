"""Modes `hq` and `fast` in the state machine: written by a model, held to the record, else by rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hntai.domain.errors import ModelFailedError
from hntai.domain.generation import Prompt
from hntai.ports import ModelShelf
from tests.memory.models import MemoryShelf, MemoryWriter, copied
from tests.workflow.conftest import Run, Workflow

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.valkey,
    pytest.mark.aws,
    # moto's interpreter leaves its own boto3 connections to the garbage collector
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]
RULES = "hntai-rules@1"
MODEL = "writer@r1 (gguf)"


def run_with(workflow: Workflow, shelf: ModelShelf, **asked: object) -> Run:
    workflow.parts.__dict__["models"] = shelf
    return workflow.run(**asked)  # type: ignore[arg-type]


def failing(cause: str) -> Callable[[Prompt], str]:
    def write(_: Prompt) -> str:
        raise ModelFailedError(model="writer", cause=cause)

    return write


def test_hq_asks_the_model_once_for_each_section(workflow: Workflow) -> None:
    model = MemoryWriter(copied)
    run = run_with(workflow, MemoryShelf([model]), generation_mode="hq")
    answer = run.outcome.answer
    assert answer is not None
    assert len(model.prompts) == 4
    assert (answer["model_used"], answer["fallbacks"]) == (MODEL, [])
    assert all(said["references"] for said in answer["evidence"])


def test_fast_asks_the_model_once_for_all(workflow: Workflow) -> None:
    model = MemoryWriter(copied)
    run = run_with(workflow, MemoryShelf([model]), generation_mode="fast")
    answer = run.outcome.answer
    assert answer is not None
    assert len(model.prompts) == 1
    assert run.tries["generate_section/all"] == 1
    assert (answer["model_used"], answer["fallbacks"]) == (MODEL, [])
    assert answer["summary"].count("\n- ") > 8


def test_what_the_model_invents_is_counted_and_never_leaves(workflow: Workflow) -> None:
    invented = "\n- Ruptured spleen on 2026-01-01. [F1]\n- Takes Warfarin 5 mg daily. [F2]"
    run = run_with(
        workflow, MemoryShelf([MemoryWriter(lambda p: copied(p) + invented)]), generation_mode="hq"
    )
    answer = run.outcome.answer
    assert answer is not None
    assert answer["unsupported_removed"] >= 2
    assert "spleen" not in str(answer)
    assert "Warfarin" not in answer["summary"]


@pytest.mark.parametrize("mode", ["hq", "fast"])
@pytest.mark.parametrize("cause", ["missing", "crashed", "too_slow", "out_of_memory", "checksum"])
def test_a_model_that_fails_leaves_the_sections_to_the_rules(
    workflow: Workflow, mode: str, cause: str
) -> None:
    shelf = MemoryShelf([MemoryWriter(failing(cause))])
    by_rule = run_with(workflow, shelf, generation_mode="rule").outcome.answer
    run = run_with(workflow, shelf, generation_mode=mode)
    answer = run.outcome.answer
    assert run.status == "SUCCEEDED"
    assert answer is not None
    assert by_rule is not None
    assert answer["summary"] == by_rule["summary"]
    assert answer["fallbacks"] == [f"model_{cause}", "section_by_rule"]
    assert answer["model_used"] == RULES


def test_one_section_that_fails_falls_alone(workflow: Workflow) -> None:
    def write(prompt: Prompt) -> str:
        if "Plan & Suggested Actions" in prompt.instruction:
            raise ModelFailedError(model="writer", cause="crashed")
        return copied(prompt)

    answer = run_with(workflow, MemoryShelf([MemoryWriter(write)]), generation_mode="hq").outcome.answer
    assert answer is not None
    assert answer["fallbacks"] == ["model_crashed", "section_by_rule"]
    assert set(answer["model_used"].split(" + ")) == {MODEL, RULES}


@pytest.mark.parametrize(
    ("shelf", "asked"),
    [
        (MemoryShelf(), {}),
        (MemoryShelf([MemoryWriter(copied)]), {"patient_summarizer_model_name": "another-7b"}),
        (MemoryShelf([MemoryWriter(copied)]), {"patient_summarizer_model_type": "seq2seq"}),
        (MemoryShelf([MemoryWriter(copied)]), {"patient_summarizer_model_type": "no-such-type"}),
    ],
)
def test_a_model_that_is_not_baked_means_rules_and_is_said(
    workflow: Workflow, shelf: ModelShelf, asked: dict[str, str]
) -> None:
    answer = run_with(workflow, shelf, generation_mode="hq", **asked).outcome.answer
    assert answer is not None
    assert answer["fallbacks"] == ["model_not_baked"]
    assert answer["model_used"] == RULES


def test_a_section_function_that_dies_falls_to_the_rules(workflow: Workflow) -> None:
    def die(_: object) -> None:
        raise SystemError

    sections = ("clinical_assessment", "key_trends", "plan", "guidance")
    for section in sections:
        for attempt in range(1, 5):
            workflow.functions.hooks[f"generate_section/{section}", attempt] = lambda event: (
                die(event) if event["mode"] == "hq" else None
            )
    answer = run_with(workflow, MemoryShelf([MemoryWriter(copied)]), generation_mode="hq").outcome.answer
    assert answer is not None
    assert answer["fallbacks"] == ["section_by_rule"]
    assert answer["model_used"] == RULES

"""POST /api/generate_summary on the running stack."""

from __future__ import annotations

import json

import pytest

from tests.e2e.conftest import RunningStack, problem_of

pytestmark = pytest.mark.e2e

TEXT = (
    "Testpatient, Anna, is a 67-year-old woman with type 2 diabetes. She denies chest pain. HbA1c is 8.4 %. "
    "Metformin 500 mg twice daily is continued. "
    "The weather was discussed at some length. She returns in six weeks."
)
PATH = "/api/generate_summary"


def test_a_text_is_summarized_audited_and_kept(stack: RunningStack) -> None:
    before = len(stack.audit_rows())
    asked = {"text": TEXT, "max_length": 40, "min_length": 10}
    with stack.client("summarize") as client:
        first, again = client.post(PATH, json=asked).json(), client.post(PATH, json=asked).json()
    assert first["summary"] == again["summary"] != ""
    assert (first["cached"], again["cached"]) == (False, True)
    assert first["output_tokens"] <= 40
    assert first["model_type"] == "extractive"
    rows = stack.audit_rows()[before:]
    assert [(row["operation"], row["outcome"]) for row in rows] == [("summarize", "succeeded")] * 2


def test_half_a_million_characters_are_answered_in_time(stack: RunningStack) -> None:
    text = " ".join(TEXT.replace("67", str(number)) for number in range(1_900))[:500_000]
    with stack.client("summarize") as client:
        answer = client.post(PATH, json={"text": text}).json()
    assert answer["chunks"] > 20
    assert answer["output_tokens"] <= 150


def test_bad_requests_repeat_nothing(stack: RunningStack) -> None:
    with stack.client("summarize") as client:
        unknown = problem_of(
            client.post(PATH, json={"text": TEXT, "model_name": "gpt-secret"}), 422, "model-unknown"
        )
        problem_of(client.post(PATH, json={"text": "x" * 500_001}), 413, "text-too-long")
        problem_of(client.post(PATH, json={"text": TEXT, "max_length": 10, "min_length": 20}), 422)
        problem_of(client.post(PATH, json={"text": ""}), 422)
    assert unknown["models"]
    assert "secret" not in json.dumps(unknown)


def test_the_scope_is_asked_for(stack: RunningStack) -> None:
    with stack.client("scrub") as client:
        problem_of(client.post(PATH, json={"text": TEXT}), 403, "scope-missing")

"""POST /phi/scrub and its batch on the running stack: good calls, every bad one, nothing repeated back."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.conftest import (
    NOTE,
    RunningStack,
    alive,
    problem_of,
)

pytestmark = pytest.mark.e2e


def test_scrub_answers_the_example_of_the_specification(stack: RunningStack) -> None:
    before = len(stack.audit_rows())
    with stack.client("scrub") as client:
        answer = client.post("/phi/scrub", json=NOTE).json()
    assert answer["scrubbed_text"] == "Patient [REDACTED], SSN [REDACTED], diagnosed with diabetes."
    assert answer["phi_found"] == ["NAME", "SSN"]
    assert answer["redaction_count"] == 2
    found = [NOTE["text"][entity["start"] : entity["end"]] for entity in answer["entities"]]
    assert found == ["John Doe", "123-45-6789"]
    assert len(stack.audit_rows()) == before + 1
    assert stack.audit_rows()[-1] == {
        "operation": "scrub",
        "outcome": "succeeded",
        "actor": "e2e",
        "entity_counts": {"NAME": 1, "SSN": 1},
    }


def test_a_batch_answers_in_order_and_one_fails_alone(stack: RunningStack) -> None:
    documents = [
        {"id": "a", **NOTE},
        {"id": "b", "text": "x" * 500_001},
        {"id": "c", "text": "No identifiers."},
    ]
    before = len(stack.audit_rows())
    with stack.client("scrub") as client:
        results = client.post("/phi/scrub/batch", json={"documents": documents, "operator": "tag"}).json()[
            "results"
        ]
    assert [result["id"] for result in results] == ["a", "b", "c"]
    assert results[0]["scrubbed_text"].startswith("Patient [NAME], SSN [SSN]")
    assert results[1]["error"]["status"] == 413
    assert results[2]["redaction_count"] == 0
    assert len(stack.audit_rows()) == before + 2


def test_the_longest_text_allowed_is_answered_inside_the_apis_limit(stack: RunningStack) -> None:
    text = ("Seen by Dr. Testdoctor on 03/04/2024 for knee pain, MRN 00482913. " * 8000)[:500_000]
    with stack.client("scrub") as client:
        started = time.monotonic()
        answer = client.post("/phi/scrub", json={"text": text, "entities": False})
    assert answer.status_code == 200, answer.text[:300]
    assert time.monotonic() - started < 30
    assert "Testdoctor" not in answer.text


def test_one_character_more_is_a_413_that_names_the_limit(stack: RunningStack) -> None:
    with stack.client("scrub") as client:
        members = problem_of(client.post("/phi/scrub", json={"text": "x" * 500_001}), 413, "text-too-long")
    assert members["limit"] == 500_000


def test_an_event_of_six_megabytes_and_a_byte_is_a_413(stack: RunningStack) -> None:
    with stack.client("scrub") as client:
        response = client.post("/phi/scrub", content=b'{"text": "' + b"x" * (6 * 1024 * 1024) + b'"}')
        members = problem_of(response, 413)
    assert any("limit" in name for name in members)
    assert alive(stack)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"text": "Secretpatient"',
        b'{"text": NaN}',
        b'{"text": "a", "text": "Secretpatient"}',
        b'{"text": "\xff"}',
        rb'{"text": "\ud800"}',
        b'{"text": 7}',
        b'{"text": null}',
        b'["Secretpatient"]',
        b'"Secretpatient"',
        b'{"text": "x", "Secretpatient": 1}',
        b'{"text": "x", "operator": "Secretpatient"}',
        b'{"text": "x", "known": {"names": "Secretpatient"}}',
        b"[" * 50_000,
        b"",
    ],
)
def test_a_bad_body_is_a_clear_problem_without_an_echo(stack: RunningStack, body: bytes) -> None:
    with stack.client("scrub") as client:
        response = client.post("/phi/scrub", content=body, headers={"content-type": "application/json"})
    problem_of(response, response.status_code)
    assert response.status_code in (400, 422)
    assert alive(stack)


def test_an_idempotent_call_runs_once_and_is_audited_once(stack: RunningStack) -> None:
    headers = {"Idempotency-Key": f"key-{time.time()}"}
    before = len(stack.audit_rows())
    with stack.client("scrub") as client:
        first = client.post("/phi/scrub", json=NOTE, headers=headers)
        again = client.post("/phi/scrub", json=NOTE, headers=headers)
        other = client.post("/phi/scrub", json={"text": "another"}, headers=headers)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    problem_of(other, 422, "idempotency-key-reused")
    assert len(stack.audit_rows()) == before + 1


def test_overlapping_calls_with_one_key_run_once(stack: RunningStack) -> None:
    headers = {"Idempotency-Key": f"overlap-{time.time()}"}
    before = len(stack.audit_rows())
    with stack.client("scrub") as client, ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: client.post("/phi/scrub", json=NOTE, headers=headers), range(6)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.json()["audit_id"] for answer in answers if answer.status_code == 200}) == 1
    assert len(stack.audit_rows()) == before + 1


def test_overlapping_calls_are_all_answered(stack: RunningStack) -> None:
    with stack.client("scrub") as client, ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: client.post("/phi/scrub", json=NOTE), range(60)))
    assert {answer.status_code for answer in answers} == {200}

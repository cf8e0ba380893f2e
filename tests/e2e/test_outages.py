"""Services that die under the running stack: clear answers meanwhile, and well again by itself."""

from __future__ import annotations

import os
import signal
import time

import httpx
import pytest

from hntai.adapters.postgres import BREAKER_OPEN_S
from tests.e2e.conftest import RunningStack, summary_request

pytestmark = pytest.mark.e2e
NOTE = {"text": "Patient John Doe, SSN 123-45-6789, diagnosed with diabetes."}


def kill(stack: RunningStack, name: str) -> None:
    os.kill(stack.facts["processes"][name], signal.SIGKILL)
    time.sleep(0.3)


def test_without_postgresql_work_that_needs_it_is_a_503_and_comes_back(stack: RunningStack) -> None:
    before = len(stack.audit_rows())
    kill(stack, "PostgreSQL")
    with stack.client() as client:
        started = time.monotonic()
        refused = client.post("/generate_patient_summary", json=summary_request())
        assert time.monotonic() - started < 5
        assert (refused.status_code, refused.json()["type"]) == (
            503,
            "urn:hntai:problem:database-unavailable",
        )
        keyed = client.post("/phi/scrub", json=NOTE, headers={"Idempotency-Key": f"k-{time.time()}"})
        assert keyed.status_code == 503
        ready = client.get("/ready")
        assert (ready.status_code, ready.json()["parts"]["postgresql"]) == (503, "not ready")
        started = time.monotonic()
        queued = client.post("/phi/scrub", json=NOTE)
        assert time.monotonic() - started < 5
    assert queued.status_code == 200
    stack.wait_until_ready()
    with stack.client() as client:
        answer = client.post("/generate_patient_summary", json=summary_request())
        if (
            answer.status_code == 503
        ):  # an environment that was refused asks the database again after a second
            time.sleep(BREAKER_OPEN_S)
            answer = client.post("/generate_patient_summary", json=summary_request())
        assert answer.status_code == 200, answer.text
    deadline = time.monotonic() + 30
    while len(stack.audit_rows()) < before + 2:
        assert time.monotonic() < deadline, "the queued row was not drained"
        time.sleep(0.3)
    assert "holds" in stack.administer("audit", "verify").stdout


def test_without_valkey_answers_go_on(stack: RunningStack) -> None:
    kill(stack, "Valkey")
    with stack.client() as client:
        assert client.post("/phi/scrub", json=NOTE).status_code == 200
        answer = client.post("/generate_patient_summary", json=summary_request())
        assert answer.status_code == 200, answer.text
    stack.wait_until_ready()


def test_a_stream_without_valkey_still_ends_with_the_answer(stack: RunningStack) -> None:
    kill(stack, "Valkey")
    url = "/generate_patient_summary?stream=true"
    with (
        stack.client(base="stream_url") as client,
        client.stream("POST", url, json=summary_request()) as answer,
    ):
        lines = list(answer.iter_lines())
    told = answer.status_code, [line[:300] for line in lines]
    assert any(line == "event: complete" for line in lines), told
    stack.wait_until_ready()


def test_the_audit_holds_after_all_of_it(stack: RunningStack) -> None:
    assert httpx.get(f"{stack.facts['api_url']}/live", timeout=10).status_code == 200
    assert "the audit chain holds" in stack.administer("audit", "verify").stdout

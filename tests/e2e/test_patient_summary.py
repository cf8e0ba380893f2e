"""POST /generate_patient_summary on the running stack, with an EHR that goes wrong in every way."""

from __future__ import annotations

import json
import time

import pytest

from hntai_local.state_dir import PROJECT_ROOT
from tests.e2e.conftest import (
    SECRET_WORD,
    Fault,
    RunningStack,
    alive,
    patient_id,
    problem_of,
    summary_request,
)

pytestmark = pytest.mark.e2e

HEADINGS = [
    "## Clinical Assessment",
    "## Key Trends & Changes",
    "## Plan & Suggested Actions",
    "## Direct Guidance for Physician",
]


WRITERS = ("qwen2.5-coder-1.5b", "phi-3-mini-4k")
"""Where one is baked beside this checkout it takes minutes over a summary; then the rules are asked."""


def test_a_summary_has_its_headings_evidence_and_no_identifier(stack: RunningStack) -> None:
    is_baked = any((PROJECT_ROOT / ".models" / name / "baked.json").is_file() for name in WRITERS)
    asked = summary_request(generation_mode="rule" if is_baked else "hq")
    with stack.client("patient-summary") as client:
        answer = client.post("/generate_patient_summary", json=asked).json()
    assert [line for line in answer["summary"].splitlines() if line.startswith("## ")] == HEADINGS
    assert set(answer) == {
        "summary",
        "baseline",
        "delta",
        "timing",
        "model_used",
        "timeout_mode_used",
        "evidence",
        "warnings",
        "fallbacks",
        "unsupported_removed",
        "job_id",
    }
    assert set(answer["timing"]) == {"ehr_api", "generation", "total"}
    assert answer["fallbacks"] == ([] if is_baked else ["model_not_baked"])
    assert answer["evidence"]
    assert all(entry["references"] for entry in answer["evidence"])
    text = json.dumps(answer)
    for word in ("Testpatient", "Placeholder", "617", patient_id(0)):
        assert word not in text


def test_a_finished_job_is_read_by_its_owner_and_is_nothing_to_anyone_else(stack: RunningStack) -> None:
    with stack.client("patient-summary", subject="owner") as owner:
        answer = owner.post("/generate_patient_summary", json=summary_request())
        job = owner.get(f"/jobs/{answer.json()['job_id']}").json()
    assert (job["state"], job["result"]) == ("succeeded", answer.json())
    with stack.client("patient-summary", subject="stranger") as stranger:
        problem_of(stranger.get(f"/jobs/{job['job_id']}"), 404, "unknown-resource")


def test_streaming_on_the_api_names_the_url_that_streams(stack: RunningStack) -> None:
    with stack.client("patient-summary") as client:
        response = client.post("/generate_patient_summary?stream=true", json=summary_request())
        members = problem_of(response, 400, "streaming-elsewhere")
    assert members["stream_url"] == stack.facts["stream_url"]


@pytest.mark.parametrize(
    ("fault", "status", "slug", "within_s"),
    [
        (Fault(status=503), 502, "ehr-unavailable", 15),
        (Fault(break_off=True), 502, "ehr-unavailable", 15),
        (Fault(wrong_content_type=True), 502, "ehr-answer-invalid", 10),
        (Fault(status=401), 502, "ehr-refused", 10),
        (Fault(delay_s=20), 504, "ehr-timeout", 15),
    ],
)
def test_an_ehr_gone_wrong_is_a_clear_problem_in_its_time(
    stack: RunningStack, fault: Fault, status: int, slug: str, within_s: float
) -> None:
    stack.ehr.faults[patient_id(2)] = fault
    started = time.monotonic()
    with stack.client("patient-summary") as client:
        members = problem_of(client.post("/generate_patient_summary", json=summary_request(2)), status, slug)
    assert time.monotonic() - started < within_s
    assert patient_id(2) not in json.dumps(members)
    assert alive(stack)


def test_an_unknown_patient_is_a_404_without_his_id(stack: RunningStack) -> None:
    with stack.client("patient-summary") as client:
        response = client.post("/generate_patient_summary", json=summary_request(patientid=SECRET_WORD))
    problem_of(response, 404, "ehr-patient-unknown")


def test_a_run_longer_than_the_wait_is_a_job(stack: RunningStack) -> None:
    stack.ehr.faults[patient_id(1)] = Fault(delay_s=27, times=1)
    with stack.client("patient-summary") as client:
        response = client.post("/generate_patient_summary", json=summary_request(1, timeout_mode="extended"))
        assert response.status_code == 202, response.text
        place = response.headers["location"]
        assert response.json()["state"] in ("queued", "running")
        deadline = time.monotonic() + 20
        while (job := client.get(place).json())["state"] not in ("succeeded", "failed"):
            assert time.monotonic() < deadline
            time.sleep(0.3)
    assert job["state"] == "succeeded"
    assert job["result"]["summary"].startswith(HEADINGS[0])

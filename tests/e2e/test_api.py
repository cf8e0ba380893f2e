"""The running stack over HTTP: good calls, every bad one, and nothing repeated back."""

from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import jwt
import pytest

from hntai_local.token import make_token, signing_secret
from tests.e2e.conftest import Fault, RunningStack, patient_id, summary_request

pytestmark = pytest.mark.e2e

NOTE = {"text": "Patient John Doe, SSN 123-45-6789, diagnosed with diabetes."}
SECRET_WORD = "Secretpatient"
HEADINGS = [
    "## Clinical Assessment",
    "## Key Trends & Changes",
    "## Plan & Suggested Actions",
    "## Direct Guidance for Physician",
]


def problem_of(response: httpx.Response, status: int, slug: str | None = None) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    members: dict[str, Any] = response.json()
    assert {"type", "title", "status", "instance"} <= set(members)
    assert slug is None or members["type"] == f"urn:hntai:problem:{slug}"
    assert SECRET_WORD not in response.text
    return members


def alive(stack: RunningStack) -> bool:
    return httpx.get(f"{stack.facts['api_url']}/live", timeout=10).status_code == 200


# -- scrub


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


# -- identity


def forged(stack: RunningStack) -> dict[str, str]:
    secret = signing_secret(stack.environment, stack.state)
    body = {"sub": "eve", "exp": time.time() + 60, "aud": "hntai", "iss": "hntai", "scope": "scrub"}
    none = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none", "typ": "JWT"}, body)
    )
    return {
        "none": none + ".",
        "another secret": jwt.encode(body, "x" * 48, "HS256"),
        "another algorithm": jwt.encode(body, secret + secret, "HS512"),
        "expired": jwt.encode({**body, "exp": time.time() - 1}, secret, "HS256"),
        "another audience": jwt.encode({**body, "aud": "other"}, secret, "HS256"),
        "another issuer": jwt.encode({**body, "iss": "other"}, secret, "HS256"),
        "no subject": jwt.encode({k: v for k, v in body.items() if k != "sub"}, secret, "HS256"),
        "no end": jwt.encode({k: v for k, v in body.items() if k != "exp"}, secret, "HS256"),
        "garbage": "a.b.c",
        "empty": "-",
    }


@pytest.mark.parametrize(
    "kind",
    [
        "none",
        "another secret",
        "another algorithm",
        "expired",
        "another audience",
        "another issuer",
        "no subject",
        "no end",
        "garbage",
        "empty",
    ],
)
def test_a_forged_or_stale_token_is_a_401_and_leaves_no_row(stack: RunningStack, kind: str) -> None:
    before = len(stack.audit_rows())
    headers = {"Authorization": f"Bearer {forged(stack)[kind]}"}
    response = httpx.post(f"{stack.facts['api_url']}/phi/scrub", json=NOTE, headers=headers, timeout=20)
    problem_of(response, 401, "unauthenticated")
    assert len(stack.audit_rows()) == before


def test_without_a_token_it_is_a_401_on_every_guarded_route(stack: RunningStack) -> None:
    job = "00000000-0000-4000-8000-000000000001"
    for base, method, path in (
        ("api_url", "POST", "/phi/scrub"),
        ("api_url", "POST", "/phi/scrub/batch"),
        ("api_url", "POST", "/generate_patient_summary"),
        ("api_url", "GET", f"/jobs/{job}"),
        ("api_url", "GET", f"/jobs/{job}/events"),
        ("api_url", "GET", "/metrics"),
        ("stream_url", "POST", "/generate_patient_summary?stream=true"),
        ("stream_url", "GET", f"/jobs/{job}/events"),
    ):
        response = httpx.request(
            method, stack.facts[base] + path, json=NOTE if method == "POST" else None, timeout=20
        )
        problem_of(response, 401, "unauthenticated")


def test_the_right_identity_with_the_wrong_scope_is_a_403(stack: RunningStack) -> None:
    with stack.client("metrics") as client:
        problem_of(client.post("/phi/scrub", json=NOTE), 403, "scope-missing")
        problem_of(client.post("/generate_patient_summary", json=summary_request()), 403, "scope-missing")
    with stack.client("scrub") as client:
        problem_of(client.get("/metrics"), 403, "scope-missing")


def test_a_token_of_the_command_line_is_good(stack: RunningStack) -> None:
    secret = signing_secret(stack.environment, stack.state)
    token = make_token(secret, subject="x", scopes=("scrub",), ttl_s=60)
    headers = {"Authorization": f"Bearer {token}"}
    assert (
        httpx.post(f"{stack.facts['api_url']}/phi/scrub", json=NOTE, headers=headers, timeout=20).status_code
        == 200
    )


# -- patient summary


def test_a_summary_has_its_headings_evidence_and_no_identifier(stack: RunningStack) -> None:
    with stack.client("patient-summary") as client:
        answer = client.post("/generate_patient_summary", json=summary_request(generation_mode="hq")).json()
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
    assert answer["fallbacks"] == ["model_not_baked"]
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


# -- the rest of the house


def test_health_docs_and_metrics(stack: RunningStack) -> None:
    base = stack.facts["api_url"]
    assert httpx.get(f"{base}/ready", timeout=20).json()["parts"] == {"postgresql": "ready", "redis": "ready"}
    assert "/phi/scrub" in httpx.get(f"{base}/openapi.json", timeout=20).json()["paths"]
    assert "<h1>" in httpx.get(f"{base}/docs", timeout=20).text
    with stack.client("metrics") as client:
        text = client.get("/metrics").text
    assert 'hntai_requests_total{function="scrub",route="/phi/scrub",status="200"}' in text
    assert 'hntai_request_seconds_bucket{function="scrub",route="/phi/scrub",le="+Inf"}' in text


def test_unknown_paths_and_methods_are_problems(stack: RunningStack) -> None:
    with stack.client() as client:
        problem_of(client.get(f"/{SECRET_WORD}"), 404)
        problem_of(client.get("/phi/scrub"), 405)


def test_a_browser_from_an_allowed_origin_may_call(stack: RunningStack) -> None:
    asked = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    for base, path in (("api_url", "/phi/scrub"), ("stream_url", "/generate_patient_summary")):
        answer = httpx.options(stack.facts[base] + path, headers=asked, timeout=20)
        assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
        stranger = httpx.options(
            stack.facts[base] + path, headers={**asked, "Origin": "http://evil.example"}, timeout=20
        )
        assert "access-control-allow-origin" not in stranger.headers


def test_no_log_holds_a_word_of_any_request(stack: RunningStack) -> None:
    with stack.client() as client:
        client.post("/phi/scrub", json={"text": f"Mr. {SECRET_WORD} called"})
        client.post("/phi/scrub", content=b'{"text": "' + SECRET_WORD.encode())
        client.get(f"/jobs/{SECRET_WORD}")
        client.post("/generate_patient_summary", json=summary_request())
    logs = stack.logs()
    assert "request_finished" in logs
    for word in (SECRET_WORD, "John Doe", "Testpatient", patient_id(0), "demo-ehr-token"):
        assert word not in logs

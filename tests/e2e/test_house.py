"""Health, documentation, metrics, origins and logs of the running stack."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.conftest import (
    NOTE,
    SECRET_WORD,
    RunningStack,
    patient_id,
    problem_of,
    summary_request,
)

pytestmark = pytest.mark.e2e


def test_health_docs_and_metrics(stack: RunningStack) -> None:
    base = stack.facts["api_url"]
    with stack.client("scrub") as client:
        assert client.post("/phi/scrub", json=NOTE).status_code == 200
    parts = httpx.get(f"{base}/ready", timeout=20).json()["parts"]
    assert parts == {"postgresql": "ready", "redis": "ready", "models": "ready"}
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

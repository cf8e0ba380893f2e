"""Every door in one process, beside the running stack's services: what a plain container runs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN
from hntai_local.ports_check import free_port
from hntai_local.state_dir import PROJECT_ROOT
from tests.e2e.conftest import RunningStack

pytestmark = pytest.mark.e2e
OF_AWS = (
    "HNTAI_STATE_MACHINE_ARN",
    "HNTAI_TRANSCRIPTION_MACHINE_ARN",
    "HNTAI_DOCUMENT_MACHINE_ARN",
    "HNTAI_RUN_EVENTS_FUNCTION",
)
ASKED = {"patientid": "demo-1", "token": DEMO_TOKEN, "key": DEMO_KEY, "generation_mode": "rule"}


@pytest.fixture(scope="module")
def doors(stack: RunningStack) -> Iterator[httpx.Client]:
    environment = {name: value for name, value in stack.facts["environment"].items() if name not in OF_AWS}
    port = free_port()
    words = [sys.executable, "-m", "uvicorn", "functions.all.app:app", "--port", str(port)]
    process = subprocess.Popen([*words, "--log-level", "warning"], env=environment, cwd=PROJECT_ROOT)
    headers = {"Authorization": f"Bearer {stack.token()}"}
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
            _wait(process, client)
            yield client
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the process ended"
        try:
            if client.get("/live").status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError("nothing answered")


def test_every_door_is_there_and_asks_who_comes(doors: httpx.Client) -> None:
    for path in ("/phi/scrub", "/api/generate_summary", "/extract_medical_data", "/upload", "/transcribe"):
        refused = doors.post(path, headers={"Authorization": "Bearer none"}, json={"text": "x"})
        assert (path, refused.status_code) == (path, 401)
    assert doors.get("/ready").status_code == 200
    assert doors.get("/no-such-door").status_code == 404
    assert doors.get("/phi/scrub").status_code == 405


def test_text_is_scrubbed(doors: httpx.Client) -> None:
    answer = doors.post("/phi/scrub", json={"text": "Patient John Doe, SSN 123-45-6789."})
    assert answer.json()["scrubbed_text"] == "Patient [REDACTED], SSN [REDACTED]."


def test_a_summary_is_run_by_the_same_state_machine_here(doors: httpx.Client) -> None:
    answer = doors.post("/generate_patient_summary", json=ASKED)
    assert answer.status_code == 200
    assert answer.json()["summary"].startswith("## Clinical Assessment")
    assert doors.get(f"/jobs/{answer.json()['job_id']}").json()["state"] == "succeeded"


def test_a_summary_is_streamed_on_the_same_port(doors: httpx.Client) -> None:
    with doors.stream("POST", "/generate_patient_summary?stream=true", json=ASKED) as answer:
        lines = [line for line in answer.iter_lines() if line.startswith("data: ")]
    kinds = [json.loads(line.removeprefix("data: "))["type"] for line in lines]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert kinds[0] == "progress"
    assert kinds[-1] == "complete"


def test_a_run_that_fails_says_so(doors: httpx.Client) -> None:
    answer = doors.post("/generate_patient_summary", json={**ASKED, "patientid": "nobody-there"})
    assert answer.status_code in (404, 502, 503)
    assert answer.headers["content-type"] == "application/problem+json"

"""A bulk on the running stack, from an operator's terminal: told, started, resumed, handed out."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import httpx
import pytest

from hntai_local.fhir_server import DEMO_TOKEN
from tests.e2e.conftest import RunningStack, patient_id, summary_request
from tests.other_patients import another_patient

pytestmark = pytest.mark.e2e
LATE = "Qzlate-1"


def wait_for_end(stack: RunningStack, bulk_id: str) -> str:
    deadline = time.monotonic() + 90
    while True:
        shown = stack.administer("bulk", "show", bulk_id).stdout
        if shown.startswith("has ended"):
            return shown
        assert time.monotonic() < deadline, shown
        time.sleep(0.5)


def test_a_manifest_becomes_summaries_and_what_failed_is_done_later(
    stack: RunningStack, tmp_path: Path
) -> None:
    with stack.client() as client:
        assert client.post("/generate_patient_summary", json=summary_request()).status_code == 200
    patients = [patient_id(0), LATE, patient_id(1), patient_id(2)]
    manifest = tmp_path / "patients.jsonl"
    manifest.write_text("".join(json.dumps({"patientid": one}) + "\n" for one in patients))
    words = ("--batch-rows", "2", "--concurrency", "2", "--requests-per-s", "20")
    told = stack.administer("bulk", "estimate", str(manifest), *words)
    assert re.search(r"^4 patients: \d+\.\d\d hours, \d+\.\d\d dollars", told.stdout), told.stderr
    refused = stack.administer("bulk", "start", str(manifest), *words)
    assert (refused.returncode, refused.stdout) == (1, "")
    started = stack.administer("bulk", "start", str(manifest), *words, "--yes")
    assert started.returncode == 0, started.stderr
    bulk_id = started.stdout.strip()
    assert stack.administer("bulk", "resume", bulk_id, "--yes").returncode == 1, "it still runs"
    assert "3 succeeded, 1 failed, 0 pending" in wait_for_end(stack, bulk_id)
    headers = {"Authorization": f"Bearer {DEMO_TOKEN}"}
    httpx.post(stack.ehr.url, json=another_patient(LATE), headers=headers).raise_for_status()
    assert stack.administer("bulk", "resume", bulk_id, "--yes").stdout == "attempt 2 runs\n"
    assert "4 succeeded, 0 failed, 0 pending" in wait_for_end(stack, bulk_id)
    file = tmp_path / "results.jsonl"
    assert stack.administer("bulk", "results", bulk_id, str(file)).stdout == "4 lines written\n"
    assert file.stat().st_mode & 0o777 == 0o600
    lines = {line["row"]: line for line in map(json.loads, file.read_text("utf-8").splitlines())}
    assert [lines[row]["patientid"] for row in range(4)] == patients
    assert all(lines[row]["answer"]["summary"].startswith("## Clinical") for row in range(4))
    assert stack.administer("bulk", "results", bulk_id, str(file)).returncode == 1, "no file is written over"
    acts = [row["operation"] for row in stack.audit_rows()]
    assert acts.count("bulk_started") == 2
    assert acts.count("bulk_results_read") >= 1
    shown = stack.administer("runs", "list").stdout + stack.administer("runs", "show", "--events").stdout
    assert LATE not in shown + told.stdout + started.stderr + stack.logs()

"""python -m hntai on the running stack, as an operator uses it."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.e2e.conftest import NOTE, RunningStack, patient_id, summary_request

pytestmark = pytest.mark.e2e


def test_a_key_opens_the_api_until_it_is_revoked(stack: RunningStack) -> None:
    made = stack.administer("keys", "create", "--sub", "integration", "--scopes", "scrub")
    assert made.returncode == 0, made.stderr
    key = made.stdout.strip()

    def answered() -> int:
        url, headers = f"{stack.facts['api_url']}/phi/scrub", {"x-api-key": key}
        return httpx.post(url, json=NOTE, headers=headers, timeout=40).status_code

    assert answered() == 200
    assert stack.administer("keys", "revoke", key.split("_")[1]).returncode == 0
    assert answered() == 401
    acts = [row["operation"] for row in stack.audit_rows() if row["operation"].startswith("api_key")]
    assert acts == ["api_key_issued", "api_key_revoked"]


def test_the_newest_run_is_shown_state_by_state_without_its_patient(stack: RunningStack) -> None:
    with stack.client() as client:
        job_id = client.post("/generate_patient_summary", json=summary_request()).json()["job_id"]
    assert job_id in stack.administer("runs", "list").stdout
    shown = stack.administer("runs", "show").stdout
    assert shown.startswith(f"run {job_id} of patient-summary: SUCCEEDED")
    lines = {line.split()[2]: line for line in shown.splitlines()[2:]}
    assert list(lines)[:3] == ["FetchRecord", "AreDocumentsAdded", "BuildChart"]
    assert re.search(r'\d\.\d{3} s +1 +ok +\{"resources":\d+', lines["FetchRecord"])
    assert patient_id(0) not in shown + stack.administer("runs", "show", "--events").stdout


def test_the_audit_holds_and_nothing_waits(stack: RunningStack) -> None:
    verified = stack.administer("audit", "verify")
    assert (verified.returncode, "the audit chain holds" in verified.stdout) == (0, True)
    assert stack.administer("audit", "drain").returncode == 0

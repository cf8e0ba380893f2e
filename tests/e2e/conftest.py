"""The running stack, started as a user would start it, with an EHR of the tests' own that can go wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg
import pytest

from hntai_local.demo_patients import demo_bundles
from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN, FhirServer
from hntai_local.fhir_server_faults import Fault
from hntai_local.ports_check import free_port
from hntai_local.state_dir import PROJECT_ROOT, StateDir
from hntai_local.token import ALL_SCOPES, make_token, signing_secret

REVIVE_AFTER_S = 4
"""Long enough to see what is answered while PostgreSQL or Valkey is gone."""


@dataclass
class RunningStack:
    """Addresses, tokens and what the stack wrote."""

    process: subprocess.Popen[bytes]
    state: StateDir
    environment: dict[str, str]
    ehr: FhirServer

    @property
    def facts(self) -> dict[str, Any]:
        facts = self.state.read_stack()
        assert facts is not None
        return facts

    def token(self, *scopes: str, subject: str = "e2e", ttl_s: int = 600) -> str:
        secret = signing_secret(self.environment, self.state)
        return make_token(secret, subject=subject, scopes=scopes or ALL_SCOPES, ttl_s=ttl_s)

    def client(self, *scopes: str, subject: str = "e2e", base: str = "api_url") -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token(*scopes, subject=subject)}"}
        return httpx.Client(base_url=self.facts[base], headers=headers, timeout=40)

    def wait_until_ready(self, timeout_s: float = 60) -> None:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the stack ended"
            try:
                if httpx.get(f"{self.facts['api_url']}/ready", timeout=10).status_code == 200:
                    return
            except (httpx.HTTPError, AssertionError):
                pass
            time.sleep(0.2)
        raise AssertionError("the stack did not become ready")

    def audit_rows(self) -> list[dict[str, Any]]:
        with psycopg.connect(self.facts["admin_database_url"]) as connection:
            query = "SELECT operation, outcome, actor, entity_counts FROM phi_audit_log ORDER BY recorded_at"
            names = ("operation", "outcome", "actor", "entity_counts")
            return [dict(zip(names, row, strict=True)) for row in connection.execute(query).fetchall()]

    def administer(self, *words: str) -> subprocess.CompletedProcess[str]:
        """python -m hntai, on this stack."""
        command = [sys.executable, "-m", "hntai", "--settings", str(self.state.settings_file), *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )

    def logs(self) -> str:
        return "".join(path.read_text("utf-8", "replace") for path in self.state.logs.iterdir())


@pytest.fixture(scope="session")
def stack() -> Iterator[RunningStack]:
    ehr = FhirServer()
    ehr.start()
    for bundle in demo_bundles():
        httpx.post(ehr.url, json=bundle, headers={"Authorization": f"Bearer {DEMO_TOKEN}"}).raise_for_status()
    with TemporaryDirectory(prefix="hntai-e2e-", ignore_cleanup_errors=True) as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("HNTAI_", "AWS_"))},
            "PYTHONPATH": f"{PROJECT_ROOT / 'shared'}:{PROJECT_ROOT}",
            "HNTAI_PORT": str(free_port()),
            "HNTAI_STREAM_PORT": str(free_port()),
            "HNTAI_AWS_PORT": str(free_port()),
            "HNTAI_STATE_DIR": folder,
            "HNTAI_REVIVE_AFTER_S": str(REVIVE_AFTER_S),
            "EHR_BASE_URL": ehr.url,
        }
        words = [sys.executable, "-m", "hntai_local", "run"]
        log = Path(folder) / "stack.log"
        with log.open("wb") as sink:
            process = subprocess.Popen(words, env=environment, cwd=PROJECT_ROOT, stdout=sink, stderr=sink)
        running = RunningStack(process, StateDir.for_environment(environment), environment, ehr)
        try:
            running.wait_until_ready()
            yield running
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
            print(log.read_text("utf-8", "replace")[-3000:], file=sys.stderr)
    ehr.close()


@pytest.fixture(autouse=True)
def ehr_is_well(stack: RunningStack) -> Iterator[None]:
    yield
    stack.ehr.faults.clear()
    stack.ehr.fault_counts.clear()


def patient_id(place: int) -> str:
    entries = demo_bundles()[place]["entry"]
    return str(next(e["resource"]["id"] for e in entries if e["resource"]["resourceType"] == "Patient"))


def summary_request(place: int = 0, **changes: Any) -> dict[str, Any]:
    asked = {"patientid": patient_id(place), "token": DEMO_TOKEN, "key": DEMO_KEY, "generation_mode": "rule"}
    return {**asked, **changes}


def sse_events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Events of a stream as they come: id, event and the parsed data."""
    event: dict[str, Any] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            event[name] = json.loads(value) if name == "data" else value
        elif event:
            yield event
            event = {}


NOTE = {"text": "Patient John Doe, SSN 123-45-6789, diagnosed with diabetes."}
SECRET_WORD = "Secretpatient"


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


__all__ = [
    "NOTE",
    "SECRET_WORD",
    "Fault",
    "RunningStack",
    "alive",
    "patient_id",
    "problem_of",
    "sse_events",
    "summary_request",
]

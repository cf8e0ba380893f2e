"""The local stack in a folder and on ports of its own, for what measures or compares against it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN
from hntai_local.ports_check import free_port
from hntai_local.state_dir import PROJECT_ROOT, StateDir
from hntai_local.token import ALL_SCOPES, make_token, signing_secret

_OWN_PLACES = ("PATH", "PYTHONPATH", "HNTAI_MODELS_DIR", "HNTAI_STATE_DIR")
"""Of the local functions' environment; an image has its own."""
_READY_WITHIN_S = 120.0
_ENDED_WITHIN_S = 120.0
PATIENT = "demo-1"


class LocalStack:
    """`make run` in a folder and on ports of its own, in `with`."""

    def __init__(self, folder: Path) -> None:
        """folder: its state; it stays."""
        self.state = StateDir(folder)
        ports = {name: str(free_port()) for name in ("HNTAI_PORT", "HNTAI_STREAM_PORT", "HNTAI_AWS_PORT")}
        self._environment = {
            **os.environ,
            **ports,
            "HNTAI_STATE_DIR": str(folder),
            "PYTHONPATH": os.pathsep.join((str(PROJECT_ROOT / "shared"), str(PROJECT_ROOT))),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.state.make()
        with (self.state.path / "run.log").open("wb") as log:
            words = [sys.executable, "-m", "hntai_local", "run"]
            self._process = subprocess.Popen(
                words, env=self._environment, cwd=PROJECT_ROOT, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + _READY_WITHIN_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__(None, None, None)
                raise RuntimeError(f"the local stack did not start: {self.state.path / 'run.log'}")
            time.sleep(0.3)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=60)

    @property
    def facts(self) -> dict[str, Any]:
        return self.state.read_stack() or {}

    @property
    def sockets(self) -> Path:
        """PostgreSQL's; open to the account that owns it alone."""
        return self.state.postgres

    @property
    def container_environment(self) -> dict[str, str]:
        """The functions' settings as an image needs them: `localhost` leads to both loopbacks there."""
        facts: dict[str, str] = self.facts["environment"]
        return {
            name: value.replace("127.0.0.1", "localhost")
            for name, value in facts.items()
            if name not in _OWN_PLACES
        }

    def token(self) -> str:
        """Good for every door, for an hour."""
        secret = signing_secret(self._environment, self.state)
        return make_token(secret, subject="images", scopes=ALL_SCOPES, ttl_s=3600)

    def invoke(self, function: str, payload: bytes) -> bytes:
        """What the function answers here, without an image."""
        url = f"{self.facts['aws_url']}/2015-03-31/functions/{function}/invocations"
        answer = httpx.post(url, content=payload, timeout=330)
        answer.raise_for_status()
        return answer.content

    def finished_run(self) -> str:
        """The job of a patient summary that ended."""
        body = {"patientid": PATIENT, "token": DEMO_TOKEN, "key": DEMO_KEY, "generation_mode": "rule"}
        headers = {"Authorization": f"Bearer {self.token()}"}
        answer = httpx.post(
            f"{self.facts['api_url']}/generate_patient_summary", json=body, headers=headers, timeout=40
        )
        job = answer.json()["job_id"]
        deadline = time.monotonic() + _ENDED_WITHIN_S
        while time.monotonic() < deadline:
            state = httpx.get(f"{self.facts['api_url']}/jobs/{job}", headers=headers, timeout=40).json()
            if state["state"] in ("succeeded", "failed"):
                return str(job)
            time.sleep(0.5)
        raise RuntimeError("a summary of the demo record did not end")

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.facts['api_url']}/ready", timeout=10).status_code == 200
        except (httpx.HTTPError, KeyError):
            return False

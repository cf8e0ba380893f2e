"""The whole local stack as its user has it: a command, signals, and what is left afterwards."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from hntai_local.ports_check import free_port
from hntai_local.state_dir import PROJECT_ROOT

pytestmark = pytest.mark.e2e

START_S = 60.0


@dataclass(slots=True)
class Running:
    """A stack started by its command."""

    process: subprocess.Popen[bytes]
    state: Path
    output: Path

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.state / "stack.json").read_text())
        return found

    def wait_for(self, words: str) -> None:
        until = time.monotonic() + START_S
        while words not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.05)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    names = ("HNTAI_PORT", "HNTAI_STREAM_PORT", "HNTAI_AWS_PORT")
    ports = {name: str(free_port()) for name in names}
    path = os.pathsep.join(filter(None, (str(PROJECT_ROOT / "shared"), os.environ.get("PYTHONPATH", ""))))
    state = {"HNTAI_STATE_DIR": str(tmp_path / "state"), "HNTAI_REVIVE_AFTER_S": "1"}
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": path, **ports, **state}


@pytest.fixture
def started(environment: dict[str, str], tmp_path: Path) -> Iterator[list[Running]]:
    """Every stack a test started; those still there are killed."""
    stacks: list[Running] = []
    yield stacks
    for stack in stacks:
        with suppress(ProcessLookupError):
            stack.process.kill()
        stack.process.wait()


def start(environment: dict[str, str], started: list[Running], tmp_path: Path) -> Running:
    output = tmp_path / f"output-{len(started)}"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "hntai_local", "run"], env=environment, stderr=sink, stdout=sink
        )
    stack = Running(process, Path(environment["HNTAI_STATE_DIR"]), output)
    started.append(stack)
    return stack


def descendants(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return list(psutil.Process(process.pid).children(recursive=True))


def assert_gone(processes: list[psutil.Process], within_s: float) -> None:
    until = time.monotonic() + within_s
    while True:
        left = []
        for process in processes:
            with suppress(psutil.Error):
                if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                    left.append(process)
        if not left:
            return
        assert time.monotonic() < until, left
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_part_and_says_so(
    environment: dict[str, str], started: list[Running], tmp_path: Path, number: signal.Signals
) -> None:
    stack = start(environment, started, tmp_path)
    stack.wait_for("HNTAI is ready")
    children = descendants(stack.process)
    assert len(children) >= 8

    assert stack.end(number) == 0

    assert_gone(children, 1.0)
    for part in ("HTTP API", "streaming URL", "AWS endpoint", "FHIR server", "PostgreSQL", "Valkey"):
        assert f"{part} stopped" in stack.said
    assert not (stack.state / "stack.json").exists()


def test_a_killed_stack_leaves_no_process_and_the_next_start_works(
    environment: dict[str, str], started: list[Running], tmp_path: Path
) -> None:
    first = start(environment, started, tmp_path)
    first.wait_for("HNTAI is ready")
    children = descendants(first.process)

    first.end(signal.SIGKILL)

    assert_gone(children, 5.0)
    second = start(environment, started, tmp_path)
    second.wait_for("HNTAI is ready")
    assert httpx.get(f"{second.facts['api_url']}/live", timeout=30).status_code == 200
    assert second.end(signal.SIGTERM) == 0


def test_a_stop_before_it_is_ready_leaves_nothing(
    environment: dict[str, str], started: list[Running], tmp_path: Path
) -> None:
    stack = start(environment, started, tmp_path)
    stack.wait_for("PostgreSQL (")
    children = descendants(stack.process)

    assert stack.end(signal.SIGINT) == 0

    assert_gone(children, 5.0)
    assert "stopped before it was ready" in stack.said


def test_a_taken_port_is_one_clear_line_before_anything_starts(
    environment: dict[str, str], started: list[Running], tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(environment["HNTAI_STREAM_PORT"])))
        other.listen()
        stack = start(environment, started, tmp_path)
        assert stack.process.wait(timeout=20) == 1
    assert stack.said.count("\n") == 1
    assert "HNTAI_STREAM_PORT" in stack.said
    assert environment["HNTAI_STREAM_PORT"] in stack.said
    assert not (stack.state / "postgres").exists()


def test_a_second_stack_on_the_same_state_is_refused_and_dead_servers_come_back(
    environment: dict[str, str], started: list[Running], tmp_path: Path
) -> None:
    stack = start(environment, started, tmp_path)
    stack.wait_for("HNTAI is ready")

    second = start(environment, started, tmp_path)
    assert second.process.wait(timeout=20) == 1
    assert f"process {stack.process.pid}" in second.said

    before = stack.facts["processes"]
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    stack.wait_for("PostgreSQL is back")
    stack.wait_for("Valkey is back")
    time.sleep(0.2)
    assert set(stack.facts["processes"].values()).isdisjoint(before.values())
    answer = httpx.get(f"{stack.facts['api_url']}/ready", timeout=30)
    assert answer.status_code == 200, answer.text

    children = descendants(stack.process)
    stack.process.send_signal(signal.SIGINT)
    stack.wait_for("stopping")
    assert stack.end(signal.SIGINT) == 130, "the second Ctrl-C does not wait"
    assert_gone(children, 5.0)

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from hntai_local.leash import Leash

ENV = {"PATH": os.defpath}
SHARED = Path(__file__).parents[2] / "shared"

HOLDER = """
import os, sys, time
from pathlib import Path
from hntai_local.leash import Leash
from hntai_local.postgres import PostgresServer
from hntai_local.valkey import ValkeyServer
folder = Path(sys.argv[1])
leash = Leash()
postgres = PostgresServer(folder / "postgres", leash=leash, log=folder / "postgres.log")
postgres.start()
valkey = ValkeyServer(folder / "valkey", leash=leash, log=folder / "valkey.log")
valkey.start()
sleeper = leash.spawn(["sh", "-c", "sleep 600 & sleep 600"], env={"PATH": os.defpath}, cwd=Path("/"),
                      log=folder / "sleeper.log")
print(postgres.pid, valkey.pid, sleeper.pid, flush=True)
try:
    time.sleep(600)
finally:
    leash.close()
"""


def tree(pids: Iterable[int]) -> list[psutil.Process]:
    first = [psutil.Process(pid) for pid in pids]
    return first + [child for process in first for child in process.children(recursive=True)]


def alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    found = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def seconds_until_gone(processes: list[psutil.Process], within_s: float) -> float:
    began = time.monotonic()
    while alive(processes):
        assert time.monotonic() - began < within_s, alive(processes)
        time.sleep(0.02)
    return time.monotonic() - began


def started_tree(leash: Leash, script: str, log: Path) -> list[psutil.Process]:
    child = leash.spawn(["sh", "-c", script], env=ENV, cwd=Path("/"), log=log)
    time.sleep(0.2)
    return tree([child.pid])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_a_holder_that_is_ended(tmp_path: Path, number: signal.Signals) -> None:
    tmp_path.chmod(0o755)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        env={**ENV, "PYTHONPATH": str(SHARED)},
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    with holder.stdout as output:
        held = tree(map(int, output.readline().split()))
        assert len(held) >= 7, "PostgreSQL with its workers, Valkey, a shell and its two sleepers"

        holder.send_signal(number)
        holder.wait(timeout=10)

    seconds_until_gone(held, within_s=5.0)


def test_close_ends_a_whole_tree_and_reaps_it(tmp_path: Path) -> None:
    leash = Leash()
    held = started_tree(leash, "sleep 600 & sleep 600", tmp_path / "log")
    assert len(held) == 3

    leash.close()

    assert not alive(held)
    leash.close()


def test_what_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    with Leash() as leash:
        held = started_tree(leash, "trap '' TERM; sleep 600 & wait; sleep 600", tmp_path / "log")
        began = time.monotonic()
        leash.stop(held[0].pid, grace_s=0.3)
        assert not alive(held)
        assert time.monotonic() - began < 2.0


def test_children_left_behind_by_a_dead_leader_are_ended(tmp_path: Path) -> None:
    with Leash() as leash:
        child = leash.spawn(["sh", "-c", "sleep 600 & echo $!"], env=ENV, cwd=Path("/"), log=tmp_path / "log")
        child.wait(timeout=5)
        orphan = psutil.Process(int((tmp_path / "log").read_text()))
        assert alive([orphan])
    seconds_until_gone([orphan], within_s=1.0)


def test_a_daemon_that_left_its_session_is_found_by_its_mark(tmp_path: Path) -> None:
    leash = Leash()
    script = "(setsid sh -c 'echo $$; exec sleep 600' &); sleep 0.1"
    child = leash.spawn(["sh", "-c", script], env=ENV, cwd=Path("/"), log=tmp_path / "log")
    child.wait(timeout=5)
    daemon = psutil.Process(int((tmp_path / "log").read_text()))

    leash.close()

    seconds_until_gone([daemon], within_s=1.0)


def test_an_adopted_process_is_ended_and_a_released_one_is_not(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "600"]) as adopted, subprocess.Popen(["sleep", "600"]) as released:
        leash = Leash()
        leash.adopt(adopted.pid)
        leash.adopt(released.pid)
        leash.release(released.pid)

        leash.close()

        assert adopted.wait(timeout=5) == -signal.SIGINT
        assert released.poll() is None
        released.kill()


def test_a_killed_watchdog_is_replaced_and_knows_what_the_first_knew(tmp_path: Path) -> None:
    leash = Leash()
    first = leash._watchdog
    held = started_tree(leash, "sleep 600", tmp_path / "log")
    first.kill()
    first.wait()
    held += started_tree(leash, "sleep 600", tmp_path / "log")

    assert leash._watchdog.pid != first.pid
    leash._dismiss_watchdog()  # closes the pipe, as the end of this process would

    seconds_until_gone(held, within_s=3.0)
    leash.close()


def test_output_is_appended_and_the_environment_is_only_what_was_given(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "log"
    os.environ["HNTAI_TEST_SECRET"] = "not for children"
    try:
        with Leash() as leash:
            for _ in range(2):
                child = leash.spawn(["env"], env={**ENV, "GIVEN": "yes"}, cwd=Path("/"), log=log)
                assert child.wait(timeout=5) == 0
    finally:
        del os.environ["HNTAI_TEST_SECRET"]
    printed = log.read_text()
    assert printed.count("GIVEN=yes") == 2
    assert "HNTAI_TEST_SECRET" not in printed


def test_a_closed_leash_starts_nothing(tmp_path: Path) -> None:
    leash = Leash()
    leash.close()
    with pytest.raises(RuntimeError):
        leash.spawn(["true"], env=ENV, cwd=Path("/"), log=tmp_path / "log")

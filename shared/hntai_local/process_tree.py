"""Processes as families: finding everything that descends from a process, and ending it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped, unused-ignore]

MARK = "LEASH_MARK"
"""Environment variable that every process started by one leash carries, so that strays can be found."""


@dataclass(frozen=True, slots=True)
class Held:
    """A process that must not outlive its holder."""

    pid: int
    started: float
    """Its start time by the kernel: a number used again by a stranger is not taken for it."""
    stop_signal: int
    leads_group: bool


def hold(pid: int, *, stop_signal: int = signal.SIGTERM, leads_group: bool) -> Held:
    """The process as it is now; one already gone has start time 0 and is never signalled."""
    try:
        started = float(psutil.Process(pid).create_time())
    except psutil.Error:
        started = 0.0
    return Held(pid, started, int(stop_signal), leads_group)


def leader(held: Held) -> psutil.Process | None:
    """The process itself, None once it is gone or its number belongs to another."""
    try:
        process = psutil.Process(held.pid)
        return process if process.create_time() == held.started else None
    except psutil.Error:
        return None


def family(held: Held, sessions: dict[int, list[int]]) -> set[psutil.Process]:
    """The process, its descendants, and what they left behind in its session."""
    first = leader(held)
    found: set[psutil.Process] = set()
    if first is not None:
        found.add(first)
        with suppress(psutil.Error):
            found.update(first.children(recursive=True))
    elif psutil.pid_exists(held.pid):
        return found
    if held.leads_group:
        for pid in sessions.get(held.pid, ()):
            with suppress(psutil.Error):
                found.add(psutil.Process(pid))
    return found


def by_session() -> dict[int, list[int]]:
    """Process numbers by session, over the whole machine."""
    sessions: dict[int, list[int]] = {}
    for pid in psutil.pids():
        with suppress(OSError):
            sessions.setdefault(os.getsid(pid), []).append(pid)
    return sessions


def marked(mark: str) -> set[psutil.Process]:
    """Processes whose environment carries this mark, however far they wandered."""
    found: set[psutil.Process] = set()
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == mark:
                found.add(process)
    return found


def stop(held: Iterable[Held], *, grace_s: float) -> None:
    """Ends the families: each by its own signal, after grace_s by SIGKILL; returns when they are gone."""
    chosen = tuple(held)
    sessions = by_session()
    families = {one: family(one, sessions) for one in chosen}
    members = set().union(*families.values())
    for one, processes in families.items():
        _signal(one, processes)
    _wait(members, grace_s)
    sessions = by_session()
    members |= {process for one in chosen for process in family(one, sessions)}
    kill(members)


def kill(members: Iterable[psutil.Process]) -> None:
    """SIGKILL to each that still runs, then waits up to a second for the kernel."""
    chosen = tuple(members)
    for process in chosen:
        with suppress(psutil.Error):
            process.kill()
    _wait(chosen, 1.0)


def is_alive(process: psutil.Process) -> bool:
    """True unless it ended; a zombie has ended."""
    try:
        return bool(process.is_running()) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _signal(one: Held, members: Iterable[psutil.Process]) -> None:
    """To the leader's group; where the leader is gone, to each it left behind."""
    with suppress(ProcessLookupError, PermissionError, psutil.Error):
        if leader(one) is None:
            for process in members:
                process.send_signal(one.stop_signal)
        elif one.leads_group:
            os.killpg(one.pid, one.stop_signal)
        else:
            os.kill(one.pid, one.stop_signal)


def _wait(members: Iterable[psutil.Process], timeout_s: float) -> None:
    until = time.monotonic() + timeout_s
    alive = [process for process in members if is_alive(process)]
    while alive and time.monotonic() < until:
        time.sleep(0.02)
        alive = [process for process in alive if is_alive(process)]

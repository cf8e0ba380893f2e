"""A leash: child processes that cannot outlive this one, even when it is killed."""

from __future__ import annotations

import json
import os
import pwd
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

from hntai_local import process_tree
from hntai_local.process_tree import MARK, Held

GRACE_S = 3.0
"""What a process has between its stop signal and SIGKILL."""


class Leash:
    """Starts processes, and ends every one of them with all its descendants when this process ends.

    A watchdog process of its own session holds the read end of a pipe from here: SIGKILL to this
    process closes the pipe, and the watchdog does what close() would have done. Thread safe.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mark = secrets.token_hex(8)
        self._held: dict[int, Held] = {}
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._closed = False
        self._watchdog = self._start_watchdog()

    def spawn(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        log: Path,
        user: str | None = None,
        stop_signal: int = signal.SIGTERM,
    ) -> subprocess.Popen[bytes]:
        """A new process in a session of its own; what it prints is appended to log.

        user: the account to run as, None for our own. stop_signal: what asks it to end.

        Raises:
            RuntimeError: the leash is closed.
            OSError: the program cannot be started.
        """
        account = None if user is None else pwd.getpwnam(user)
        log.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, log.open("ab") as sink:
            self._refuse_when_closed()
            child = subprocess.Popen(
                list(argv),
                env={**env, MARK: self._mark},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else (),
            )
            self._children[child.pid] = child
            self._hold(process_tree.hold(child.pid, stop_signal=stop_signal, leads_group=True))
        return child

    def adopt(self, pid: int, *, stop_signal: int = signal.SIGINT) -> None:
        """Holds a process that someone else started, with its descendants."""
        with self._lock:
            self._refuse_when_closed()
            self._hold(process_tree.hold(pid, stop_signal=stop_signal, leads_group=False))

    def release(self, pid: int) -> None:
        """Lets a process go on without us; nothing happens if it is not held."""
        with self._lock:
            self._forget(pid)

    def stop(self, pid: int, *, grace_s: float = GRACE_S) -> None:
        """Ends one held process and its descendants, reaps it, and forgets it."""
        with self._lock:
            held = self._held.get(pid)
            child = self._children.get(pid)
        if held is not None:
            process_tree.stop((held,), grace_s=grace_s)
        _reap(child)
        with self._lock:
            self._forget(pid)

    def close(self) -> None:
        """Ends everything held: signals, up to 3 s of waiting, SIGKILL, reaping. May be called again."""
        with self._lock:
            first, self._closed = not self._closed, True
            held, children = tuple(self._held.values()), tuple(self._children.values())
        if not first:
            return
        process_tree.stop(held, grace_s=GRACE_S)
        for child in children:
            _reap(child)
        self._dismiss_watchdog()

    def __enter__(self) -> Leash:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise RuntimeError("the leash is closed")

    def _hold(self, held: Held) -> None:
        self._held[held.pid] = held
        self._tell({"hold": asdict(held)})

    def _forget(self, pid: int) -> None:
        self._children.pop(pid, None)
        if self._held.pop(pid, None) is not None and not self._closed:
            self._tell({"release": pid})

    def _tell(self, message: object) -> None:
        try:
            _write(self._watchdog, message)
        except BrokenPipeError:
            _pipe(self._watchdog).close()
            _reap(self._watchdog)
            self._watchdog = self._start_watchdog()
            for held in self._held.values():
                _write(self._watchdog, {"hold": asdict(held)})

    def _start_watchdog(self) -> subprocess.Popen[bytes]:
        home = Path(__file__).resolve().parent.parent
        return subprocess.Popen(
            [sys.executable, "-m", "hntai_local.leash_watchdog", self._mark],
            env={"PYTHONPATH": str(home), "PATH": os.defpath},
            cwd="/",
            stdin=subprocess.PIPE,
            bufsize=0,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _dismiss_watchdog(self) -> None:
        """Closing the pipe makes it sweep up strays; it needs a moment for that."""
        _pipe(self._watchdog).close()
        try:
            self._watchdog.wait(timeout=GRACE_S)
        except subprocess.TimeoutExpired:
            self._watchdog.kill()
            self._watchdog.wait()


def _pipe(watchdog: subprocess.Popen[bytes]) -> IO[bytes]:
    assert watchdog.stdin is not None
    return watchdog.stdin


def _write(watchdog: subprocess.Popen[bytes], message: object) -> None:
    _pipe(watchdog).write(json.dumps(message).encode() + b"\n")


def _reap(child: subprocess.Popen[bytes] | None) -> None:
    if child is not None:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=1.0)

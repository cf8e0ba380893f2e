"""PostgreSQL that dies or hangs: a clear error within five seconds, and well again by itself."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from hntai.adapters.postgres import PostgresSession
from hntai.domain.errors import DatabaseUnavailableError
from hntai_local.leash import Leash
from hntai_local.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture
def server(leash: Leash, tmp_path: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(tmp_path / "data", leash=leash, log=tmp_path / "log")
    server.start()
    yield server
    server.stop()


def ask(session: PostgresSession) -> None:
    with session.transaction() as cursor:
        cursor.execute("SELECT 1")


def ask_until_well(session: PostgresSession) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            return ask(session)
        except DatabaseUnavailableError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_a_killed_server_is_an_error_and_its_return_is_noticed(server: PostgresServer) -> None:
    session = PostgresSession(lambda: server.url("postgres"))
    ask(session)
    server.stop()
    with pytest.raises(DatabaseUnavailableError):
        ask(session)
    server.start()
    ask_until_well(session)
    session.close()


def test_a_server_that_restarted_while_nobody_called_is_not_noticed(server: PostgresServer) -> None:
    session = PostgresSession(lambda: server.url("postgres"))
    ask(session)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    psutil.Process(server.pid).wait(timeout=20)
    server.start()
    ask(session)
    session.close()


def test_a_hanging_server_is_an_error_within_five_seconds(server: PostgresServer) -> None:
    session = PostgresSession(lambda: server.url("postgres"))
    ask(session)
    assert server.pid is not None
    family = [server.pid, *(child.pid for child in psutil.Process(server.pid).children())]
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        for _ in range(2):
            started = time.monotonic()
            with pytest.raises(DatabaseUnavailableError):
                ask(session)
            assert time.monotonic() - started < 5
            time.sleep(1.1)
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)
    ask_until_well(session)
    session.close()


def test_after_a_failure_calls_fail_at_once_for_a_while(tmp_path: Path) -> None:
    session = PostgresSession(lambda: f"postgresql://nobody@/none?host={tmp_path}&connect_timeout=2")
    with pytest.raises(DatabaseUnavailableError):
        ask(session)
    started = time.monotonic()
    with pytest.raises(DatabaseUnavailableError):
        ask(session)
    assert time.monotonic() - started < 0.05

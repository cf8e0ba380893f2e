from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hntai_local.leash import Leash
from hntai_local.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture
def leash() -> Iterator[Leash]:
    with Leash() as held:
        yield held


@pytest.fixture
def server(tmp_path: Path, leash: Leash) -> PostgresServer:
    return PostgresServer(tmp_path / "postgres", leash=leash, log=tmp_path / "postgres.log")


def ask(server: PostgresServer, sql: str) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        row = cursor.fetchone() if cursor.description else None
        return None if row is None else row[0]


def test_a_row_is_there_after_stop_and_start(server: PostgresServer) -> None:
    server.start()
    url = server.url()
    ask(server, "CREATE TABLE kept AS SELECT 7 AS n")
    server.stop()
    assert server.pid is None

    server.start()

    assert server.url() == url
    assert ask(server, "SELECT current_database()") == "hntai"
    assert ask(server, "SELECT n FROM kept") == 7


def test_a_killed_server_starts_again_where_it_was(server: PostgresServer) -> None:
    server.start()
    url, pid = server.url(), server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    server.start()

    assert server.url() == url
    assert server.pid not in (None, pid)
    assert ask(server, "SELECT 1") == 1


def test_a_note_left_by_a_process_of_another_kind_does_not_hold_it_up(
    server: PostgresServer, tmp_path: Path
) -> None:
    server.start()
    server.stop()
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}/postgres\n0\n5432\n")

    server.start()

    assert ask(server, "SELECT 1") == 1


def test_a_server_still_running_for_nobody_is_ended_first(server: PostgresServer, tmp_path: Path) -> None:
    server.start()
    left = server.pid
    assert left is not None
    with Leash() as other:
        second = PostgresServer(tmp_path / "postgres", leash=other, log=tmp_path / "postgres.log")
        second.start()
        assert second.pid not in (None, left)
        assert server.pid is None


def test_a_first_start_that_was_interrupted_is_begun_anew(server: PostgresServer, tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    server.start()

    assert ask(server, "SELECT 1") == 1
    assert not half.exists()


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path, leash: Leash) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    server = PostgresServer(deep / "postgres", leash=leash, log=tmp_path / "log")

    server.start()

    assert ask(server, "SELECT 1") == 1
    assert str(deep) not in server.url()


def test_nothing_listens_on_the_network_and_values_stay_out_of_the_log(
    server: PostgresServer, tmp_path: Path
) -> None:
    server.start()
    assert ask(server, "SHOW listen_addresses") == ""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE one (name text PRIMARY KEY); INSERT INTO one VALUES ('Testpatient')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO one VALUES ('Testpatient')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO one VALUES (%s)", ("Testpatient",))
    log = (tmp_path / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "Testpatient" not in log

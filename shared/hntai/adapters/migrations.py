"""Numbered SQL migrations, applied once each, in order, by one caller at a time, and within a time limit."""

from __future__ import annotations

import hashlib
import math
import re
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from hntai.domain.errors import ConfigurationError, DatabaseUnavailableError

T = TypeVar("T")
_FILE = re.compile(r"^(\d{4})_\w+\.sql$")
_LOCK = 0x484E5441
"""Advisory lock key ("HNTA"): cold starts that meet wait for the first."""
_CONNECT_S = 10

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now())
"""


class PostgresSchema:
    """See hntai.ports.Schema: the migrations of a folder, for the database of an owner's URL."""

    def __init__(self, owner_url: Callable[[], str], folder: Path) -> None:
        self._owner_url = owner_url
        self._folder = folder

    def digest(self) -> str:
        return migrations_digest(self._folder)

    def migrate(self, budget_s: float) -> Sequence[str]:
        applied: list[str] = []
        try:
            migrate(self._owner_url(), self._folder, applied.append, budget_s=budget_s)
        except psycopg.OperationalError as error:
            raise DatabaseUnavailableError(applied=len(applied)) from error
        return applied


def migrations_digest(folder: Path) -> str:
    """SHA-256, in hex, over names and contents in order: another where any migration is another."""
    whole = hashlib.sha256()
    for _, file in _numbered(folder):
        whole.update(f"{file.name}\n{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def migrate(
    admin_database_url: str,
    folder: Path,
    on_applied: Callable[[str], None] = lambda _name: None,
    *,
    budget_s: float = math.inf,
) -> int:
    """How many migrations were applied now; 0 where the schema is up to date.

    Each file is one transaction; a file that fails leaves the schema as the one before left it. budget_s:
    for all of it, waiting for another caller included; a statement that would outlast it is given up.

    Raises:
        ConfigurationError: an applied file was edited, or numbers are missing or doubled.
        psycopg.Error: the database refused a statement, or does not answer in time.
    """
    files = _numbered(folder)
    applied = 0
    deadline = time.monotonic() + budget_s
    with _Connection.connect(admin_database_url, autocommit=True, connect_timeout=_CONNECT_S) as connection:
        connection.deadline = deadline
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        connection.execute(_LEDGER)
        rows = connection.execute("SELECT version, sha256 FROM schema_migrations").fetchall()
        done: dict[int, str] = dict(rows)
        for version, file in files:
            sql = file.read_text(encoding="utf-8")
            digest = hashlib.sha256(sql.encode()).hexdigest()
            if version in done:
                _same(file.name, done[version], digest)
                continue
            with connection.transaction():
                connection.execute(sql.encode())
                connection.execute(
                    "INSERT INTO schema_migrations (version, name, sha256) VALUES (%s, %s, %s)",
                    (version, file.name, digest),
                )
            on_applied(file.name)
            applied += 1
    return applied


class _Connection(psycopg.Connection[Any]):
    """One whose every wait ends at a deadline, of time.monotonic(): the server may hang, not only refuse.

    Closing it is what makes the server roll back and let go of the lock.
    """

    deadline = math.inf

    def wait(
        self,
        gen: Generator[Any, Any, T],
        interval: float = 0.1,
        timeout: float | None = None,
    ) -> T:
        left = self.deadline - time.monotonic()
        try:
            return super().wait(gen, interval, timeout if math.isinf(left) else max(0.1, left))
        except psycopg.OperationalError:
            self.pgconn.finish()
            raise


def _numbered(folder: Path) -> list[tuple[int, Path]]:
    files = sorted(file for file in folder.glob("*.sql"))
    numbered = [(int(match[1]), file) for file in files if (match := _FILE.match(file.name))]
    if len(numbered) != len(files) or [number for number, _ in numbered] != list(range(1, len(files) + 1)):
        raise ConfigurationError(setting="sql/migrations", expected="files 0001_name.sql, 0002_name.sql, ...")
    return numbered


def _same(name: str, applied: str, present: str) -> None:
    if applied != present:
        raise ConfigurationError(setting=f"sql/migrations/{name}", expected="the file as it was applied")

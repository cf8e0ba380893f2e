"""Numbered SQL migrations, applied once each, in order, by one caller at a time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import psycopg

from hntai.domain.errors import ConfigurationError

_FILE = re.compile(r"^(\d{4})_\w+\.sql$")
_LOCK = 0x484E5441
"""Advisory lock key ("HNTA"): cold starts that meet wait for the first."""

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now())
"""


def migrate(
    admin_database_url: str, folder: Path, on_applied: Callable[[str], None] = lambda _name: None
) -> int:
    """How many migrations were applied now; 0 where the schema is up to date.

    Each file is one transaction; a file that fails leaves the schema as the one before left it.

    Raises:
        ConfigurationError: an applied file was edited, or numbers are missing or doubled.
        psycopg.Error: the database refused a statement, or does not answer.
    """
    files = _numbered(folder)
    applied = 0
    with psycopg.connect(admin_database_url, autocommit=True, connect_timeout=10) as connection:
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


def _numbered(folder: Path) -> list[tuple[int, Path]]:
    files = sorted(file for file in folder.glob("*.sql"))
    numbered = [(int(match[1]), file) for file in files if (match := _FILE.match(file.name))]
    if len(numbered) != len(files) or [number for number, _ in numbered] != list(range(1, len(files) + 1)):
        raise ConfigurationError(setting="sql/migrations", expected="files 0001_name.sql, 0002_name.sql, ...")
    return numbered


def _same(name: str, applied: str, present: str) -> None:
    if applied != present:
        raise ConfigurationError(setting=f"sql/migrations/{name}", expected="the file as it was applied")

"""The audit chain in PostgreSQL: linked, append-only, and honest about what was cut or changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from hntai.adapters.audit import (
    DurableAuditLog,
    PostgresAuditLog,
    PostgresAuditReader,
    SqsAuditQueue,
    from_message,
    to_message,
)
from hntai.adapters.clock import utc_now
from hntai.adapters.migrations import migrate
from hntai.adapters.named_sql import sql_folder
from hntai.adapters.postgres import PostgresSession
from hntai.domain.audit import AuditId, AuditRow, ChainHead, Operation, Outcome
from hntai.domain.errors import AuditChainBrokenError, AuditUnavailableError, DatabaseUnavailableError
from hntai.services.verify_audit import VerifyAudit
from hntai_local.leash import Leash
from hntai_local.postgres import PostgresServer

pytestmark = pytest.mark.postgres


def new_row(**changes: object) -> AuditRow:
    row = AuditRow(
        id=AuditId(uuid.uuid4()),
        occurred_at=datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
        tenant="default",
        actor="anna:ä",
        operation=Operation.SCRUB,
        outcome=Outcome.SUCCEEDED,
        entity_counts={"NAME": 2, "DATE": 1},
        input_hmac=bytes(range(32)),
        duration_ms=3,
        model="rules@1",
        request_id="request-1",
    )
    return replace(row, **changes)  # type: ignore[arg-type]


@dataclass
class MemoryAnchors:
    heads: Sequence[ChainHead] | None = None

    def put(self, heads: Sequence[ChainHead], made_at: datetime) -> str:
        self.heads = heads
        return made_at.isoformat()

    def latest(self) -> Sequence[ChainHead] | None:
        return self.heads


@dataclass
class Chain:
    """A database of its own, since these tests break what others share."""

    owner_url: str
    log: PostgresAuditLog
    session: PostgresSession
    reader: PostgresAuditReader
    anchors: MemoryAnchors = field(default_factory=MemoryAnchors)

    def verify(self) -> int:
        return VerifyAudit(self.reader, self.anchors, utc_now)().rows

    def tamper(self, *statements: str) -> None:
        """As a database owner who switches the triggers off could."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            connection.execute("ALTER TABLE phi_audit_log DISABLE TRIGGER USER")
            for statement in statements:
                connection.execute(statement.encode())
            connection.execute("ALTER TABLE phi_audit_log ENABLE TRIGGER USER")


@pytest.fixture
def chain(postgres: PostgresServer) -> Iterator[Chain]:
    name = f"chain_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    owner_url = postgres.url(database=name)
    migrate(owner_url, sql_folder() / "migrations")
    session = PostgresSession(lambda: postgres.url("hntai_app", name))
    auditor = PostgresSession(lambda: postgres.url("hntai_auditor", name))
    yield Chain(owner_url, PostgresAuditLog(session), session, PostgresAuditReader(auditor))
    session.close()
    auditor.close()
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} (FORCE)".encode())


def test_an_empty_chain_holds(chain: Chain) -> None:
    assert chain.verify() == 0


def test_rows_are_counted_and_linked(chain: Chain) -> None:
    chain.log.append([new_row() for _ in range(40)])
    assert chain.verify() == 40
    assert sum(head.row_count > 0 for head in chain.reader.heads()) > 5


def test_the_same_row_again_changes_nothing(chain: Chain) -> None:
    row = new_row()
    chain.log.append([row])
    chain.log.append([row, row])
    assert chain.verify() == 1


def test_concurrent_writers_leave_one_chain(chain: Chain, postgres: PostgresServer) -> None:
    url = chain.owner_url.replace("postgres@", "hntai_app@")

    def write(_writer: int) -> None:
        session = PostgresSession(lambda: url)
        for _ in range(20):
            PostgresAuditLog(session).append([new_row(), new_row()])
        session.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert chain.verify() == 320


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE phi_audit_log SET actor = 'x'",
        "DELETE FROM phi_audit_log",
        "TRUNCATE phi_audit_log",
        "SELECT actor FROM phi_audit_log",
        "UPDATE phi_audit_head SET row_count = 0",
        "INSERT INTO phi_audit_log (id, shard, position) VALUES (gen_random_uuid(), 0, 1)",
        "ALTER TABLE phi_audit_log DISABLE TRIGGER USER",
    ],
)
def test_the_functions_role_can_only_add_rows(chain: Chain, statement: str) -> None:
    chain.log.append([new_row()])
    with pytest.raises(psycopg.errors.InsufficientPrivilege), chain.session.transaction() as cursor:
        cursor.execute(statement.encode())


@pytest.mark.parametrize("statement", ["UPDATE phi_audit_log SET actor = 'x'", "DELETE FROM phi_audit_log"])
def test_even_the_owner_meets_the_trigger(chain: Chain, statement: str) -> None:
    chain.log.append([new_row()])
    with psycopg.connect(chain.owner_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE phi_audit_log SET actor = 'someone else' WHERE id = '{id}'",
        "UPDATE phi_audit_log SET entity_counts = '{{}}' WHERE id = '{id}'",
        "UPDATE phi_audit_log SET occurred_at = occurred_at - interval '1 day' WHERE id = '{id}'",
        "DELETE FROM phi_audit_log WHERE id = '{id}'",
        "UPDATE phi_audit_log SET tenant = tenant || actor, actor = '' WHERE id = '{id}'",
    ],
)
def test_a_changed_or_missing_row_is_found(chain: Chain, change: str) -> None:
    rows = [new_row() for _ in range(40)]
    chain.log.append(rows)
    chain.tamper(change.format(id=rows[7].id))
    with pytest.raises(AuditChainBrokenError):
        chain.verify()


def test_a_cut_tail_with_mended_heads_is_found_by_the_anchor(chain: Chain) -> None:
    chain.log.append([new_row() for _ in range(40)])
    chain.verify()
    chain.tamper(
        "DELETE FROM phi_audit_log l USING phi_audit_head h WHERE l.shard = h.shard AND position = row_count",
        "UPDATE phi_audit_head h SET row_count = row_count - 1, row_hash = coalesce((SELECT row_hash FROM "
        "phi_audit_log l WHERE l.shard = h.shard ORDER BY position DESC LIMIT 1), "
        "decode(repeat('00', 32), 'hex')) WHERE row_count > 0",
    )
    with pytest.raises(AuditChainBrokenError):
        chain.verify()
    chain.anchors.heads = None
    assert chain.verify() < 40


def test_a_row_survives_the_queue_unchanged() -> None:
    row = new_row()
    assert from_message(to_message(row)) == row


def test_the_migrations_meet_and_run_once(postgres: PostgresServer) -> None:
    name = f"migrate_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    with ThreadPoolExecutor(4) as pool:
        url, folder = postgres.url(database=name), sql_folder() / "migrations"
        applied = list(pool.map(lambda _: migrate(url, folder), range(4)))
    assert sorted(applied) == [0, 0, 0, len(list(folder.glob("*.sql")))]


def test_a_dead_database_uses_the_queue_and_without_one_refuses(leash: Leash, tmp_path: Path) -> None:
    session = PostgresSession(lambda: f"postgresql://hntai_app@/hntai?host={tmp_path}")
    kept: list[AuditRow] = []

    class Queue(SqsAuditQueue):
        def append(self, rows: Sequence[AuditRow]) -> None:
            kept.extend(rows)

    with pytest.raises(DatabaseUnavailableError):
        PostgresAuditLog(session).append([new_row()])
    with pytest.raises(AuditUnavailableError):
        DurableAuditLog(PostgresAuditLog(session), None).append([new_row()])
    DurableAuditLog(PostgresAuditLog(session), Queue("url")).append([new_row()])
    assert len(kept) == 1

"""The audit log in PostgreSQL, with a durable queue behind it for when PostgreSQL is down."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hntai.adapters.aws_clients import client
from hntai.adapters.named_sql import statements
from hntai.adapters.postgres import PostgresSession
from hntai.domain.audit import AuditId, AuditRow, ChainedRow, ChainHead, Operation, Outcome
from hntai.domain.errors import AuditUnavailableError, DatabaseUnavailableError

_QUEUE_BATCH = 10
"""Messages in one SendMessageBatch. Source: Amazon SQS API reference."""


class PostgresAuditLog:
    """Rows into phi_audit_log; the link of the chain is made by the table's trigger."""

    def __init__(self, session: PostgresSession) -> None:
        self._session = session

    def append(self, rows: Sequence[AuditRow]) -> None:
        """Raises DatabaseUnavailableError; the caller decides what to do without a database.

        Rows go shard by shard, so that two batches never wait for each other crosswise.
        """
        statement = statements("audit")["append_audit_row"]
        for_insert = sorted(rows, key=lambda row: row.id.bytes[-1] % 16)
        with self._session.transaction() as cursor:
            for row in for_insert:
                cursor.execute(statement, _columns(row))


class SqsAuditQueue:
    """Rows into a queue, as JSON, to be drained into PostgreSQL later."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def append(self, rows: Sequence[AuditRow]) -> None:
        """Raises AuditUnavailableError: not every row was taken."""
        from botocore.exceptions import BotoCoreError, ClientError

        for start in range(0, len(rows), _QUEUE_BATCH):
            entries = [
                {"Id": str(place), "MessageBody": to_message(row)}
                for place, row in enumerate(rows[start : start + _QUEUE_BATCH])
            ]
            try:
                answer = client("sqs").send_message_batch(QueueUrl=self._queue_url, Entries=entries)
            except (BotoCoreError, ClientError) as error:
                raise AuditUnavailableError from error
            if answer.get("Failed"):
                raise AuditUnavailableError


class DurableAuditLog:
    """PostgreSQL first, the queue if it is down, an error if both are: never an answer without a row."""

    def __init__(self, log: PostgresAuditLog, queue: SqsAuditQueue | None) -> None:
        self._log = log
        self._queue = queue

    def append(self, rows: Sequence[AuditRow]) -> None:
        """Raises AuditUnavailableError. An insert that timed out and is queued as well doubles nothing."""
        try:
            self._log.append(rows)
        except DatabaseUnavailableError as error:
            if self._queue is None:
                raise AuditUnavailableError from error
            self._queue.append(rows)


class PostgresAuditReader:
    """The chain as it stands, for checking it."""

    def __init__(self, session: PostgresSession) -> None:
        self._session = session

    def heads(self) -> Sequence[ChainHead]:
        with self._session.transaction() as cursor:
            cursor.execute(statements("audit")["audit_heads"])
            return [ChainHead(**row) for row in cursor]

    def rows(self, shard: int, after_position: int, limit: int) -> Sequence[ChainedRow]:
        with self._session.transaction() as cursor:
            cursor.execute(
                statements("audit")["audit_rows_of_shard"],
                {"shard": shard, "after_position": after_position, "limit": limit},
            )
            return [ChainedRow(**{**row, "values": tuple(row["values"])}) for row in cursor]

    def recent(self, limit: int) -> Sequence[dict[str, Any]]:
        """The newest rows by column name, for a person."""
        with self._session.transaction() as cursor:
            cursor.execute(statements("audit")["recent_audit_rows"], {"limit": limit})
            return list(cursor)


def to_message(row: AuditRow) -> str:
    """A row as a queue message."""
    columns = _columns(row)
    columns["input_hmac"] = row.input_hmac.hex()
    columns["occurred_at"] = row.occurred_at.isoformat()
    return json.dumps({**columns, "id": str(row.id)})


def from_message(message: str) -> AuditRow:
    """The row of a queue message.

    Raises:
        ValueError, KeyError: it is not one.
    """
    fields: Mapping[str, Any] = json.loads(message)
    return AuditRow(
        id=AuditId(uuid.UUID(fields["id"])),
        occurred_at=datetime.fromisoformat(fields["occurred_at"]),
        tenant=fields["tenant"],
        actor=fields["actor"],
        operation=Operation(fields["operation"]),
        outcome=Outcome(fields["outcome"]),
        entity_counts=json.loads(fields["entity_counts"]),
        input_hmac=bytes.fromhex(fields["input_hmac"]),
        duration_ms=int(fields["duration_ms"]),
        model=fields["model"],
        request_id=fields["request_id"],
    )


def _columns(row: AuditRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "occurred_at": row.occurred_at,
        "tenant": row.tenant,
        "actor": row.actor,
        "operation": row.operation.value,
        "outcome": row.outcome.value,
        "entity_counts": json.dumps(dict(row.entity_counts), sort_keys=True),
        "input_hmac": row.input_hmac,
        "duration_ms": row.duration_ms,
        "model": row.model,
        "request_id": row.request_id,
    }

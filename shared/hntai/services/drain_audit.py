"""Draining the audit queue: rows that waited for PostgreSQL go where they belong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hntai.domain.audit import AuditRow
from hntai.ports import AuditLog


@dataclass(frozen=True, slots=True)
class DrainAudit:
    """Inserts queued rows; a row that is in the log already stays as it is."""

    audit: AuditLog
    read_message: Callable[[str], AuditRow]
    """Raises ValueError or KeyError where a message is not a row."""

    def __call__(self, messages: Mapping[str, str]) -> Sequence[str]:
        """messages: bodies by message id. The ids that could not be read: they end in the dead-letter queue.

        Raises:
            DatabaseUnavailableError: every message stays in the queue.
        """
        rows, unreadable = [], []
        for message_id, body in messages.items():
            try:
                rows.append(self.read_message(body))
            except (ValueError, KeyError, TypeError):
                unreadable.append(message_id)
        self.audit.append(rows)
        return unreadable

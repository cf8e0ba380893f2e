"""Draining the audit queue by hand: now, and not when the queue's own function next comes to it."""

from __future__ import annotations

from dataclasses import dataclass

from hntai.ports.admin import AuditMessages
from hntai.services.drain_audit import DrainAudit


@dataclass(frozen=True, slots=True)
class DrainedQueue:
    """What became of the messages, in counts."""

    rows: int
    unreadable: int
    """Left where they were: they are no rows."""


@dataclass(frozen=True, slots=True)
class EmptyAuditQueue:
    """Takes messages until none is left to take."""

    messages: AuditMessages
    drain: DrainAudit

    def __call__(self) -> DrainedQueue:
        """A message is deleted only once its row is in the log.

        Raises:
            DatabaseUnavailableError, AuditUnavailableError: those not drained by then stay in the queue.
        """
        rows = unreadable = 0
        while received := self.messages.receive():
            failed = set(self.drain(received))
            done = [receipt for receipt in received if receipt not in failed]
            self.messages.delete(done)
            rows, unreadable = rows + len(done), unreadable + len(failed)
        return DrainedQueue(rows, unreadable)

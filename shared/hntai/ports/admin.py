"""What administration needs from the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hntai.domain.identity import Identity


@dataclass(frozen=True, slots=True)
class IssuedApiKey:
    """A key as its owner gets it, once."""

    key: str
    key_id: str


@dataclass(frozen=True, slots=True)
class ApiKeyEntry:
    """What is known of a key; nothing here opens anything."""

    key_id: str
    identity: Identity
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def state_at(self, now: datetime) -> str:
        """`valid`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "valid" if now < self.expires_at else "expired"


class ApiKeys(Protocol):
    """Raises DatabaseUnavailableError."""

    def issue(self, identity: Identity, expires_at: datetime) -> IssuedApiKey: ...
    def entries(self) -> Sequence[ApiKeyEntry]:
        """Every key there ever was, newest first."""

    def revoke(self, key_id: str, at: datetime) -> bool:
        """False where there is no such key, or it was revoked before."""


class AuditMessages(Protocol):
    """Audit rows that wait in a queue.

    Raises:
        AuditUnavailableError: the queue does not answer.
    """

    def receive(self) -> Mapping[str, str]:
        """Some bodies by receipt, hidden from other readers for a while; empty where none is there."""

    def delete(self, receipts: Sequence[str]) -> None: ...

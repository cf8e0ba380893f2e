"""The audit log, the reading of it, and its anchors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hntai.domain.audit import AuditRow, ChainedRow, ChainHead


class AuditLog(Protocol):
    def append(self, rows: Sequence[AuditRow]) -> None:
        """Keeps the rows durably, each once, however often it is called with them.

        Raises:
            AuditUnavailableError: not kept; the caller must not answer.
        """


class AuditReader(Protocol):
    def heads(self) -> Sequence[ChainHead]: ...
    def rows(self, shard: int, after_position: int, limit: int) -> Sequence[ChainedRow]: ...


class AuditAnchors(Protocol):
    """Signed chain heads kept outside the database, so that a cut tail shows."""

    def put(self, heads: Sequence[ChainHead], made_at: datetime) -> str: ...
    def latest(self) -> Sequence[ChainHead] | None:
        """The newest anchor, or None where there is none.

        Raises:
            AuditAnchorForgedError: its signature does not hold.
        """

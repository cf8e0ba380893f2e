"""Audit rows of one call over one file: whose call it was, and what was done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome


@dataclass(frozen=True, slots=True)
class Trail:
    """Whose call, over which file. Rows of a job have ids made of its own, so that each is kept once."""

    tenant: str
    subject: str
    request_id: str
    input_hmac: bytes
    job_id: uuid.UUID | None = None

    def row(
        self,
        operation: Operation,
        outcome: Outcome,
        at: datetime,
        counts: Mapping[str, int],
        *,
        duration_s: float = 0.0,
        model: str = "none",
    ) -> AuditRow:
        """counts: of what was found or deleted, by type."""
        own_id = uuid.uuid4() if self.job_id is None else uuid.uuid5(self.job_id, operation.value)
        return AuditRow(
            id=AuditId(own_id),
            occurred_at=at,
            tenant=self.tenant,
            actor=self.subject,
            operation=operation,
            outcome=outcome,
            entity_counts=dict(counts),
            input_hmac=self.input_hmac,
            duration_ms=round(duration_s * 1000),
            model=model,
            request_id=self.request_id,
        )

"""The audit rows of recordings: what was made of one, and that nothing of it is kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome
from hntai.domain.jobs import JobKind

OPERATIONS = {
    JobKind.TRANSCRIPTION: Operation.TRANSCRIBE,
    JobKind.AUDIO_EXTRACTION: Operation.EXTRACT_FROM_AUDIO,
}


@dataclass(frozen=True, slots=True)
class Trail:
    """Whose call, over which recording. Rows of a job have ids made of its own, so that each is kept once."""

    tenant: str
    subject: str
    request_id: str
    input_hmac: bytes
    job_id: uuid.UUID | None = None

    def transcribed(
        self,
        kind: JobKind,
        outcome: Outcome,
        *,
        at: datetime,
        duration_s: float,
        model: str,
        counts: Mapping[str, int],
    ) -> AuditRow:
        return self._row(OPERATIONS[kind], outcome, at=at, duration_s=duration_s, model=model, counts=counts)

    def deleted(self, objects: int, at: datetime) -> AuditRow:
        """Of objects that are gone, and were looked for."""
        return self._row(
            Operation.AUDIO_DELETED,
            Outcome.SUCCEEDED,
            at=at,
            duration_s=0.0,
            model="none",
            counts={"AUDIO_OBJECT": objects},
        )

    def _row(
        self,
        operation: Operation,
        outcome: Outcome,
        *,
        at: datetime,
        duration_s: float,
        model: str,
        counts: Mapping[str, int],
    ) -> AuditRow:
        own_id = uuid.uuid4() if self.job_id is None else uuid.uuid5(self.job_id, operation.value)
        return AuditRow(
            id=AuditId(own_id),
            occurred_at=at,
            tenant=self.tenant,
            actor=self.subject,
            operation=operation,
            outcome=outcome,
            entity_counts=counts,
            input_hmac=self.input_hmac,
            duration_ms=round(duration_s * 1000),
            model=model,
            request_id=self.request_id,
        )

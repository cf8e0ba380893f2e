"""The audit rows of recordings: what was made of one, and that nothing of it is kept."""

from __future__ import annotations

from datetime import datetime

from hntai.domain.audit import AuditRow, Operation, Outcome
from hntai.domain.jobs import JobKind
from hntai.services.trail import Trail

OPERATIONS = {
    JobKind.TRANSCRIPTION: Operation.TRANSCRIBE,
    JobKind.AUDIO_EXTRACTION: Operation.EXTRACT_FROM_AUDIO,
}


def deleted(trail: Trail, objects: int, at: datetime) -> AuditRow:
    """Of objects that are gone, and were looked for."""
    return trail.row(Operation.AUDIO_DELETED, Outcome.SUCCEEDED, at, {"AUDIO_OBJECT": objects})

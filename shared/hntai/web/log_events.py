"""Every log line there can be. A line is an event of this list with its own fields, and nothing else."""

from __future__ import annotations

from enum import Enum


class LogEvent(Enum):
    """name: what happened; value: level and the fields it may carry."""

    request_finished = (
        "INFO",
        ("function", "route", "method", "status", "duration_ms", "request_id", "problem"),
    )
    request_refused = ("WARNING", ("function", "route", "method", "status", "request_id", "problem"))
    """A security event: 401, 403, 413, 422, 429."""
    request_failed = ("ERROR", ("function", "route", "request_id", "error_class", "frames"))
    """A defect: class names and frames, never a message."""
    step_finished = ("INFO", ("step", "job_id", "duration_ms"))
    step_failed = ("ERROR", ("step", "job_id", "duration_ms", "error_class", "frames"))
    audit_rows_drained = ("INFO", ("rows", "unreadable"))
    audit_anchored = ("INFO", ("shards", "rows"))
    audit_verified = ("INFO", ("shards", "rows"))
    schema_migrated = ("INFO", ("applied",))

    def __init__(self, level: str, fields: tuple[str, ...]) -> None:
        self.level = level
        self.fields = fields

"""The audit's chores: draining rows that waited for PostgreSQL, anchoring the chain's heads, verifying it."""

from __future__ import annotations

from typing import Any

from hntai.bootstrap import Parts
from hntai.web.log_events import LogEvent
from hntai.web.logging import log, silence_libraries
from hntai.web.task import run_step

silence_libraries()
parts = Parts()


def drain(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """SQS messages into phi_audit_log; answers which could not be read, as a partial batch response."""
    messages = {record["messageId"]: record["body"] for record in event["Records"]}
    failed = run_step("drain_audit", str(context.aws_request_id), lambda: parts.drain_audit()(messages))
    log(LogEvent.audit_rows_drained, rows=len(messages) - len(failed), unreadable=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def anchor(_event: dict[str, Any], context: Any) -> dict[str, int]:
    """Signed heads of the chain into S3."""
    heads = run_step("anchor_audit", str(context.aws_request_id), lambda: parts.anchor_audit()())
    rows = sum(head.row_count for head in heads)
    log(LogEvent.audit_anchored, shards=len(heads), rows=rows)
    return {"shards": len(heads), "rows": rows}


def verify(_event: dict[str, Any], context: Any) -> dict[str, int]:
    """The whole chain, row by row, against the newest anchor; a broken one fails the call."""
    verdict = run_step("verify_audit", str(context.aws_request_id), lambda: parts.verify_audit()())
    log(LogEvent.audit_verified, shards=verdict.shards, rows=verdict.rows)
    return {"shards": verdict.shards, "rows": verdict.rows}

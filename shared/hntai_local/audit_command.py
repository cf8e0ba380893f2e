"""The audit of the running stack: its newest rows, and whether the chain holds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from hntai.adapters.audit import PostgresAuditReader
from hntai.adapters.postgres import PostgresSession
from hntai.bootstrap import Parts
from hntai.config import read_settings
from hntai_local.run_history import table

_ROWS = 10


def audit_table(facts: Mapping[str, Any]) -> str:
    """The newest rows, for a person: who did what, in counts."""
    session = PostgresSession(lambda: str(facts["environment"]["HNTAI_AUDITOR_DATABASE_URL"]))
    rows = PostgresAuditReader(session).recent(_ROWS)
    session.close()
    headings = ("when", "who", "what", "outcome", "found", "ms", "model", "shard/position")
    return table(
        headings,
        [
            (
                f"{row['occurred_at']:%H:%M:%S}",
                row["actor"],
                row["operation"],
                row["outcome"],
                row["entity_counts"],
                str(row["duration_ms"]),
                row["model"],
                f"{row['shard']}/{row['position']}",
            )
            for row in rows
        ],
    )


def verify_line(facts: Mapping[str, Any]) -> str:
    """What was checked, in a line.

    Raises:
        AuditError: the chain or its anchor does not hold.
    """
    os.environ.update(facts["environment"])
    parts = Parts(read_settings())
    verdict = parts.verify_audit()()
    parts.session.close()
    anchored = "no anchor yet" if verdict.anchored_rows is None else f"{verdict.anchored_rows} rows anchored"
    checked = f"{verdict.rows} rows in {verdict.shards} shards"
    return f"the audit chain holds: {checked}, {anchored} before; a new anchor is written"

"""What each command does. Each prints its answer and gives its exit code."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from hntai.adapters.audit import PostgresAuditReader
from hntai.adapters.aws_clients import client
from hntai.adapters.clock import utc_now
from hntai.admin import run_history, run_states
from hntai.admin.parts import AdminParts
from hntai.admin.table import table
from hntai.domain.identity import Identity

DONE, FAILED = 0, 1
_ROWS = 10
_MIGRATING_S = 300.0


def create_key(parts: AdminParts, asked: argparse.Namespace) -> int:
    """The key alone on standard output, so that it can go straight into a secret store."""
    identity = Identity(asked.tenant, asked.sub, frozenset(asked.scopes.split()))
    issued = parts.manage_keys().issue(identity, asked.days)
    print(f"key {issued.key_id}, shown this once; it ends in {asked.days} days", file=sys.stderr)
    print(issued.key)
    return DONE


def list_keys(parts: AdminParts, asked: argparse.Namespace) -> int:
    now = utc_now()
    rows = [
        (
            entry.key_id,
            entry.state_at(now),
            entry.identity.tenant,
            entry.identity.subject,
            _day(entry.created_at),
            _day(entry.expires_at),
            " ".join(sorted(entry.identity.scopes)),
        )
        for entry in parts.manage_keys().entries()
        if asked.all or entry.state_at(now) == "valid"
    ]
    print(table(("id", "state", "tenant", "subject", "created", "ends", "scopes"), rows))
    return DONE


def revoke_key(parts: AdminParts, asked: argparse.Namespace) -> int:
    parts.manage_keys().revoke(asked.id)
    print(f"key {asked.id} is revoked")
    return DONE


def verify_audit(parts: AdminParts, _: argparse.Namespace) -> int:
    print(verify_line(parts))
    return DONE


def recent_audit(parts: AdminParts, asked: argparse.Namespace) -> int:
    print(audit_table(parts.audit_reader(), asked.rows))
    return DONE


def drain_audit(parts: AdminParts, asked: argparse.Namespace) -> int:
    drained = parts.empty_audit_queue(asked.queue_url)()
    print(f"{drained.rows} rows drained, {drained.unreadable} messages are no rows and were left")
    return FAILED if drained.unreadable else DONE


def migrate_schema(parts: AdminParts, _: argparse.Namespace) -> int:
    """Where no deployment does it: the migrations that came with this code."""
    schema = parts.schema()
    applied = schema.migrate(_MIGRATING_S)
    print("\n".join(applied) if applied else "nothing to apply")
    return DONE


def list_runs(parts: AdminParts, _: argparse.Namespace) -> int:
    rows = run_history.run_rows(client("stepfunctions"), parts.machine_arns)
    print(table(run_history.RUN_HEADINGS, rows))
    return DONE


def show_run(parts: AdminParts, asked: argparse.Namespace) -> int:
    run, events = run_history.run_of(client("stepfunctions"), parts.machine_arns, asked.id)
    (listed,) = run_history.listed([run])
    print(f"run {listed[0]} of {listed[1]}: {listed[2]}, started {listed[3]}, took {listed[4]}")
    if asked.events:
        print(table(run_history.EVENT_HEADINGS, run_history.event_rows(run["startDate"], events)))
    else:
        print(table(run_states.HEADINGS, run_states.state_rows(run["startDate"], events)))
    return DONE


def verify_line(parts: AdminParts) -> str:
    """What was checked, in a line.

    Raises:
        AuditError: the chain or its anchor does not hold.
    """
    verdict = parts.verify_audit()()
    anchored = "no anchor yet" if verdict.anchored_rows is None else f"{verdict.anchored_rows} rows anchored"
    checked = f"{verdict.rows} rows in {verdict.shards} shards"
    return f"the audit chain holds: {checked}, {anchored} before; a new anchor is written"


def audit_table(reader: PostgresAuditReader, limit: int = _ROWS) -> str:
    """The newest rows, for a person: who did what, in counts."""
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
            for row in reader.recent(limit)
        ],
    )


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")

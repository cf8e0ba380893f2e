"""Starting a bulk, going on with one that stopped, handing out what it made: an operator's acts, audited."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hntai.contracts.bulk import BulkRow
from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome
from hntai.domain.bulk import MAX_BATCH_ROWS, MAX_ROWS, BulkId, BulkPlan
from hntai.domain.errors import BulkRunningError, InvalidRequestError
from hntai.ports import AuditLog, Clock, Digests
from hntai.ports.bulk import BulkStarter
from hntai.services.bulk.bulk_store import BulkStore


@dataclass(frozen=True, slots=True)
class RunBulk:
    """What an operator does with bulks; each act leaves a row that says who did it."""

    store: BulkStore
    starter: BulkStarter
    audit: AuditLog
    digests: Digests
    clock: Clock
    actor: Callable[[], str]

    def start(self, plan: BulkPlan, rows: Sequence[BulkRow]) -> BulkId:
        """A new bulk, on its way.

        Raises:
            InvalidRequestError: no row, too many, or a limit that is none.
            WorkflowUnavailableError: it is kept, and resume() may start it.
        """
        _check(plan, len(rows))
        bulk_id = self.store.create(plan, rows)
        self._record(Operation.BULK_STARTED, bulk_id, plan.tenant, {"rows": plan.rows})
        self.starter.start(str(bulk_id), 1)
        return bulk_id

    def resume(self, bulk_id: BulkId) -> int:
        """Which attempt now runs, over the rows without a success.

        Raises:
            ResourceUnknownError: there is no such bulk.
            BulkRunningError: it still runs: two attempts would do the same rows.
        """
        plan, attempt = self.store.plan(bulk_id), max(1, self.store.attempts(bulk_id))
        while (is_running := self.starter.is_running(str(bulk_id), attempt)) is not None:
            if is_running:
                raise BulkRunningError(attempt=attempt)
            attempt += 1  # one that ended, be it before it wrote its index
        pending = sum(1 for _ in self.store.pending(bulk_id, plan))
        self._record(Operation.BULK_STARTED, bulk_id, plan.tenant, {"rows": pending})
        self.starter.start(str(bulk_id), attempt)
        return attempt

    def lines(self, bulk_id: BulkId) -> Iterator[str]:
        """JSON lines: row, patientid, state, and answer or error. The audit row comes first.

        Raises:
            ResourceUnknownError: there is no such bulk.
        """
        plan = self.store.plan(bulk_id)
        done = len(self.store.progress(bulk_id).succeeded)
        self._record(Operation.BULK_RESULTS_READ, bulk_id, plan.tenant, {"rows": done})
        lines: Iterator[dict[str, Any]] = self.store.lines(bulk_id)
        return (json.dumps(line, ensure_ascii=False) for line in lines)

    def _record(self, operation: Operation, bulk_id: BulkId, tenant: str, counts: dict[str, int]) -> None:
        row = AuditRow(
            id=AuditId(uuid.uuid4()),
            occurred_at=self.clock(),
            tenant=tenant,
            actor=self.actor(),
            operation=operation,
            outcome=Outcome.SUCCEEDED,
            entity_counts=counts,
            input_hmac=self.digests("audit-input", str(bulk_id).encode()),
            duration_ms=0,
            model="",
            request_id=str(bulk_id),
        )
        self.audit.append([row])


def _check(plan: BulkPlan, rows: int) -> None:
    limits = {
        "rows": (rows, MAX_ROWS),
        "batch_rows": (plan.batch_rows, MAX_BATCH_ROWS),
        "concurrency": (plan.concurrency, 10_000),
        "requests_per_s": (plan.requests_per_s, 10_000),
    }
    for name, (value, most) in limits.items():
        if not 0 < value <= most:
            raise InvalidRequestError(field=name, limit=most)
    if not 0 <= plan.tolerated_failure_percentage <= 100:
        raise InvalidRequestError(field="tolerated_failure_percentage", limit=100)

"""A bulk: many patient summaries from one manifest, cut into batches of row numbers that name nobody."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NewType

from hntai.domain.jobs import JobId

BulkId = NewType("BulkId", uuid.UUID)
BLOCK_ROWS = 1000
"""Rows of the manifest sealed together: what reading one row has to open, some 100 kB."""
MAX_ROWS = 1_000_000
MAX_BATCH_ROWS = 100
"""A child's history holds 25,000 events, and a row makes some 20. Source: AWS Step Functions quotas."""


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What was asked for, but for the rows."""

    tenant: str
    actor: str
    """Who started it: the owner of its runs, and who their audit rows name."""
    rows: int
    batch_rows: int
    requests_per_s: float
    """Most the EHR is to be asked, all children together."""
    concurrency: int
    """Children at a time; each has one patient in hand."""
    tolerated_failure_percentage: int
    """Of batches that failed as a whole; beyond it the bulk stops."""


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """How one row went. answer: the summary's, where it succeeded."""

    row: int
    patient_id: str
    answer: Mapping[str, object] | None
    error: str
    """The leaf of the error tree, by class name; empty where it succeeded."""


def batches(pending: Iterable[int], size: int) -> list[dict[str, object]]:
    """The index a Distributed Map reads: row numbers, size of them a batch, numbered."""
    rows = list(pending)
    cut: list[Sequence[int]] = [rows[place : place + size] for place in range(0, len(rows), size)]
    return [{"batch": number, "rows": list(part)} for number, part in enumerate(cut)]


def job_of(bulk_id: BulkId, attempt: int, row: int) -> JobId:
    """The same job however often its row is started in one attempt."""
    return JobId(uuid.uuid5(bulk_id, f"{attempt}/{row}"))

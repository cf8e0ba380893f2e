"""A bulk at rest: whatever names a patient is sealed, keys and the index hold numbers.

bulk/<id>/plan                             sealed: what was asked for
bulk/<id>/rows/<block>                     sealed: the manifest, a thousand rows each
bulk/<id>/index/<attempt>.json             clear: row numbers in batches; what the Distributed Map reads
bulk/<id>/results/<attempt>-<batch>.jsonl  sealed: a line for each row
bulk/<id>/done/<attempt>-<batch>.json      clear: row numbers that succeeded, and that failed with which error
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from hntai.contracts.bulk import BulkRow
from hntai.domain.bulk import BLOCK_ROWS, BulkId, BulkPlan, RowOutcome
from hntai.domain.errors import ResourceUnknownError, UploadMissingError
from hntai.ports import Blobs, Sealer

_AT_ONCE = 10
"""Objects read side by side: a million rows leave some ten thousand of them."""


@dataclass(frozen=True, slots=True)
class BulkProgress:
    """Row numbers by how they ended; a row that failed and succeeded later has succeeded."""

    succeeded: frozenset[int]
    failed: dict[int, str]
    """By row number, the error of its last attempt."""


@dataclass(frozen=True, slots=True)
class BulkStore:
    """Keeps and gives back. Raises BlobsUnavailableError, SealingUnavailableError."""

    blobs: Blobs
    sealer: Sealer

    def create(self, plan: BulkPlan, rows: Sequence[BulkRow]) -> BulkId:
        """A new bulk with everything it needs; nothing is started."""
        bulk_id = BulkId(uuid.uuid4())
        for first in range(0, len(rows), BLOCK_ROWS):
            block = [row.model_dump(mode="json") for row in rows[first : first + BLOCK_ROWS]]
            self._put(_block_key(bulk_id, first), json.dumps(block))
        self._put(f"bulk/{bulk_id}/plan", json.dumps(asdict(plan)))
        return bulk_id

    def plan(self, bulk_id: BulkId) -> BulkPlan:
        """Raises ResourceUnknownError."""
        try:
            return BulkPlan(**json.loads(self._get(f"bulk/{bulk_id}/plan")))
        except UploadMissingError:
            raise ResourceUnknownError from None

    def row(self, bulk_id: BulkId, row: int) -> BulkRow:
        """Raises UploadMissingError, IndexError: the manifest has no such row."""
        block: list[Any] = json.loads(self._get(_block_key(bulk_id, row)))
        return BulkRow.model_validate(block[row % BLOCK_ROWS])

    def keep_index(self, bulk_id: BulkId, attempt: int, index: Sequence[object]) -> str:
        """The key it was written to."""
        key = f"bulk/{bulk_id}/index/{attempt}.json"
        self.blobs.put(key, json.dumps(index).encode())
        return key

    def attempts(self, bulk_id: BulkId) -> int:
        """How often it was started."""
        return len(self.blobs.keys(f"bulk/{bulk_id}/index/"))

    def keep_results(self, bulk_id: BulkId, attempt: int, batch: int, outcomes: Sequence[RowOutcome]) -> None:
        """The batch's lines, then which rows are done: only what can be read counts as done."""
        name = f"{attempt:03}-{batch:06}"
        lines = "".join(json.dumps(_line(outcome), ensure_ascii=False) + "\n" for outcome in outcomes)
        self._put(f"bulk/{bulk_id}/results/{name}.jsonl", lines)
        done = {
            "succeeded": [outcome.row for outcome in outcomes if not outcome.error],
            "failed": {str(outcome.row): outcome.error for outcome in outcomes if outcome.error},
        }
        self.blobs.put(f"bulk/{bulk_id}/done/{name}.json", json.dumps(done).encode())

    def progress(self, bulk_id: BulkId) -> BulkProgress:
        """Of all attempts together."""
        succeeded: set[int] = set()
        failed: dict[int, str] = {}
        keys = self.blobs.keys(f"bulk/{bulk_id}/done/")
        with ThreadPoolExecutor(_AT_ONCE) as readers:
            read = list(readers.map(lambda key: json.loads(b"".join(self.blobs.read(key))), keys))
        for done in read:
            succeeded.update(done["succeeded"])
            failed.update({int(row): error for row, error in done["failed"].items()})
        return BulkProgress(
            frozenset(succeeded), {row: error for row, error in failed.items() if row not in succeeded}
        )

    def lines(self, bulk_id: BulkId) -> Iterator[dict[str, Any]]:
        """A line for each row that ended: its success where there is one, else how it last failed."""
        progress = self.progress(bulk_id)
        told: set[int] = set()
        for key in reversed(self.blobs.keys(f"bulk/{bulk_id}/results/")):
            for text in self._get(key).splitlines():
                line: dict[str, Any] = json.loads(text)
                is_last_word = line["state"] == "succeeded" or line["row"] in progress.failed
                if is_last_word and line["row"] not in told:
                    told.add(line["row"])
                    yield line

    def pending(self, bulk_id: BulkId, plan: BulkPlan) -> Iterable[int]:
        """Rows without a success, in order."""
        succeeded = self.progress(bulk_id).succeeded
        return [row for row in range(plan.rows) if row not in succeeded]

    def _put(self, key: str, text: str) -> None:
        self.blobs.put(key, self.sealer.seal(text.encode(), key))

    def _get(self, key: str) -> str:
        return self.sealer.open(b"".join(self.blobs.read(key)), key).decode()


def _block_key(bulk_id: BulkId, row: int) -> str:
    return f"bulk/{bulk_id}/rows/{row // BLOCK_ROWS:06}"


def _line(outcome: RowOutcome) -> dict[str, object]:
    line: dict[str, object] = {"row": outcome.row, "patientid": outcome.patient_id}
    if outcome.error:
        return {**line, "state": "failed", "error": outcome.error}
    return {**line, "state": "succeeded", "answer": outcome.answer}

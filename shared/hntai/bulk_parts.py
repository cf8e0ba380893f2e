"""The parts of a bulk, on those of every function."""

from __future__ import annotations

import time
from functools import cached_property

from hntai.adapters.blobs import S3Blobs
from hntai.adapters.clock import utc_now
from hntai.adapters.ehr_turns import ValkeyEhrTurns
from hntai.adapters.secrets import secret
from hntai.bootstrap import Parts
from hntai.config import required
from hntai.services.bulk.bulk_steps import KeepResults, PrepareBulk, StartRow, SumUp, TakeTurn
from hntai.services.bulk.bulk_store import BulkStore


class BulkParts:
    """Built when asked for, as Parts are."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @cached_property
    def store(self) -> BulkStore:
        bucket = required(self._parts.settings, "uploads_bucket")
        return BulkStore(S3Blobs(bucket), self._parts.sealer)

    def prepare(self) -> PrepareBulk:
        return PrepareBulk(self.store)

    def take_turn(self) -> TakeTurn:
        return TakeTurn(self.store, ValkeyEhrTurns(self._parts.cache), time.sleep)

    def start_row(self) -> StartRow:
        credentials = secret(required(self._parts.settings, "bulk_ehr_credentials"))
        return StartRow(self.store, self._parts.jobs, self._parts.workspace, credentials, utc_now)

    def keep_results(self) -> KeepResults:
        parts = self._parts
        return KeepResults(self.store, parts.jobs, parts.workspace, parts.run_events)

    def sum_up(self) -> SumUp:
        return SumUp(self.store)

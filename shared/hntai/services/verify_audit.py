"""Checking the audit: every link of every shard, and the signed anchors outside the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hntai.domain.audit import GENESIS_HASH, ChainHead, chain_hash
from hntai.domain.errors import AuditChainBrokenError
from hntai.ports import AuditAnchors, AuditReader, Clock

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What was checked, in counts."""

    rows: int
    shards: int
    anchored_rows: int | None
    """Rows the newest anchor vouches for; None where there was no anchor yet."""


@dataclass(frozen=True, slots=True)
class VerifyAudit:
    """Walks the chain, holds it against the newest anchor, and leaves a new one."""

    reader: AuditReader
    anchors: AuditAnchors
    clock: Clock

    def __call__(self) -> AuditVerdict:
        """Raises AuditChainBrokenError(shard, position); AuditAnchorForgedError."""
        anchored = self.anchors.latest()
        heads = self.reader.heads()
        promised = {head.shard: head for head in anchored or ()}
        rows = sum(self._walk(head, promised.get(head.shard)) for head in heads)
        self.anchors.put(heads, self.clock())
        counted = None if anchored is None else sum(head.row_count for head in anchored)
        return AuditVerdict(rows, len(heads), counted)

    def _walk(self, head: ChainHead, promised: ChainHead | None) -> int:
        """How many rows the shard has up to its head, each linked to the one before."""
        position, previous = 0, GENESIS_HASH
        while position < head.row_count:
            page = self.reader.rows(head.shard, position, min(_PAGE, head.row_count - position))
            if not page:
                raise AuditChainBrokenError(shard=head.shard, position=position + 1)
            for row in page:
                position += 1
                linked = row.position == position and row.previous_hash == previous
                if not linked or chain_hash(row) != row.row_hash:
                    raise AuditChainBrokenError(shard=head.shard, position=position)
                previous = row.row_hash
                if promised is not None and position == promised.row_count and previous != promised.row_hash:
                    raise AuditChainBrokenError(shard=head.shard, position=position)
        if previous != head.row_hash or (promised is not None and position < promised.row_count):
            raise AuditChainBrokenError(shard=head.shard, position=position)
        return position


@dataclass(frozen=True, slots=True)
class AnchorAudit:
    """Leaves the signed heads of the chain outside the database; runs on a schedule."""

    reader: AuditReader
    anchors: AuditAnchors
    clock: Clock

    def __call__(self) -> Sequence[ChainHead]:
        heads = self.reader.heads()
        self.anchors.put(heads, self.clock())
        return heads

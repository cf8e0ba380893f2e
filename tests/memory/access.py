"""Identity, rate and idempotency in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hntai.domain.errors import (
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
    RateLimitedError,
    UnauthenticatedError,
)
from hntai.domain.identity import Identity
from hntai.ports import Answer, Clock

REMEMBERED = timedelta(hours=24)
LOCKED = timedelta(seconds=60)


@dataclass
class MemoryVerifier:
    """Bearer tokens that are simply known."""

    known: dict[str, Identity] = field(default_factory=dict)

    def verify(self, authorization: str | None, api_key: str | None) -> Identity:
        token = (authorization or "").removeprefix("Bearer ") or api_key or ""
        if token not in self.known:
            raise UnauthenticatedError
        return self.known[token]


@dataclass
class MemoryRateLimiter:
    limit: int = 1_000_000
    count: int = 0

    def admit(self, identity: Identity) -> None:
        self.count += 1
        if self.count > self.limit:
            raise RateLimitedError(limit_per_minute=self.limit, retry_after_s=7)


@dataclass
class _Record:
    body: bytes
    locked_until: datetime
    expires_at: datetime
    answer: Answer | None = None


@dataclass
class MemoryIdempotencyRecords:
    clock: Clock
    records: dict[tuple[str, str, str], _Record] = field(default_factory=dict)

    def begin(self, identity: Identity, path: str, key: str, body: bytes) -> Answer | None:
        now, place = self.clock(), (identity.owner, path, key)
        record = self.records.get(place)
        is_dead = record is not None and record.answer is None and record.locked_until <= now
        if record is None or record.expires_at <= now or (is_dead and record.body == body):
            self.records[place] = _Record(body, now + LOCKED, now + REMEMBERED)
            return None
        if record.body != body:
            raise IdempotencyKeyReusedError
        if record.answer is None:
            raise IdempotencyInProgressError(retry_after_s=1)
        return record.answer

    def finish(self, identity: Identity, path: str, key: str, answer: Answer) -> None:
        self.records[identity.owner, path, key].answer = answer

    def release(self, identity: Identity, path: str, key: str) -> None:
        record = self.records.get((identity.owner, path, key))
        if record is not None and record.answer is None:
            del self.records[identity.owner, path, key]


@dataclass
class MemoryMetrics:
    counts: dict[tuple[str, tuple[tuple[str, str], ...]], float] = field(default_factory=dict)

    def count(self, name: str, labels: Mapping[str, str], by: int = 1) -> None:
        place = (name, tuple(sorted(labels.items())))
        self.counts[place] = self.counts.get(place, 0) + by

    def observe(self, name: str, labels: Mapping[str, str], seconds: float) -> None:
        self.count(f"{name}_count", labels)

    def flush(self) -> None:
        pass

    def render(self) -> str:
        return "\n".join(f"{name}{dict(labels)} {value}" for (name, labels), value in self.counts.items())

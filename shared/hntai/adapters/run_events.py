"""Run events in a Valkey stream per job: the stream's ids are the SSE ids."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hntai.adapters.cache import MAX_WAIT_S, Cache
from hntai.domain.errors import CacheUnavailableError
from hntai.domain.jobs import JobId
from hntai.domain.run_events import EventType, RunEvent, StoredEvent
from hntai.ports import Sealer

KEPT = timedelta(hours=24)
_FIELD = b"e"


class ValkeyRunEvents:
    """See hntai.ports.RunEvents. Events rest sealed, bound to their job."""

    def __init__(self, cache: Cache, sealer: Sealer) -> None:
        self._cache = cache
        self._sealer = sealer

    def append(self, job_id: JobId, event: RunEvent) -> str | None:
        sealed = self._sealer.seal(event.to_json().encode(), _context(job_id))

        def add(valkey: Any) -> bytes:
            pipeline = valkey.pipeline(transaction=False)
            pipeline.xadd(_key(job_id), {_FIELD: sealed})
            pipeline.expire(_key(job_id), int(KEPT.total_seconds()))
            added: bytes = pipeline.execute()[0]
            return added

        try:
            return self._cache.run(add).decode()
        except CacheUnavailableError:
            return None

    def read(self, job_id: JobId, after: str, wait_s: float) -> Sequence[StoredEvent]:
        block_ms = max(1, int(min(wait_s, MAX_WAIT_S) * 1000))
        answer: Any = self._cache.run(
            lambda valkey: valkey.xread({_key(job_id): after}, block=block_ms), wait_s=wait_s
        )
        entries = next(iter(answer.values()))[0] if isinstance(answer, dict) and answer else _entries(answer)
        return [self._opened(job_id, entry_id, fields[_FIELD]) for entry_id, fields in entries]

    def has(self, job_id: JobId, event_id: str) -> bool:
        found: Any = self._cache.run(lambda valkey: valkey.xrange(_key(job_id), event_id, event_id))
        return bool(found)

    def forget(self, job_id: JobId) -> None:
        with suppress(CacheUnavailableError):
            self._cache.run(lambda valkey: valkey.delete(_key(job_id)))

    def _opened(self, job_id: JobId, entry_id: bytes, sealed: bytes) -> StoredEvent:
        data: dict[str, object] = json.loads(self._sealer.open(sealed, _context(job_id)))
        return StoredEvent(entry_id.decode(), RunEvent(EventType(str(data.pop("type"))), data))


def _entries(answer: Any) -> Any:
    """The entries of the one stream asked for; no stream, no entries."""
    return answer[0][1] if answer else ()


def _key(job_id: JobId) -> str:
    return f"run-events:{job_id}"


def _context(job_id: JobId) -> str:
    return f"run-event/{job_id}"

"""Requests per identity and minute, counted in Valkey; counted here while Valkey is gone."""

from __future__ import annotations

import threading
from collections.abc import MutableMapping
from typing import Any

from hntai.adapters.cache import Cache
from hntai.domain.errors import CacheUnavailableError, RateLimitedError
from hntai.domain.identity import Identity
from hntai.ports import Clock, Digests

WINDOW_S = 60


class ValkeyRateLimiter:
    """A fixed window per minute of the clock."""

    def __init__(self, cache: Cache, digests: Digests, clock: Clock, limit_per_minute: int) -> None:
        self._cache = cache
        self._digests = digests
        self._clock = clock
        self._limit = limit_per_minute
        self._local: MutableMapping[tuple[int, bytes], int] = {}
        self._lock = threading.Lock()

    def admit(self, identity: Identity) -> None:
        """Raises RateLimitedError with the seconds until the next window."""
        now = self._clock().timestamp()
        window = int(now // WINDOW_S)
        who = self._digests("rate-limit", identity.owner.encode())[:16]
        if self._count(window, who) > self._limit:
            raise RateLimitedError(
                limit_per_minute=self._limit, retry_after_s=max(1, int(WINDOW_S - now % WINDOW_S))
            )

    def _count(self, window: int, who: bytes) -> int:
        key = f"rate:{window}:{who.hex()}"

        def increment(valkey: Any) -> int:
            pipeline = valkey.pipeline(transaction=False)
            pipeline.incr(key)
            pipeline.expire(key, 2 * WINDOW_S)
            return int(pipeline.execute()[0])

        try:
            return self._cache.run(increment)
        except CacheUnavailableError:
            return self._count_here(window, who)

    def _count_here(self, window: int, who: bytes) -> int:
        with self._lock:
            for past in [entry for entry in self._local if entry[0] < window]:
                del self._local[past]
            count = self._local.get((window, who), 0) + 1
            self._local[(window, who)] = count
            return count

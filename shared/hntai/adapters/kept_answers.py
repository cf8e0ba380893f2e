"""Answers in Valkey, sealed, for an hour: asking again costs nothing, and losing them costs only time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hntai.adapters.cache import Cache
from hntai.domain.errors import CacheUnavailableError, SealingUnavailableError
from hntai.ports import Sealer

KEPT = timedelta(hours=1)


class ValkeyAnswers:
    """See hntai.ports.Answers. purpose: whose answers, part of the key and of the seal."""

    def __init__(self, cache: Cache, sealer: Sealer, purpose: str) -> None:
        self._cache = cache
        self._sealer = sealer
        self._purpose = purpose

    def get(self, key: bytes) -> bytes | None:
        try:
            sealed: Any = self._cache.run(lambda valkey: valkey.get(self._name(key)))
            return None if sealed is None else self._sealer.open(sealed, self._name(key))
        except (CacheUnavailableError, SealingUnavailableError):
            return None

    def put(self, key: bytes, answer: bytes) -> None:
        try:
            sealed = self._sealer.seal(answer, self._name(key))
            self._cache.run(lambda valkey: valkey.set(self._name(key), sealed, ex=int(KEPT.total_seconds())))
        except (CacheUnavailableError, SealingUnavailableError):
            return

    def _name(self, key: bytes) -> str:
        return f"answer:{self._purpose}:{key.hex()}"

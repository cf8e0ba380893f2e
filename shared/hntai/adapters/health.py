"""Whether the parts HNTAI stands on answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from hntai.adapters.cache import Cache
from hntai.adapters.postgres import PostgresSession
from hntai.domain.errors import CacheUnavailableError, DatabaseUnavailableError
from hntai.ports import Clock

_REPORTS: Final = "hntai:models"
_KNOWN_FOR_S: Final = 86_400
"""A function that has not started for a day may be gone."""


class PostgresProbe:
    name = "postgresql"

    def __init__(self, session: PostgresSession) -> None:
        self._session = session

    def __call__(self) -> bool:
        try:
            with self._session.transaction() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseUnavailableError:
            return False
        return True


class ValkeyProbe:
    name = "redis"

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def __call__(self) -> bool:
        try:
            return bool(self._cache.run(lambda valkey: valkey.ping()))
        except CacheUnavailableError:
            return False


class ReportedModels:
    """What functions that run models said of them when they started: status cannot look into their images."""

    name = "models"

    def __init__(self, cache: Cache, clock: Clock) -> None:
        self._cache, self._clock = cache, clock

    def report(self, function: str, models: Mapping[str, bool]) -> None:
        """Tells of a function's models, by name, whether each is whole. Without Valkey nobody is told."""
        told = json.dumps({"at": self._clock().timestamp(), "models": dict(models)})
        with suppress(CacheUnavailableError):
            self._cache.run(lambda valkey: valkey.hset(_REPORTS, function, told))
            self._cache.run(lambda valkey: valkey.expire(_REPORTS, _KNOWN_FOR_S))

    def __call__(self) -> bool:
        """False where a function told, within a day, of a model that is there in part; rules need none."""
        try:
            told: Any = self._cache.run(lambda valkey: valkey.hvals(_REPORTS))
        except CacheUnavailableError:
            return True  # which ValkeyProbe tells
        now = self._clock().timestamp()
        reports = (json.loads(report) for report in told)
        recent = (report["models"] for report in reports if now - report["at"] < _KNOWN_FOR_S)
        return all(is_whole for models in recent for is_whole in models.values())

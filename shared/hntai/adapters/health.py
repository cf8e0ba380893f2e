"""Whether the parts HNTAI stands on answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from hntai.adapters.cache import Cache
from hntai.adapters.postgres import PostgresSession
from hntai.domain.errors import CacheUnavailableError, DatabaseUnavailableError

_REPORTS: Final = "hntai:models"
_KNOWN_FOR_S: Final = 86_400


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

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def report(self, function: str, models: Mapping[str, bool]) -> None:
        """Tells of a function's models, by name, whether each is whole. Without Valkey nobody is told."""
        with suppress(CacheUnavailableError):
            self._cache.run(lambda valkey: valkey.hset(_REPORTS, function, json.dumps(dict(models))))
            self._cache.run(lambda valkey: valkey.expire(_REPORTS, _KNOWN_FOR_S))

    def __call__(self) -> bool:
        """False where a function has a model in part; where none is baked or has started, rules carry on."""
        try:
            reports: Any = self._cache.run(lambda valkey: valkey.hvals(_REPORTS))
        except CacheUnavailableError:
            return True  # which ValkeyProbe tells
        return all(is_whole for report in reports for is_whole in json.loads(report).values())

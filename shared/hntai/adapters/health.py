"""Whether the parts HNTAI stands on answer."""

from __future__ import annotations

from hntai.adapters.cache import Cache
from hntai.adapters.postgres import PostgresSession
from hntai.domain.errors import CacheUnavailableError, DatabaseUnavailableError


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

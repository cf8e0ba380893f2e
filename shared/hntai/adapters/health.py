"""Whether the parts HNTAI stands on answer."""

from __future__ import annotations

from hntai.adapters.baked_models import BakedModels
from hntai.adapters.cache import Cache
from hntai.adapters.postgres import PostgresSession
from hntai.domain.errors import CacheUnavailableError, DatabaseUnavailableError, ModelFailedError


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


class ModelsProbe:
    """Ready where a model of the function is there, and none of them is there in part."""

    name = "models"

    def __init__(self, baked: BakedModels, function: str) -> None:
        self._baked = baked
        self._models = tuple(model for model in baked.manifest.models if function in model.functions)

    def __call__(self) -> bool:
        begun = [model for model in self._models if self._baked.is_begun(model)]
        try:
            return bool([self._baked.get(model) for model in begun])
        except ModelFailedError:
            return False

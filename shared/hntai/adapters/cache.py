"""The connection to Valkey, with short limits and a breaker: what it holds may be lost, time may not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from hntai.domain.errors import CacheUnavailableError

if TYPE_CHECKING:
    import redis

T = TypeVar("T")

CONNECT_TIMEOUT_S = 0.25
SOCKET_TIMEOUT_S = 0.5
BREAKER_OPEN_S = 2.0
"""While Valkey is gone, one call in two seconds pays for finding out."""


class Cache:
    """Runs commands on Valkey.

    Raises:
        CacheUnavailableError: from run, when Valkey does not answer.
    """

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._closed_until = 0.0
        self._lock = threading.Lock()

    def run(self, command: Callable[[redis.Redis], T], *, wait_s: float = 0.0) -> T:
        """What the command returns; wait_s is how long the command itself may block on the server."""
        import redis

        if time.monotonic() < self._closed_until:
            raise CacheUnavailableError
        try:
            return command(self._waiting if wait_s else self._quick)
        except redis.ResponseError as error:
            raise CacheUnavailableError from error
        except (redis.RedisError, OSError) as error:
            self._closed_until = time.monotonic() + BREAKER_OPEN_S
            raise CacheUnavailableError from error

    def close(self) -> None:
        """Closes what was opened; the next call opens again."""
        for name in ("_quick", "_waiting"):
            opened = self.__dict__.pop(name, None)
            if opened is not None:
                opened.close()

    @cached_property
    def _quick(self) -> redis.Redis:
        return self._client(SOCKET_TIMEOUT_S)

    @cached_property
    def _waiting(self) -> redis.Redis:
        return self._client(SOCKET_TIMEOUT_S + MAX_WAIT_S, retries=0)

    def _client(self, socket_timeout_s: float, retries: int = 1) -> redis.Redis:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        return redis.Redis.from_url(
            self._url(),
            socket_connect_timeout=CONNECT_TIMEOUT_S,
            socket_timeout=socket_timeout_s,
            retry=Retry(NoBackoff(), retries),
            decode_responses=False,
        )


MAX_WAIT_S = 5.0
"""The longest a blocking read may wait; with its time-out well inside the 10 s between heartbeats."""

"""Turns at the EHR in Valkey: one number, the moment of the next free turn, moved by whoever takes one.

A token bucket in the form of its next free moment: it holds no more than one token, and may owe. Reserving a
moment in place of asking again and again keeps order among thousands of children, and costs one call each.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hntai.adapters.cache import Cache
from hntai.domain.errors import CacheUnavailableError

_KEY = "ehr-turns"
_KEPT_S = 3600
"""Beyond the last turn that was given out."""
_NOW = "local time = redis.call('TIME'); local now = time[1] + time[2] / 1e6 "
_TAKE = (
    _NOW
    + """
local free = math.max(tonumber(redis.call('HGET', KEYS[1], 'free') or '0'), now)
redis.call('HSET', KEYS[1], 'free', string.format('%.6f', free + ARGV[1]), 'interval', ARGV[1])
redis.call('EXPIRE', KEYS[1], math.ceil(free - now + ARGV[2]))
return string.format('%.6f', free - now)
"""
)
_SPEND = (
    _NOW
    + """
local interval = redis.call('HGET', KEYS[1], 'interval')
if not interval then return 0 end
local free = math.max(tonumber(redis.call('HGET', KEYS[1], 'free')), now)
redis.call('HSET', KEYS[1], 'free', string.format('%.6f', free + ARGV[1] * interval))
return 1
"""
)


class ValkeyEhrTurns:
    """See hntai.ports.bulk.EhrTurns. Valkey's clock decides, so that it does not matter whose runs fast."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def take(self, requests_per_s: float) -> float:
        interval = f"{1 / requests_per_s:.6f}"
        return float(self._cache.run(lambda valkey: _eval(valkey, _TAKE, interval, str(_KEPT_S))))

    def spend(self, requests: int) -> None:
        if requests > 0:
            with suppress(CacheUnavailableError):
                self._cache.run(lambda valkey: _eval(valkey, _SPEND, str(requests)))


def _eval(valkey: Any, script: str, *arguments: str) -> Any:
    return valkey.eval(script, 1, _KEY, *arguments)

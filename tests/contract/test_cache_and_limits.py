"""What Valkey does while it is there, and what goes on without it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from hntai.adapters.cache import Cache
from hntai.adapters.digests import KeyedDigests
from hntai.adapters.health import ReportedModels
from hntai.adapters.metrics import ValkeyMetrics
from hntai.adapters.rate_limit import ValkeyRateLimiter
from hntai.domain.errors import CacheUnavailableError, RateLimitedError
from hntai.domain.identity import Identity
from tests.memory.runs import SteppingClock

ANNA = Identity("default", "anna", frozenset())
BERTA = Identity("default", "berta", frozenset())
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(params=[pytest.param("valkey", marks=pytest.mark.valkey), "gone"])
def any_cache(request: pytest.FixtureRequest) -> Cache:
    if request.param == "gone":
        return Cache(lambda: NOWHERE)
    cache: Cache = request.getfixturevalue("cache")
    cache.run(lambda valkey: valkey.flushdb())
    return cache


def test_the_limit_is_per_identity_and_minute_with_or_without_valkey(
    any_cache: Cache, digests: KeyedDigests
) -> None:
    clock = SteppingClock()
    limiter = ValkeyRateLimiter(any_cache, digests, clock, limit_per_minute=3)
    for _ in range(3):
        limiter.admit(ANNA)
    with pytest.raises(RateLimitedError) as raised:
        limiter.admit(ANNA)
    assert 1 <= int(str(raised.value.details["retry_after_s"])) <= 60
    limiter.admit(BERTA)
    clock.advance(60)
    limiter.admit(ANNA)


@pytest.mark.valkey
def test_two_environments_count_together(cache: Cache, digests: KeyedDigests) -> None:
    cache.run(lambda valkey: valkey.flushdb())
    clock = SteppingClock()
    one, two = (ValkeyRateLimiter(cache, digests, clock, limit_per_minute=2) for _ in range(2))
    one.admit(ANNA)
    two.admit(ANNA)
    with pytest.raises(RateLimitedError):
        one.admit(ANNA)


@pytest.mark.valkey
def test_no_key_in_valkey_shows_who_called(cache: Cache, digests: KeyedDigests) -> None:
    cache.run(lambda valkey: valkey.flushdb())
    ValkeyRateLimiter(cache, digests, SteppingClock(), 5).admit(
        Identity("clinic", "dr-anna@example.org", frozenset())
    )
    keys: Any = cache.run(lambda valkey: valkey.keys("*"))
    assert keys
    assert b"anna" not in b"".join(keys)


@pytest.mark.valkey
def test_metrics_of_all_environments_add_up_as_prometheus_text(cache: Cache) -> None:
    cache.run(lambda valkey: valkey.flushdb())
    labels = {"function": "scrub", "route": "/phi/scrub"}
    for seconds in (0.004, 0.2, 99.0):
        metrics = ValkeyMetrics(cache)
        metrics.count("hntai_requests_total", {**labels, "status": "200"})
        metrics.observe("hntai_request_seconds", labels, seconds)
        metrics.flush()
    lines = ValkeyMetrics(cache).render().splitlines()
    assert 'hntai_requests_total{function="scrub",route="/phi/scrub",status="200"} 3' in lines
    shown = 'function="scrub",route="/phi/scrub"'
    assert f'hntai_request_seconds_bucket{{{shown},le="0.005"}} 1' in lines
    assert f'hntai_request_seconds_bucket{{{shown},le="0.25"}} 2' in lines
    assert f'hntai_request_seconds_bucket{{{shown},le="+Inf"}} 3' in lines
    assert f"hntai_request_seconds_count{{{shown}}} 3" in lines


def test_without_valkey_metrics_are_let_go_quietly_and_reading_says_so() -> None:
    metrics = ValkeyMetrics(Cache(lambda: NOWHERE))
    metrics.count("hntai_requests_total", {})
    metrics.flush()
    with pytest.raises(CacheUnavailableError):
        metrics.render()


def test_while_valkey_is_gone_only_one_call_pays_for_finding_out() -> None:
    cache = Cache(lambda: NOWHERE)
    with pytest.raises(CacheUnavailableError):
        cache.run(lambda valkey: valkey.ping())
    started = time.monotonic()
    for _ in range(100):
        with pytest.raises(CacheUnavailableError):
            cache.run(lambda valkey: valkey.ping())
    assert time.monotonic() - started < 0.1


@pytest.mark.valkey
def test_a_model_there_in_part_makes_the_service_not_ready_until_it_is_whole(
    cache: Cache,
) -> None:
    cache.run(lambda valkey: valkey.flushdb())
    clock = SteppingClock()
    models = ReportedModels(cache, clock)
    assert models()
    models.report("stack-summarize", {"minilm": True, "writer": True})
    assert models()
    models.report("stack-generate-section", {"writer": False})
    assert not models()
    models.report("stack-generate-section", {"writer": True})
    assert models()
    models.report("stack-gone", {"writer": False})
    clock.advance(86_401)
    models.report("stack-summarize", {"minilm": True})
    assert models()


def test_without_valkey_models_are_not_called_broken() -> None:
    models = ReportedModels(Cache(lambda: NOWHERE), SteppingClock())
    models.report("stack-summarize", {"minilm": False})
    assert models()

"""Turns at the EHR: one bucket for all, kept by Valkey's clock."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hntai.adapters.cache import Cache
from hntai.adapters.ehr_turns import ValkeyEhrTurns
from hntai.domain.errors import CacheUnavailableError
from hntai_local.valkey import ValkeyServer

pytestmark = pytest.mark.valkey


@pytest.fixture(autouse=True)
def no_turns(cache: Cache) -> None:
    cache.run(lambda valkey: valkey.delete("ehr-turns"))


def test_turns_are_an_interval_apart_whoever_takes_them(valkey: ValkeyServer) -> None:
    children = [ValkeyEhrTurns(Cache(lambda: valkey.url)) for _ in range(4)]
    started = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        waits = sorted(pool.map(lambda number: children[number % 4].take(10.0), range(20)))
    spent = time.monotonic() - started
    assert waits[0] == 0.0
    assert all(waits[number] <= number * 0.1 for number in range(20))
    assert waits[-1] >= 1.9 - spent


def test_what_was_not_used_is_not_saved_up(cache: Cache) -> None:
    turns = ValkeyEhrTurns(cache)
    assert turns.take(20.0) == 0.0
    time.sleep(0.3)
    assert [round(turns.take(20.0) * 20) for _ in range(3)] == [0, 1, 2]


def test_what_a_record_asked_beyond_its_turn_is_waited_for_by_the_next(cache: Cache) -> None:
    turns = ValkeyEhrTurns(cache)
    turns.take(10.0)
    turns.spend(5)
    assert 0.5 <= turns.take(10.0) <= 0.6


def test_requests_of_single_runs_cost_nothing_where_no_bulk_runs(cache: Cache) -> None:
    turns = ValkeyEhrTurns(cache)
    turns.spend(1000)
    assert turns.take(10.0) == 0.0


def test_what_is_kept_ends_by_itself(cache: Cache) -> None:
    ValkeyEhrTurns(cache).take(0.001)
    ValkeyEhrTurns(cache).take(0.001)
    assert 4600 >= cache.run(lambda valkey: valkey.ttl("ehr-turns")) > 4500


def test_without_valkey_nobody_may_ask_and_nobodys_run_fails() -> None:
    turns = ValkeyEhrTurns(Cache(lambda: "redis://127.0.0.1:1/0"))
    with pytest.raises(CacheUnavailableError):
        turns.take(10.0)
    turns.spend(3)

"""Kept answers on the real Valkey: sealed, for a time, and no loss where it is down."""

from __future__ import annotations

import pytest

from hntai.adapters.cache import Cache
from hntai.adapters.kept_answers import KEPT, ValkeyAnswers
from tests.memory.runs import MemorySealer

KEY = b"k" * 32
ANSWER = b'{"summary": "Testpatient, Anna"}'


@pytest.mark.valkey
def test_an_answer_comes_back_and_goes_with_time(cache: Cache) -> None:
    answers = ValkeyAnswers(cache, MemorySealer(), "test")
    answers.put(KEY, ANSWER)
    assert answers.get(KEY) == ANSWER
    assert answers.get(b"o" * 32) is None
    name = f"answer:test:{KEY.hex()}"
    assert 0 < int(str(cache.run(lambda valkey: valkey.ttl(name)))) <= KEPT.total_seconds()
    assert "Testpatient" not in str(cache.run(lambda valkey: valkey.get(name)))


@pytest.mark.valkey
def test_an_answer_moved_to_another_key_is_not_opened(cache: Cache) -> None:
    answers = ValkeyAnswers(cache, MemorySealer(), "test")
    answers.put(KEY, ANSWER)
    name, other = f"answer:test:{KEY.hex()}", f"answer:test:{(b'm' * 32).hex()}"
    cache.run(lambda valkey: valkey.copy(name, other, replace=True))
    assert answers.get(b"m" * 32) is None


def test_without_a_cache_nothing_is_kept_and_nothing_fails() -> None:
    answers = ValkeyAnswers(Cache(lambda: "redis://127.0.0.1:1"), MemorySealer(), "test")
    answers.put(KEY, ANSWER)
    assert answers.get(KEY) is None

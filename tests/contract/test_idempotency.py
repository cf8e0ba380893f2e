"""Idempotency: one suite over memory and PostgreSQL."""

from __future__ import annotations

import pytest

from hntai.adapters.digests import KeyedDigests
from hntai.adapters.idempotency import PostgresIdempotencyRecords
from hntai.adapters.postgres import PostgresSession
from hntai.domain.errors import IdempotencyInProgressError, IdempotencyKeyReusedError
from hntai.domain.identity import Identity
from hntai.ports import Answer, IdempotencyRecords
from tests.memory.access import MemoryIdempotencyRecords
from tests.memory.runs import MemorySealer, SteppingClock

ANNA = Identity("default", "anna", frozenset({"scrub"}))
BERTA = Identity("default", "berta", frozenset({"scrub"}))
ANSWER = Answer(200, {"content-type": "application/json"}, b'{"n":\n1}')


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def records(
    request: pytest.FixtureRequest, clock: SteppingClock, digests: KeyedDigests
) -> IdempotencyRecords:
    if request.param == "memory":
        return MemoryIdempotencyRecords(clock)
    session: PostgresSession = request.getfixturevalue("app_session")
    with session.transaction() as cursor:
        cursor.execute("DELETE FROM idempotency_records")
    return PostgresIdempotencyRecords(session, digests, MemorySealer, clock)


def test_the_first_call_runs_and_a_repeat_gets_its_answer(records: IdempotencyRecords) -> None:
    assert records.begin(ANNA, "/phi/scrub", "k", b"body") is None
    records.finish(ANNA, "/phi/scrub", "k", ANSWER)
    assert records.begin(ANNA, "/phi/scrub", "k", b"body") == ANSWER


def test_another_body_under_the_same_key_is_refused(records: IdempotencyRecords) -> None:
    records.begin(ANNA, "/phi/scrub", "k", b"body")
    with pytest.raises(IdempotencyKeyReusedError):
        records.begin(ANNA, "/phi/scrub", "k", b"other")
    records.finish(ANNA, "/phi/scrub", "k", ANSWER)
    with pytest.raises(IdempotencyKeyReusedError):
        records.begin(ANNA, "/phi/scrub", "k", b"other")


def test_a_repeat_while_the_first_runs_is_told_to_wait(records: IdempotencyRecords) -> None:
    records.begin(ANNA, "/phi/scrub", "k", b"body")
    with pytest.raises(IdempotencyInProgressError):
        records.begin(ANNA, "/phi/scrub", "k", b"body")


def test_a_key_held_by_a_dead_call_is_free_after_a_minute(
    records: IdempotencyRecords, clock: SteppingClock
) -> None:
    records.begin(ANNA, "/phi/scrub", "k", b"body")
    clock.advance(61)
    assert records.begin(ANNA, "/phi/scrub", "k", b"body") is None


def test_a_released_call_is_forgotten(records: IdempotencyRecords) -> None:
    records.begin(ANNA, "/phi/scrub", "k", b"body")
    records.release(ANNA, "/phi/scrub", "k")
    assert records.begin(ANNA, "/phi/scrub", "k", b"other") is None


def test_a_finished_call_is_not_released(records: IdempotencyRecords) -> None:
    records.begin(ANNA, "/phi/scrub", "k", b"body")
    records.finish(ANNA, "/phi/scrub", "k", ANSWER)
    records.release(ANNA, "/phi/scrub", "k")
    assert records.begin(ANNA, "/phi/scrub", "k", b"body") == ANSWER


def test_keys_belong_to_identity_and_path(records: IdempotencyRecords) -> None:
    records.begin(ANNA, "/phi/scrub", "k", b"body")
    assert records.begin(BERTA, "/phi/scrub", "k", b"other") is None
    assert records.begin(ANNA, "/phi/scrub/batch", "k", b"other") is None


def test_an_answer_is_forgotten_after_a_day(records: IdempotencyRecords, clock: SteppingClock) -> None:
    records.begin(ANNA, "/phi/scrub", "k", b"body")
    records.finish(ANNA, "/phi/scrub", "k", ANSWER)
    clock.advance(24 * 3600 + 1)
    assert records.begin(ANNA, "/phi/scrub", "k", b"other") is None

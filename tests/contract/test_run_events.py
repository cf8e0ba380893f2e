"""Run events: one suite over memory and Valkey."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest

from hntai.adapters.cache import Cache
from hntai.adapters.run_events import ValkeyRunEvents
from hntai.domain.errors import CacheUnavailableError, SealingUnavailableError
from hntai.domain.jobs import JobId
from hntai.domain.run_events import EventType, RunEvent, progress, sse
from hntai.ports import RunEvents
from hntai.services.read_run import START
from tests.memory.runs import MemoryRunEvents, MemorySealer


@pytest.fixture(params=["memory", pytest.param("valkey", marks=pytest.mark.valkey)])
def events(request: pytest.FixtureRequest) -> RunEvents:
    if request.param == "memory":
        return MemoryRunEvents()
    return ValkeyRunEvents(request.getfixturevalue("cache"), MemorySealer())


def new_job() -> JobId:
    return JobId(uuid.uuid4())


def test_events_come_back_in_order_after_any_id(events: RunEvents) -> None:
    job = new_job()
    ids = [events.append(job, progress(percent, "stage")) for percent in (1, 2, 3)]
    assert None not in ids
    whole = events.read(job, START, 0)
    assert [stored.id for stored in whole] == ids
    assert [stored.event.data["percent"] for stored in whole] == [1, 2, 3]
    assert list(events.read(job, whole[0].id, 0)) == list(whole[1:])
    assert list(events.read(job, whole[2].id, 0)) == []


def test_jobs_do_not_see_each_others_events(events: RunEvents) -> None:
    one, two = new_job(), new_job()
    event_id = events.append(one, progress(1, "stage"))
    assert list(events.read(two, START, 0)) == []
    assert event_id is not None
    assert events.has(one, event_id)
    assert not events.has(two, event_id)


def test_a_run_nobody_will_watch_is_forgotten_alone(events: RunEvents) -> None:
    one, two = new_job(), new_job()
    for job in (one, two):
        events.append(job, progress(1, "stage"))
    events.forget(one)
    assert list(events.read(one, START, 0)) == []
    assert len(events.read(two, START, 0)) == 1


@pytest.mark.valkey
def test_reading_waits_for_the_first_event_and_no_longer(cache: Cache) -> None:
    events = ValkeyRunEvents(cache, MemorySealer())
    job = new_job()
    started = time.monotonic()
    assert list(events.read(job, START, 0.3)) == []
    assert 0.25 < time.monotonic() - started < 2


@pytest.mark.valkey
def test_text_rests_sealed_and_bound_to_its_job(cache: Cache) -> None:
    one, two = new_job(), new_job()
    events = ValkeyRunEvents(cache, MemorySealer())
    events.append(one, progress(1, "stage", delta="Testpatient"))
    raw: Any = cache.run(lambda valkey: valkey.xrange(f"run-events:{one}"))
    assert b"Testpatient" not in repr(raw).encode()
    [(_, fields)] = raw
    cache.run(lambda valkey: valkey.xadd(f"run-events:{two}", fields))
    with pytest.raises(SealingUnavailableError):
        events.read(two, START, 0)


@pytest.mark.valkey
def test_a_stream_is_forgotten_after_a_day(cache: Cache) -> None:
    job = new_job()
    ValkeyRunEvents(cache, MemorySealer()).append(job, progress(1, "stage"))
    seconds = cache.run(lambda valkey: valkey.ttl(f"run-events:{job}"))
    assert 86_000 < seconds <= 86_400


def test_without_valkey_appending_is_lost_and_reading_is_an_error() -> None:
    ValkeyRunEvents(Cache(lambda: "redis://127.0.0.1:1/0"), MemorySealer()).forget(new_job())
    events = ValkeyRunEvents(Cache(lambda: "redis://127.0.0.1:1/0"), MemorySealer())
    assert events.append(new_job(), progress(1, "stage")) is None
    with pytest.raises(CacheUnavailableError):
        events.read(new_job(), START, 0)


def test_an_event_in_sse_form() -> None:
    event = RunEvent(EventType.PROGRESS, {"percent": 5, "delta": "a\nb"})
    assert (
        sse("1-0", event)
        == 'id: 1-0\nevent: progress\ndata: {"type":"progress","percent":5,"delta":"a\\nb"}\n\n'
    )

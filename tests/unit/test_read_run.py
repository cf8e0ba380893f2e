"""Reading a run: in order, to its owner only, the end always told once, with or without Valkey."""

from __future__ import annotations

import uuid

import pytest

from hntai.adapters.digests import KeyedDigests
from hntai.domain.audit import Operation
from hntai.domain.errors import EventIdUnknownError, ResourceUnknownError
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import RUN_LIMIT, Job, JobId, JobState
from hntai.domain.run_events import EventType, progress
from hntai.ports import JobResult
from hntai.services.read_run import START, ReadRun, end_marker
from hntai.services.run_workspace import RunWorkspace
from tests.memory.runs import (
    MemoryAuditLog,
    MemoryJobs,
    MemoryRunDocuments,
    MemoryRunEvents,
    MemorySealer,
    SteppingClock,
)

ANNA = Caller(Identity("default", "anna", frozenset({"patient-summary"})), "request-2")
BERTA = Caller(Identity("default", "berta", frozenset({"patient-summary"})), "request-3")
ANSWER = {"summary": "## Clinical Assessment"}


class Run:
    """One job over memory, moved on by hand."""

    def __init__(self) -> None:
        self.clock = SteppingClock()
        self.jobs, self.events, self.audit = MemoryJobs(), MemoryRunEvents(), MemoryAuditLog()
        self.workspace = RunWorkspace(self.jobs, MemoryRunDocuments(), MemorySealer())
        digests = KeyedDigests(lambda: b"k" * 32)
        self.read = ReadRun(self.jobs, self.workspace, self.events, self.audit, digests, self.clock)
        self.id = JobId(uuid.uuid4())
        created = Job(self.id, "default", "anna", "request-1", JobState.QUEUED, self.clock())
        self.jobs.create(created, b"")
        self.events.append(self.id, progress(0, "queued"))

    def succeed(self, *, with_marker: bool = True) -> None:
        sealed = self.workspace.seal_result(self.id, ANSWER)
        self.jobs.finish(self.id, JobResult(JobState.SUCCEEDED, sealed, None), self.clock())
        if with_marker:
            self.events.append(self.id, end_marker(JobState.SUCCEEDED))

    def fail(self) -> None:
        self.jobs.finish(self.id, JobResult(JobState.FAILED, None, "EhrTimeoutError"), self.clock())
        self.events.append(self.id, end_marker(JobState.FAILED))


@pytest.fixture
def run() -> Run:
    return Run()


def test_the_last_event_carries_the_result_the_stream_never_held(run: Run) -> None:
    run.events.append(run.id, progress(50, "choose_mode"))
    run.succeed()
    page = run.read.events(run.id, ANNA, START, 0)
    assert [stored.event.type for stored in page.events] == [
        EventType.PROGRESS,
        EventType.PROGRESS,
        EventType.COMPLETE,
    ]
    assert page.events[-1].event.data == ANSWER
    assert page.is_over
    assert run.events.streams[run.id][-1].event.data == {}


def test_reading_after_an_id_neither_loses_nor_repeats(run: Run) -> None:
    run.succeed()
    whole = run.read.events(run.id, ANNA, START, 0).events
    for place, stored in enumerate(whole[:-1]):
        assert run.read.events(run.id, ANNA, stored.id, 0).events == whole[place + 1 :]


def test_resuming_after_the_end_gives_nothing_and_says_it_is_over(run: Run) -> None:
    run.succeed()
    last = run.read.events(run.id, ANNA, START, 0).events[-1].id
    run.clock.advance(10)
    page = run.read.events(run.id, ANNA, last, 0)
    assert (list(page.events), page.is_over) == ([], True)


def test_a_failed_run_ends_with_the_errors_name(run: Run) -> None:
    run.fail()
    last = run.read.events(run.id, ANNA, START, 0).events[-1]
    assert (last.event.type, last.event.data) == (EventType.ERROR, {"error": "EhrTimeoutError"})
    assert run.read.read(run.id, ANNA).error == "EhrTimeoutError"


def test_a_stranger_sees_nothing_at_all(run: Run) -> None:
    run.succeed()
    for read in (
        lambda: run.read.read(run.id, BERTA),
        lambda: run.read.events(run.id, BERTA, START, 0),
        lambda: run.read.open_events(run.id, BERTA, None),
    ):
        with pytest.raises(ResourceUnknownError):
            read()
    assert not run.audit.rows


def test_without_the_stream_the_end_still_comes_from_the_job(run: Run) -> None:
    run.events.is_down = True
    assert run.read.events(run.id, ANNA, START, 0).is_over is False
    run.succeed(with_marker=False)
    page = run.read.events(run.id, ANNA, START, 0)
    assert page.is_over
    assert page.events[-1].event.data == ANSWER
    again = run.read.events(run.id, ANNA, START, 0)
    assert again.events[-1].id == page.events[-1].id


def test_a_marker_that_never_came_is_made_up_for_after_a_grace(run: Run) -> None:
    run.succeed(with_marker=False)
    after = run.events.streams[run.id][-1].id
    assert run.read.events(run.id, ANNA, after, 0).is_over is False
    run.clock.advance(3)
    page = run.read.events(run.id, ANNA, after, 0)
    assert (page.is_over, page.events[-1].event.type) == (True, EventType.COMPLETE)


def test_a_run_past_its_limit_ends_as_expired(run: Run) -> None:
    run.clock.advance(RUN_LIMIT.total_seconds() + 1)
    outcome = run.read.read(run.id, ANNA)
    assert (outcome.state, outcome.error) == (JobState.EXPIRED, "RunTimedOutError")
    page = run.read.events(run.id, ANNA, run.events.streams[run.id][-1].id, 0)
    assert (page.is_over, page.events[-1].event.type) == (True, EventType.ERROR)


def test_an_unknown_event_id_is_refused_and_a_known_one_taken(run: Run) -> None:
    known = run.events.streams[run.id][0].id
    assert run.read.open_events(run.id, ANNA, known) == known
    assert run.read.open_events(run.id, ANNA, None) == START
    with pytest.raises(EventIdUnknownError):
        run.read.open_events(run.id, ANNA, "99999-0")


def test_where_the_stream_was_lost_a_well_formed_id_is_taken(run: Run) -> None:
    run.events.streams.clear()
    assert run.read.open_events(run.id, ANNA, "99999-0") == "99999-0"


def test_handing_out_a_result_is_audited_and_a_mere_state_is_not(run: Run) -> None:
    run.read.read(run.id, ANNA)
    assert not run.audit.rows
    run.succeed()
    run.read.read(run.id, ANNA)
    assert [row.operation for row in run.audit.rows.values()] == [Operation.JOB_READ]


def test_waiting_ends_when_the_run_does(run: Run) -> None:
    run.succeed()
    assert run.read.wait(run.id, 5).answer == ANSWER


@pytest.mark.parametrize("ends", ["succeed", "fail"])
@pytest.mark.parametrize("look", ["get", "result"])
def test_a_run_that_ends_between_two_looks_is_told_whole_or_not_as_ended(
    run: Run, monkeypatch: pytest.MonkeyPatch, look: str, ends: str
) -> None:
    seen = getattr(run.jobs, look)

    def then_it_ends(job_id: JobId) -> object:
        found = seen(job_id)
        monkeypatch.undo()
        getattr(run, ends)()
        return found

    monkeypatch.setattr(run.jobs, look, then_it_ends)
    outcome = run.read.outcome(run.id)
    assert outcome.state is not JobState.SUCCEEDED or outcome.answer == ANSWER
    assert outcome.state is not JobState.FAILED or outcome.error == "EhrTimeoutError"
    assert outcome.state.is_final or (outcome.answer, outcome.error) == (None, None)

"""Reading a run: its state and result, its events, and waiting for its end."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hntai.domain.audit import AuditId, AuditRow, Operation, Outcome
from hntai.domain.errors import CacheUnavailableError, EventIdUnknownError, ScopeMissingError
from hntai.domain.identity import Caller
from hntai.domain.jobs import Job, JobId, JobKind, JobState
from hntai.domain.run_events import EventType, RunEvent, StoredEvent
from hntai.ports import AuditLog, Clock, Digests, Jobs, RunEvents
from hntai.services.run_workspace import RunWorkspace

START = "0-0"
"""The id before every event's."""
_EVENT_ID = re.compile(r"\d{1,19}-\d{1,19}", re.ASCII)
"""Milliseconds, a dash, a count; both within what Valkey takes."""
_POLL_S = 0.25
"""How often the job is looked at while its events cannot be read."""
_MARKER_GRACE = timedelta(seconds=2)
"""How long after its end a run's last event may still be on its way into the stream."""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """A run as it stands: the answer, or the name of the error that ended it, or neither yet."""

    state: JobState
    answer: dict[str, Any] | None
    error: str | None
    kind: JobKind = JobKind.PATIENT_SUMMARY


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order. is_over: no event will follow."""

    events: Sequence[StoredEvent]
    is_over: bool


@dataclass(frozen=True, slots=True)
class ReadRun:
    """What a run's owner may see of it. To anyone else it does not exist."""

    jobs: Jobs
    workspace: RunWorkspace
    run_events: RunEvents
    audit: AuditLog
    digests: Digests
    clock: Clock

    def outcome(self, job_id: JobId) -> RunOutcome:
        """Raises ResourceUnknownError."""
        job = self.jobs.get(job_id)
        result = self.jobs.result(job_id)  # after the job: a run that ends between the two has its result
        if result.state is JobState.SUCCEEDED and result.sealed is not None:
            return RunOutcome(result.state, self.workspace.open_result(job_id, result.sealed), None, job.kind)
        state = result.state if result.state.is_final else job.state_at(self.clock())
        error = "RunTimedOutError" if state is JobState.EXPIRED else result.error
        return RunOutcome(state, None, error, job.kind)

    def read(self, job_id: JobId, caller: Caller) -> RunOutcome:
        """The same for its owner, with an audit row where a result is handed out.

        Raises:
            ResourceUnknownError: no such job, or another's.
            ScopeMissingError: the caller's own, of a kind it has no scope for.
            AuditUnavailableError: the row could not be kept.
        """
        self._owned(job_id, caller)
        outcome = self.outcome(job_id)
        if outcome.answer is not None:
            self._audit(job_id, caller, Operation.JOB_READ)
        return outcome

    def wait(self, job_id: JobId, wait_s: float) -> RunOutcome:
        """The outcome, as soon as the run has ended or wait_s has passed."""
        deadline = time.monotonic() + wait_s
        after = START
        while time.monotonic() < deadline:
            page = self._page(job_id, after, min(1.0, deadline - time.monotonic()))
            if page.is_over:
                break
            after = page.events[-1].id if page.events else after
        return self.outcome(job_id)

    def events(self, job_id: JobId, caller: Caller, after: str, wait_s: float) -> EventPage:
        """Events after an id, waiting up to wait_s for the first; the last carries the result.

        Raises:
            ResourceUnknownError: no such job, or another's.
        """
        self._owned(job_id, caller)
        page = self._page(job_id, after, wait_s)
        return EventPage([self._with_result(job_id, stored) for stored in page.events], page.is_over)

    def open_events(self, job_id: JobId, caller: Caller, last_event_id: str | None) -> str:
        """The id to read after, checked; opening a stream again is a reading of its own in the audit.

        Raises:
            ResourceUnknownError: no such job, or another's.
            EventIdUnknownError: the job has no such event.
        """
        job = self._owned(job_id, caller)
        is_formed = last_event_id is None or _EVENT_ID.fullmatch(last_event_id) is not None
        if last_event_id is not None and not (is_formed and self._has(job, last_event_id)):
            raise EventIdUnknownError
        if job.is_phi_touched:
            self._audit(job_id, caller, Operation.JOB_EVENTS_READ)
        return last_event_id or START

    def _owned(self, job_id: JobId, caller: Caller) -> Job:
        job = self.jobs.get_owned(job_id, caller.identity)
        if job.kind.scope not in caller.identity.scopes:
            raise ScopeMissingError(scope=job.kind.scope.value)
        return job

    def _has(self, job: Job, event_id: str) -> bool:
        """Whether the job had this event; where the stream was lost, its form must do."""
        try:
            known = self.run_events.has(job.id, event_id)
            return known or event_id == _end_id(job) or not self.run_events.read(job.id, START, 0)
        except CacheUnavailableError:
            return True

    def _page(self, job_id: JobId, after: str, wait_s: float) -> EventPage:
        """From the stream; from the job where the stream is gone or never got its end."""
        try:
            events = self.run_events.read(job_id, after, wait_s)
        except CacheUnavailableError:
            return self._page_without_stream(job_id, after, min(wait_s, _POLL_S))
        if events:
            ends = [place for place, stored in enumerate(events) if stored.event.is_last]
            return EventPage(events[: ends[0] + 1] if ends else events, bool(ends))
        job = self.jobs.get(job_id)
        overdue = job.ended_at is not None and self.clock() - job.ended_at > _MARKER_GRACE
        if overdue or job.state_at(self.clock()) is JobState.EXPIRED:
            is_told = any(stored.event.is_last for stored in self.run_events.read(job_id, START, 0))
            return EventPage((), True) if is_told else self._end(job, after)
        return EventPage((), False)

    def _page_without_stream(self, job_id: JobId, after: str, wait_s: float) -> EventPage:
        job = self.jobs.get(job_id)
        if job.state_at(self.clock()).is_final:
            return self._end(job, after)
        time.sleep(wait_s)
        return EventPage((), False)

    def _end(self, job: Job, after: str) -> EventPage:
        """The last event, made from the job; none where the caller has it already."""
        marker = StoredEvent(_end_id(job), end_marker(job.state_at(self.clock())))
        already = after != START and _order(after) >= _order(marker.id)
        return EventPage(() if already else (marker,), True)

    def _with_result(self, job_id: JobId, stored: StoredEvent) -> StoredEvent:
        if not stored.event.is_last:
            return stored
        outcome = self.outcome(job_id)
        if outcome.answer is not None:
            return StoredEvent(stored.id, RunEvent(EventType.COMPLETE, outcome.answer))
        return StoredEvent(
            stored.id, RunEvent(EventType.ERROR, {"error": outcome.error or "UnexpectedStepError"})
        )

    def _audit(self, job_id: JobId, caller: Caller, operation: Operation) -> None:
        row = AuditRow(
            id=AuditId(uuid.uuid4()),
            occurred_at=self.clock(),
            tenant=caller.identity.tenant,
            actor=caller.identity.subject,
            operation=operation,
            outcome=Outcome.SUCCEEDED,
            entity_counts={},
            input_hmac=self.digests("audit-input", job_id.bytes),
            duration_ms=0,
            model="none",
            request_id=caller.request_id,
        )
        self.audit.append([row])


def end_marker(state: JobState) -> RunEvent:
    """The last event as it rests in the stream: without the result, which stays in the database."""
    kind = EventType.COMPLETE if state is JobState.SUCCEEDED else EventType.ERROR
    return RunEvent(kind, {})


def _end_id(job: Job) -> str:
    """The id of a last event that never reached the stream: the moment the run ended."""
    at = job.ended_at or job.created_at
    return f"{int(at.timestamp() * 1000)}-0"


def _order(event_id: str) -> tuple[int, int]:
    milliseconds, _, count = event_id.partition("-")
    return int(milliseconds), int(count)

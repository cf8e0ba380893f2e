"""Behind the streaming relay, inside the VPC: starts a run, and hands out its events a page at a time.

No route of this function is on the API; only the relay may invoke it, with its caller's credentials.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from fastapi import Header, Query, Response
from fastapi.responses import JSONResponse

from hntai.bootstrap import Parts
from hntai.contracts.jobs import JobAccepted, RunEventsAnswer, StoredEventAnswer
from hntai.contracts.patient_summary import PatientSummaryRequest
from hntai.domain.identity import Scope
from hntai.domain.jobs import JOB_SCOPES, JobId, JobState
from hntai.domain.run_events import EventType, StoredEvent
from hntai.web.app import CallerOf, create_app, lambda_handler, observed
from hntai.web.guard import scoped
from hntai.web.problem import problem_of

MAX_WAIT_S = 5.0
"""With the relay's own pace, well inside the 10 s between heartbeats."""

parts = Parts()
start_run, read_run = parts.start_run(), parts.read_run()
api = create_app(parts.entry("run_events"))


@api.post("/generate_patient_summary", status_code=202, **scoped(Scope.PATIENT_SUMMARY))
def start(request: PatientSummaryRequest, caller: CallerOf) -> JobAccepted:
    """Starts a run and says which."""
    return JobAccepted(job_id=start_run(request, caller), state=JobState.QUEUED)


@api.post("/jobs/{job_id}/events/open", **scoped(*JOB_SCOPES))
def open_events(
    job_id: uuid.UUID,
    caller: CallerOf,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Checks a stream before its first byte; answers the id to read after."""
    after = read_run.open_events(JobId(job_id), caller, last_event_id)
    return JSONResponse({"after": after})


@api.get("/jobs/{job_id}/events", **scoped(*JOB_SCOPES))
def read_events(
    job_id: uuid.UUID,
    caller: CallerOf,
    after: Annotated[str, Query(pattern=r"^\d{1,19}-\d{1,19}$")] = "0-0",
    wait_s: Annotated[float, Query(ge=0, le=MAX_WAIT_S)] = 0.0,
) -> RunEventsAnswer:
    """Events after an id, waiting for the first."""
    page = read_run.events(JobId(job_id), caller, after, wait_s)
    return RunEventsAnswer(events=tuple(map(_shown, page.events)), is_over=page.is_over)


def _shown(stored: StoredEvent) -> StoredEventAnswer:
    data: dict[str, Any] = dict(stored.event.data)
    if stored.event.type is EventType.ERROR:
        members = problem_of(str(data["error"]))
        data = {"problem": members.pop("type"), **members}
    return StoredEventAnswer(id=stored.id, type=stored.event.type.value, data=data)


app = observed(api)
handler = lambda_handler(app)

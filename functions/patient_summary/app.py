"""POST /generate_patient_summary and GET /jobs/{id}: starts a run and waits for it a while."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import JSONResponse

from hntai.bootstrap import Parts
from hntai.contracts.jobs import RESULTS, JobAccepted, JobAnswer
from hntai.contracts.patient_summary import PatientSummaryAnswer, PatientSummaryRequest
from hntai.domain.errors import StreamingUnavailableError
from hntai.domain.identity import Scope
from hntai.domain.jobs import JOB_SCOPES, JobId
from hntai.web.app import CallerOf, create_app, lambda_handler, observed
from hntai.web.guard import scoped
from hntai.web.problem import problem_of

parts = Parts()
start_run, read_run = parts.start_run(), parts.read_run()
api = create_app(parts.entry("patient_summary"))
stream_url = parts.settings.stream_url


@api.post(
    "/generate_patient_summary",
    response_model=PatientSummaryAnswer,
    responses={202: {"model": JobAccepted}},
    **scoped(Scope.PATIENT_SUMMARY),
)
def generate_patient_summary(
    request: PatientSummaryRequest, caller: CallerOf, stream: Annotated[bool, Query()] = False
) -> Response:
    """The four-section summary; 202 and a job where it takes longer than the API may wait."""
    if stream:
        raise StreamingUnavailableError(stream_url=stream_url)
    job_id = start_run(request, caller)
    outcome = read_run.wait(job_id, parts.settings.sync_wait_s)
    headers = {"X-Job-Id": str(job_id)}
    if outcome.answer is not None:
        return JSONResponse(outcome.answer, headers=headers)
    if outcome.error is not None:
        members = problem_of(outcome.error, caller.request_id)
        body = {**members, "job_id": str(job_id)}
        return JSONResponse(body, members["status"], headers, media_type="application/problem+json")
    accepted = JobAccepted(job_id=job_id, state=outcome.state)
    headers["Location"] = f"/jobs/{job_id}"
    return JSONResponse(accepted.model_dump(mode="json"), 202, headers)


@api.get("/jobs/{job_id}", response_model_exclude_unset=True, **scoped(*JOB_SCOPES))
def get_job(job_id: uuid.UUID, caller: CallerOf) -> JobAnswer:
    """A job's state, and its result once there is one."""
    outcome = read_run.read(JobId(job_id), caller)
    if outcome.answer is not None:
        result = RESULTS[outcome.kind].model_validate(outcome.answer)
        return JobAnswer(job_id=job_id, state=outcome.state, result=result)
    if outcome.error is not None:
        return JobAnswer(job_id=job_id, state=outcome.state, error=problem_of(outcome.error))
    return JobAnswer(job_id=job_id, state=outcome.state)


@api.get("/jobs/{job_id}/events", **scoped(*JOB_SCOPES))
def get_job_events(job_id: uuid.UUID) -> Response:
    """The job's events, on the streaming URL; the HTTP API answers 400, with `stream_url`."""
    raise StreamingUnavailableError(stream_url=stream_url, job_id=str(job_id))


app = observed(api)
handler = lambda_handler(app)

"""POST /upload: the text of a document. POST /uploads: a way for files that are too large for a request."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from hntai.bootstrap import Parts
from hntai.contracts.document import DocumentAnswer, DocumentRequest
from hntai.contracts.jobs import JobAccepted
from hntai.contracts.upload import UploadAnswer, UploadRequest
from hntai.domain.identity import Scope
from hntai.domain.jobs import JobState
from hntai.web.app import CallerOf, create_app, lambda_handler, observed
from hntai.web.form_body import file_or
from hntai.web.guard import scoped

Flag = Annotated[bool, Query()]

parts = Parts()
start_upload = parts.start_upload()
upload_document = parts.upload_document()
api = create_app(parts.entry("upload"))


@api.post(
    "/upload",
    response_model=DocumentAnswer,
    responses={202: {"model": JobAccepted}},
    **scoped(Scope.UPLOAD, form=DocumentRequest),
)
async def read_document(request: Request, caller: CallerOf, scrub: Flag = False) -> DocumentAnswer | Response:
    """What stands in a document, page by page; kept sealed under `upload_id`; 202 and a job for scans."""
    sent = await file_or(request, DocumentRequest)
    outcome = await run_in_threadpool(
        lambda: (
            upload_document.file(sent, caller, is_scrubbed=scrub)
            if isinstance(sent, bytes)
            else upload_document.upload(sent.s3_key, caller, is_scrubbed=scrub)
        )
    )
    if isinstance(outcome, DocumentAnswer):
        return outcome
    headers = {"X-Job-Id": str(outcome), "Location": f"/jobs/{outcome}"}
    accepted = JobAccepted(job_id=outcome, state=JobState.QUEUED)
    return JSONResponse(accepted.model_dump(mode="json"), 202, headers)


@api.post("/uploads", **scoped(Scope.UPLOAD, Scope.TRANSCRIBE, Scope.EXTRACT))
def create_upload(request: UploadRequest, caller: CallerOf) -> UploadAnswer:
    """A form to post one file with, and the key to name it by afterwards."""
    return start_upload(request, caller)


app = observed(api)
handler = lambda_handler(app)

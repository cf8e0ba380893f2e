"""POST /transcribe and POST /api/extract_medical_data_from_audio."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from hntai.bootstrap import Parts
from hntai.contracts.jobs import JobAccepted
from hntai.contracts.transcript import AudioExtractionAnswer, RecordingRequest, TranscriptAnswer
from hntai.domain.identity import Caller, Scope
from hntai.domain.jobs import JobKind, JobState
from hntai.services.transcription.hearing import shown
from hntai.services.transcription.start_transcription import AudioOptions
from hntai.web.app import CallerOf, create_app, lambda_handler, observed
from hntai.web.form_body import file_or
from hntai.web.guard import scoped

Flag = Annotated[bool, Query()]

parts = Parts()
transcribe = parts.transcribe_audio()
api = create_app(parts.entry("transcribe"))


@api.post(
    "/transcribe",
    response_model=TranscriptAnswer,
    responses={202: {"model": JobAccepted}},
    **scoped(Scope.TRANSCRIBE, form=RecordingRequest),
)
async def transcribe_recording(
    request: Request, caller: CallerOf, scrub: Flag = False, retain: Flag = False, keep: Flag = False
) -> Response:
    """What was said; 202 and a job for over five minutes, or where it takes longer than the API may wait."""
    return await _answer(request, caller, AudioOptions(JobKind.TRANSCRIPTION, scrub, retain, keep))


@api.post(
    "/api/extract_medical_data_from_audio",
    response_model=AudioExtractionAnswer,
    responses={202: {"model": JobAccepted}},
    **scoped(Scope.EXTRACT, form=RecordingRequest),
)
async def extract_from_recording(request: Request, caller: CallerOf, retain: Flag = False) -> Response:
    """The transcript, always scrubbed, and what it says of the patient, with where in the recording."""
    return await _answer(request, caller, AudioOptions(JobKind.AUDIO_EXTRACTION, True, retain))


async def _answer(request: Request, caller: Caller, options: AudioOptions) -> Response:
    sent = await file_or(request, RecordingRequest)
    outcome = await run_in_threadpool(
        lambda: (
            transcribe.file(sent, options, caller)
            if isinstance(sent, bytes)
            else transcribe.upload(sent.s3_key, options, caller)
        )
    )
    if isinstance(outcome, (TranscriptAnswer, AudioExtractionAnswer)):
        return JSONResponse(shown(outcome))
    headers = {"X-Job-Id": str(outcome), "Location": f"/jobs/{outcome}"}
    accepted = JobAccepted(job_id=outcome, state=JobState.QUEUED)
    return JSONResponse(accepted.model_dump(mode="json"), 202, headers)


app = observed(api)
handler = lambda_handler(app)

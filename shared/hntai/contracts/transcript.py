"""POST /transcribe and POST /api/extract_medical_data_from_audio."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from hntai.contracts.extraction import ExtractedData
from hntai.contracts.strict import Lenient


class RecordingRequest(Lenient):
    """A recording that lies in the store already."""

    s3_key: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """From POST /uploads, or from `retained` of an earlier answer."""


class Segment(Lenient):
    """A stretch of speech. Times count from the start of the recording."""

    start_s: float
    end_s: float
    text: str
    confidence: float
    """From 0 to 1."""


class TranscriptTiming(Lenient):
    """Seconds."""

    decoding: float
    transcription: float
    scrubbing: float
    total: float


class RetainedRecording(Lenient):
    """Where the recording is kept, sealed, because it was asked for."""

    s3_key: str
    expires_at: datetime


class KeptTranscript(Lenient):
    """What the transcript is kept under, because it was asked for."""

    upload_id: uuid.UUID
    """To name it by where a document is named, until it expires."""
    expires_at: datetime


class TranscriptAnswer(Lenient):
    """What was said, when."""

    text: str
    segments: tuple[Segment, ...]
    language: str
    """ISO 639-1."""
    duration_s: float
    """Of the recording, as it was decoded."""
    model_used: str
    timing: TranscriptTiming
    retained: RetainedRecording | None = None
    """Only with `retain=true`."""
    kept: KeptTranscript | None = None
    """Only with `keep=true`."""


class AudioExtractionAnswer(Lenient):
    """A scrubbed transcript and what it says of the patient."""

    transcript: str
    segments: tuple[Segment, ...]
    data: ExtractedData
    """As POST /extract_medical_data has it: offsets in `transcript`, times in the recording."""
    language: str
    duration_s: float
    model_used: str
    timing: TranscriptTiming
    retained: RetainedRecording | None = None

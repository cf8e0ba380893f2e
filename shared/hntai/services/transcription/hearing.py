"""What transcribing at once and as a job have in common: the digest of a recording, and the answer."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hntai.contracts.extraction import data_of
from hntai.contracts.transcript import (
    AudioExtractionAnswer,
    Segment,
    TranscriptAnswer,
    TranscriptTiming,
)
from hntai.domain.deidentification import SCRUBBER
from hntai.domain.extraction.extract import EXTRACTOR, Extraction, extract
from hntai.domain.jobs import JobKind
from hntai.domain.speech import SpeechSegment
from hntai.domain.transcript import Transcript, joined, scrubbed, times_of
from hntai.ports import Digests

SCRUB_BUDGET_S: Final = 20.0
"""As POST /phi/scrub has it."""
EXTRACT_BUDGET_S: Final = 20.0
"""As POST /extract_medical_data has it."""
Answer = TranscriptAnswer | AudioExtractionAnswer


class InputDigest:
    """The keyed digest of a recording, made while its bytes go by."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def passing(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._hash.update(piece)
            yield piece

    def hmac(self, digests: Digests) -> bytes:
        """For the audit. Over the SHA-256, so that a gigabyte need not be held for it."""
        return digests("audit-input", self._hash.digest())


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording that was transcribed."""

    segments: Sequence[SpeechSegment]
    language: str
    model: str
    duration_s: float
    decoding_s: float
    transcription_s: float


@dataclass(frozen=True, slots=True)
class Written:
    """The answer, and what the audit says of it."""

    answer: Answer
    identifiers: Mapping[str, int]
    """How many of each type were taken out of it."""
    findings: Mapping[str, int]
    """How many of each kind it tells."""
    model: str
    """For the audit: all that had a part in it."""

    @property
    def counts(self) -> dict[str, int]:
        """For the audit."""
        return {**self.identifiers, **self.findings}


def write(heard: Heard, kind: JobKind, *, is_scrubbed: bool, total_s: float) -> Written:
    """The answer a kind of call gets. total_s: so far; what scrubbing and extraction take is added.

    Raises:
        RecognizerBudgetError: it could not be scrubbed, or read for findings, in time.
    """
    started = time.perf_counter()
    transcript, identifiers = joined(heard.segments), {}
    if is_scrubbed:
        until = started + SCRUB_BUDGET_S
        transcript, found = scrubbed(transcript, is_in_budget=lambda: time.perf_counter() < until)
        identifiers = found.counts
    scrubbing_s = time.perf_counter() - started if is_scrubbed else 0.0
    model = f"{heard.model} + {SCRUBBER}" if is_scrubbed else heard.model
    if kind is JobKind.TRANSCRIPTION:
        timing = _timing(heard, scrubbing_s, total_s + time.perf_counter() - started)
        return Written(_transcript(transcript, heard, timing), identifiers, {}, model)
    until = time.perf_counter() + EXTRACT_BUDGET_S
    extraction = extract(transcript.text, lambda: time.perf_counter() < until)
    findings = Counter(one.kind.value for one in extraction.entities)
    timing = _timing(heard, scrubbing_s, total_s + time.perf_counter() - started)
    answer = _extraction(transcript, extraction, heard, timing)
    return Written(answer, identifiers, findings, f"{model} + {EXTRACTOR}")


def _timing(heard: Heard, scrubbing_s: float, total_s: float) -> TranscriptTiming:
    return TranscriptTiming(
        decoding=round(heard.decoding_s, 3),
        transcription=round(heard.transcription_s, 3),
        scrubbing=round(scrubbing_s, 3),
        total=round(total_s, 3),
    )


def shown(answer: Answer) -> dict[str, Any]:
    """As it is sent and kept: what is not there is left out."""
    return answer.model_dump(mode="json", exclude_none=True)


def _extraction(
    transcript: Transcript, extraction: Extraction, heard: Heard, timing: TranscriptTiming
) -> AudioExtractionAnswer:
    return AudioExtractionAnswer(
        transcript=transcript.text,
        segments=_segments(transcript),
        data=data_of(extraction, times_of(transcript)),
        language=heard.language,
        duration_s=round(heard.duration_s, 3),
        model_used=heard.model,
        timing=timing,
    )


def _transcript(transcript: Transcript, heard: Heard, timing: TranscriptTiming) -> TranscriptAnswer:
    return TranscriptAnswer(
        text=transcript.text,
        segments=_segments(transcript),
        language=heard.language,
        duration_s=round(heard.duration_s, 3),
        model_used=heard.model,
        timing=timing,
    )


def _segments(transcript: Transcript) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            start_s=segment.start_s,
            end_s=segment.end_s,
            text=segment.text,
            confidence=round(segment.confidence, 4),
        )
        for segment in transcript.segments
    )

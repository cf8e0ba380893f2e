"""A transcript: segments in order and their words as one text, scrubbed together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hntai.domain.deidentification import DeidentificationOptions, Deidentified
from hntai.domain.scrubbed_pieces import without_phi
from hntai.domain.speech import SpeechSegment


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. text: the segments' texts, one blank between two."""

    text: str
    segments: tuple[SpeechSegment, ...]


def joined(segments: Sequence[SpeechSegment]) -> Transcript:
    """Segments without words are left out; what they say is trimmed."""
    worded = [replace(segment, text=" ".join(segment.text.split())) for segment in segments]
    kept = tuple(segment for segment in worded if segment.text)
    return Transcript(" ".join(segment.text for segment in kept), kept)


def time_of(transcript: Transcript, start: int, end: int) -> tuple[float, float]:
    """From the start of the segment the place begins in to the end of the one it ends in, in seconds.

    start, end: half-open code points of the transcript's text, within it and not empty.
    """
    bounds, at = [], 0
    for segment in transcript.segments:
        bounds.append((at, segment))
        at += len(segment.text) + 1
    first = next(segment for begins, segment in reversed(bounds) if begins <= start)
    last = next(segment for begins, segment in reversed(bounds) if begins < end)
    return first.start_s, last.end_s


def scrubbed(
    transcript: Transcript,
    options: DeidentificationOptions = DeidentificationOptions(),
    is_in_budget: Callable[[], bool] = lambda: True,
) -> tuple[Transcript, Deidentified]:
    """The transcript without identifiers, found in the whole text: names and numbers run over segments.

    What takes the place of one that does stands in the segment where it began.

    Raises:
        RecognizerBudgetError: as deidentify.
    """
    said = [segment.text for segment in transcript.segments]
    texts, spans = without_phi(said, " ", options, is_in_budget)
    segments = [replace(segment, text=text) for segment, text in zip(transcript.segments, texts, strict=True)]
    done = joined(segments)
    return done, Deidentified(done.text, spans)

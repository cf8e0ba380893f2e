"""A transcript: segments in order and their words as one text, scrubbed together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

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


def times_of(transcript: Transcript) -> Callable[[int, int], tuple[float, float]]:
    """Of a place, from the start of the segment it begins in to the end of the one it ends in, in seconds.

    A place: half-open code points of the transcript's text, within it and not empty.
    """
    segments = transcript.segments
    begins = list(accumulate((len(segment.text) + 1 for segment in segments[:-1]), initial=0))

    def when(start: int, end: int) -> tuple[float, float]:
        first, last = bisect_right(begins, start) - 1, bisect_left(begins, end) - 1
        return segments[first].start_s, segments[last].end_s

    return when


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

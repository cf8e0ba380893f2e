"""Whisper's timestamp tokens: which tokens may come next, and the segments that came.

A segment is a timestamp, text, a timestamp; where one ends the next begins, so timestamps come in pairs, and
the last may stand alone before the end. Source: openai/whisper, whisper/decoding.py, ApplyTimestampRules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

STEP_S: Final = 0.02
"""What one timestamp token is after another; also what one position of the encoder hears."""
_LATEST_START: Final = 50
"""The first segment begins within the first second of a window."""


@dataclass(frozen=True, slots=True)
class TokenLayout:
    """Where a vocabulary has what: text, then the end of text and other marks, then timestamps."""

    end: int
    """End of text; every text token is below it."""
    first_timestamp: int
    size: int


@dataclass(frozen=True, slots=True)
class TimedTokens:
    """A segment: seconds from the start of the window, and the places of its text tokens among all tokens."""

    start_s: float
    end_s: float
    places: range


def barred(written: Sequence[int], layout: TokenLayout, last_timestamp: int) -> Iterator[range]:
    """Tokens that may not come next. last_timestamp: the token of the window's end."""
    first = layout.first_timestamp
    yield range(layout.end + 1, first)
    yield range(last_timestamp + 1, layout.size)
    if not written:
        yield range(layout.end + 1)
        yield range(min(first + _LATEST_START, last_timestamp) + 1, last_timestamp + 1)
        return
    ends_in_one = written[-1] >= first
    ends_in_two = ends_in_one and (len(written) < 2 or written[-2] >= first)
    if ends_in_two:
        yield range(first, layout.size)
    elif ends_in_one:
        yield range(layout.end)
    if latest := max((token for token in written if token >= first), default=0):
        # A segment may begin where the last one ended; it does not end where it began.
        yield range(first, latest if ends_in_one and not ends_in_two else min(latest, last_timestamp - 1) + 1)


def timed_segments(written: Sequence[int], layout: TokenLayout, window_s: float) -> tuple[TimedTokens, ...]:
    """The segments of a window, in order; window_s ends one that has no end of its own."""
    segments: list[TimedTokens] = []
    start_s, begins = 0.0, 0
    for place, token in enumerate(written):
        if token < layout.first_timestamp:
            continue
        at_s = min((token - layout.first_timestamp) * STEP_S, window_s)
        if begins < place:
            segments.append(TimedTokens(start_s, max(at_s, start_s), range(begins, place)))
        start_s, begins = at_s, place + 1
    if begins < len(written):
        segments.append(TimedTokens(min(start_s, window_s), window_s, range(begins, len(written))))
    return tuple(segments)

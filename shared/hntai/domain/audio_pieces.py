"""Cutting a long recording into pieces at its pauses, while it is still being decoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hntai.domain.speech import SpeechSegment, SpeechWindow

PIECE_S: Final = 300.0
"""The longest piece, and the longest recording answered at once. Source: SPEC.md, POST /transcribe."""
EARLIEST_CUT_S: Final = 240.0
"""A pause is looked for from here on; a minute of talk without one is cut between two windows."""
LIMIT_S: Final = 4 * 3600.0
"""The longest recording. Source: SPEC.md, POST /transcribe."""


@dataclass(frozen=True, slots=True)
class AudioPiece:
    """A piece of a recording. Windows count from the start of the piece, which lies at start_s."""

    place: int
    start_s: float
    duration_s: float
    windows: tuple[SpeechWindow, ...]


def cut_at(windows: Sequence[SpeechWindow], heard_s: float) -> float:
    """Where to cut what was heard so far: in the middle of its longest late pause.

    windows: of what was heard, in order. heard_s: how long that is, at most PIECE_S. Where someone talks
    through to the end, the last window is left to the next piece whole.
    """
    late = [window for window in windows if window.end_s > EARLIEST_CUT_S]
    if not late:
        return heard_s
    before = max((window.end_s for window in windows if window.end_s <= EARLIEST_CUT_S), default=0.0)
    ends = [max(before, EARLIEST_CUT_S), *(window.end_s for window in late)]
    starts = [*(window.start_s for window in late), heard_s]
    pauses = [(start - end, (start + end) / 2) for end, start in zip(ends, starts, strict=True)]
    is_talking = pauses[-1][0] <= 0
    inside = [pause for pause in pauses[:-1] if pause[0] >= 0] if is_talking else pauses
    return max(inside)[1] if inside else heard_s


def kept_windows(windows: Sequence[SpeechWindow], until_s: float) -> tuple[SpeechWindow, ...]:
    """Those before the cut; one that reaches over it ends there."""
    return tuple(
        SpeechWindow(window.start_s, min(window.end_s, until_s))
        for window in windows
        if window.start_s < until_s
    )


def moved(segment: SpeechSegment, by_s: float) -> SpeechSegment:
    """The segment, by_s later."""
    start_s, end_s = round(segment.start_s + by_s, 3), round(segment.end_s + by_s, 3)
    return SpeechSegment(start_s, end_s, segment.text, segment.confidence)

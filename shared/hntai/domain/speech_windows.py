"""From how likely speech is, moment by moment, to windows a recogniser can hear at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hntai.domain.speech import SpeechWindow


@dataclass(frozen=True, slots=True)
class WindowRules:
    """What is speech, and how it is cut. Thresholds: silero-vad, get_speech_timestamps."""

    begins: float = 0.5
    """Speech begins at this probability …"""
    ends: float = 0.35
    """… and goes on above this one."""
    least_speech_s: float = 0.25
    """Less is a click or a knock."""
    least_pause_s: float = 0.3
    """Less is within a sentence."""
    margin_s: float = 0.3
    """Heard before and after: soft first and last sounds."""
    longest_pause_s: float = 3.0
    """A longer one is left out, and a new window begins."""
    most_s: float = 12.0
    """Whisper could hear 30 s at once; attention costs the square (docs/adr/0015-speech.md)."""


RULES: Final = WindowRules()


def speech_windows(
    probabilities: Sequence[float], frame_s: float, total_s: float, rules: WindowRules = RULES
) -> tuple[SpeechWindow, ...]:
    """Windows in order, apart, none longer than rules.most_s; () for silence.

    probabilities: of speech, one a frame of frame_s seconds. total_s: where the recording ends.
    """
    stretches = _within(_spoken(probabilities, frame_s, rules), total_s, rules)
    pieces = [piece for stretch in stretches for piece in _pieces(stretch, probabilities, frame_s, rules)]
    return tuple(_packed(pieces, rules))


def _spoken(probabilities: Sequence[float], frame_s: float, rules: WindowRules) -> Iterator[SpeechWindow]:
    """Stretches of speech, without margins, shorter pauses being part of them."""
    start, last = -1, -1
    pause = max(1, round(rules.least_pause_s / frame_s))
    for place, probability in enumerate((*probabilities, *[0.0] * (pause + 1))):
        if probability >= (rules.begins if start < 0 else rules.ends):
            start, last = (place if start < 0 else start), place
        elif start >= 0 and place - last > pause:
            if (last + 1 - start) * frame_s >= rules.least_speech_s:
                yield SpeechWindow(start * frame_s, (last + 1) * frame_s)
            start = -1


def _within(stretches: Iterator[SpeechWindow], total_s: float, rules: WindowRules) -> list[SpeechWindow]:
    """The same with their margins, half a pause where two would meet, and none outside the recording."""
    padded: list[SpeechWindow] = []
    for stretch in stretches:
        start_s = max(0.0, stretch.start_s - rules.margin_s)
        if padded and padded[-1].end_s > start_s:
            start_s = (padded[-1].end_s - rules.margin_s + stretch.start_s) / 2
            padded[-1] = SpeechWindow(padded[-1].start_s, start_s)
        padded.append(SpeechWindow(start_s, min(total_s, stretch.end_s + rules.margin_s)))
    return padded


def _pieces(
    stretch: SpeechWindow, probabilities: Sequence[float], frame_s: float, rules: WindowRules
) -> Iterator[SpeechWindow]:
    """The stretch; cut, where it is too long, at the least likely speech of each window's second half."""
    start_s = stretch.start_s
    while stretch.end_s - start_s > rules.most_s:
        first, last = int((start_s + rules.most_s / 2) / frame_s), int((start_s + rules.most_s) / frame_s)
        cut_s = min(range(first, last), key=lambda place: probabilities[min(place, len(probabilities) - 1)])
        yield SpeechWindow(start_s, cut_s * frame_s)
        start_s = cut_s * frame_s
    yield SpeechWindow(start_s, stretch.end_s)


def _packed(pieces: Sequence[SpeechWindow], rules: WindowRules) -> Iterator[SpeechWindow]:
    """As many as fit into a window; a full one is cut at the longest pause of its second half."""
    held: list[SpeechWindow] = []
    for piece in pieces:
        if held and piece.start_s - held[-1].end_s > rules.longest_pause_s:
            yield SpeechWindow(held[0].start_s, held[-1].end_s)
            held = []
        while held and piece.end_s - held[0].start_s > rules.most_s:
            kept = _cut([*held, piece], rules)
            yield SpeechWindow(held[0].start_s, held[kept - 1].end_s)
            held = held[kept:]
        held.append(piece)
    if held:
        yield SpeechWindow(held[0].start_s, held[-1].end_s)


def _cut(pieces: Sequence[SpeechWindow], rules: WindowRules) -> int:
    """How many pieces the window keeps: the last does not fit."""
    half_s = pieces[0].start_s + rules.most_s / 2
    late = [place for place in range(1, len(pieces)) if pieces[place - 1].end_s >= half_s]
    places = late or [len(pieces) - 1]
    return max(places, key=lambda place: (pieces[place].start_s - pieces[place - 1].end_s, place))

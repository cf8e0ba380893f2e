"""Long recordings are cut at pauses: no word is lost, none is heard twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hntai.domain.audio_pieces import EARLIEST_CUT_S, PIECE_S, cut_at, kept_windows, moved
from hntai.domain.speech import SpeechSegment, SpeechWindow


def windows(*ends: tuple[float, float]) -> tuple[SpeechWindow, ...]:
    return tuple(SpeechWindow(start, end) for start, end in ends)


@pytest.mark.parametrize(
    ("found", "at"),
    [
        (windows(), PIECE_S),
        (windows((0, 30), (100, 110)), PIECE_S),
        (windows((0, 250), (260, 300)), 255.0),
        (windows((230, 250), (252, 270), (278, 300)), 274.0),
        (windows((230, 250), (252, 270), (272, 280)), 290.0),
        (windows((240, 270), (270, 300)), 270.0),
        (windows((0, 30), (260, 290), (290, 300)), 250.0),
    ],
)
def test_the_cut_is_in_the_middle_of_the_longest_late_pause(
    found: tuple[SpeechWindow, ...], at: float
) -> None:
    assert cut_at(found, PIECE_S) == at


@st.composite
def heard(draw: st.DrawFn) -> tuple[SpeechWindow, ...]:
    steps = draw(st.lists(st.tuples(st.floats(0, 20), st.floats(0.5, 30)), max_size=40))
    found, at = [], 0.0
    for pause, length in steps:
        start, end = at + pause, min(at + pause + length, PIECE_S)
        if end <= start:
            break
        found.append(SpeechWindow(start, end))
        at = end
    return tuple(found)


@given(heard())
def test_no_window_is_cut_in_two_and_the_piece_is_never_too_long(found: tuple[SpeechWindow, ...]) -> None:
    at = cut_at(found, PIECE_S)
    assert EARLIEST_CUT_S <= at <= PIECE_S
    assert not [window for window in found if window.start_s < at < window.end_s]
    assert len(kept_windows(found, at)) == sum(window.end_s <= at for window in found)


def test_a_window_over_the_end_ends_there() -> None:
    assert kept_windows(windows((0, 10), (20, 40)), 30) == windows((0, 10), (20, 30))


def test_a_segment_is_moved_with_its_piece() -> None:
    assert moved(SpeechSegment(1.5, 2.25, "yes", 0.9), 300.0) == SpeechSegment(301.5, 302.25, "yes", 0.9)

"""Probabilities of speech in, windows cut at pauses out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hntai.domain.speech_windows import RULES, speech_windows

FRAME_S = 0.1


def spoken(*stretches: tuple[float, float], total_s: float) -> list[float]:
    """Probabilities: .9 within the stretches, .05 elsewhere."""
    places = [place * FRAME_S for place in range(round(total_s / FRAME_S))]
    return [0.9 if any(a - 1e-9 <= at < b - 1e-9 for a, b in stretches) else 0.05 for at in places]


def test_silence_has_no_windows() -> None:
    assert speech_windows([], FRAME_S, 0.0) == ()
    assert speech_windows([0.1] * 500, FRAME_S, 50.0) == ()


def test_a_click_is_no_speech() -> None:
    assert speech_windows(spoken((3.0, 3.2), total_s=10.0), FRAME_S, 10.0) == ()


def test_speech_is_heard_with_a_margin_within_the_recording() -> None:
    (window,) = speech_windows(spoken((0.1, 4.0), total_s=4.1), FRAME_S, 4.1)
    assert (window.start_s, round(window.end_s, 3)) == (0.0, 4.1)


def test_long_silence_is_left_out() -> None:
    first, second = speech_windows(spoken((1.0, 3.0), (9.0, 11.0), total_s=12.0), FRAME_S, 12.0)
    assert first.end_s < 4.0 < 8.0 < second.start_s


def test_a_full_window_is_cut_at_its_longest_late_pause() -> None:
    stretches = (0.5, 4.0), (4.5, 8.0), (9.5, 11.0), (11.5, 16.0)
    first, second = speech_windows(spoken(*stretches, total_s=17.0), FRAME_S, 17.0)
    assert 8.0 <= first.end_s <= second.start_s <= 9.5


def test_speech_without_a_pause_is_cut_where_it_is_least_likely() -> None:
    likely = spoken((0.0, 20.0), total_s=20.0)
    likely[92] = 0.4
    first, second = speech_windows(likely, FRAME_S, 20.0)
    assert first.end_s == second.start_s == 92 * FRAME_S


@given(st.lists(st.floats(0.0, 1.0), max_size=900))
def test_windows_are_in_order_apart_and_never_too_long(likely: list[float]) -> None:
    total_s = len(likely) * FRAME_S
    windows = speech_windows(likely, FRAME_S, total_s)
    edges = [edge for window in windows for edge in (window.start_s, window.end_s)]
    assert edges == sorted(edges)
    assert all(0.0 <= edge <= total_s + 1e-6 for edge in edges)
    assert all(0 < w.end_s - w.start_s <= RULES.most_s + 1e-6 for w in windows)


@given(st.lists(st.floats(0.0, 1.0), max_size=600))
def test_every_long_stretch_of_sure_speech_is_within_the_windows(likely: list[float]) -> None:
    windows = speech_windows(likely, FRAME_S, len(likely) * FRAME_S)
    for place in range(len(likely) - 5):
        if min(likely[place : place + 5]) >= RULES.begins:
            middle = (place + 2.5) * FRAME_S
            assert any(w.start_s - 1e-6 <= middle <= w.end_s + 1e-6 for w in windows)

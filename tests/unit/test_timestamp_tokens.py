"""Which tokens may follow which, and the segments they make."""

from __future__ import annotations

from hntai.domain.timestamp_tokens import TokenLayout, barred, timed_segments

LAYOUT = TokenLayout(end=100, first_timestamp=110, size=1611)
LAST = 110 + 500
"""A window of ten seconds."""


def at(seconds: float) -> int:
    return 110 + round(seconds / 0.02)


def is_allowed(token: int, *written: int) -> bool:
    return not any(token in tokens for tokens in barred(written, LAYOUT, LAST))


def test_a_window_begins_with_a_timestamp_of_its_first_second() -> None:
    assert is_allowed(at(0.0))
    assert is_allowed(at(1.0))
    assert not any(is_allowed(token) for token in (at(1.02), 5, LAYOUT.end))


def test_text_follows_a_pair_and_one_timestamp_is_paired_or_the_end() -> None:
    assert is_allowed(5, at(0.0))
    assert not is_allowed(at(0.5), at(0.0))
    assert is_allowed(at(2.0), at(0.0), 5, at(2.0))
    assert is_allowed(LAYOUT.end, at(0.0), 5, at(2.0))
    assert not is_allowed(6, at(0.0), 5, at(2.0))
    assert is_allowed(6, at(0.0), 5, at(2.0), at(2.0))


def test_time_does_not_run_back_nor_past_the_window() -> None:
    assert not is_allowed(at(1.9), at(0.0), 5, at(2.0))
    assert not is_allowed(at(2.0), at(0.0), 5, at(2.0), at(2.0), 6)
    assert is_allowed(at(2.02), at(0.0), 5, at(2.0), at(2.0), 6)
    assert not is_allowed(at(10.02), at(0.0), 5)


def test_a_segment_may_begin_at_the_very_end_and_still_end() -> None:
    written = (at(0.0), 5, at(10.0), at(10.0), 6)
    assert is_allowed(at(10.0), *written)


def test_marks_that_are_neither_text_nor_time_never_come() -> None:
    assert not any(is_allowed(token, at(0.0), 5) for token in range(101, 110))


def test_segments_stand_between_their_timestamps() -> None:
    tokens = [at(0.0), 5, 6, at(2.0), at(2.4), 7, at(3.0)]
    first, second = timed_segments(tokens, LAYOUT, 10.0)
    assert (first.start_s, first.end_s, first.places) == (0.0, 2.0, range(1, 3))
    assert (second.start_s, second.end_s, second.places) == (2.4, 3.0, range(5, 6))


def test_a_segment_without_an_end_ends_with_the_window() -> None:
    (only,) = timed_segments([at(0.5), 5, 6], LAYOUT, 4.0)
    assert (only.start_s, only.end_s) == (0.5, 4.0)


def test_no_tokens_are_no_segments() -> None:
    assert timed_segments([], LAYOUT, 4.0) == ()
    assert timed_segments([at(0.0), at(0.0)], LAYOUT, 4.0) == ()

"""When what a recogniser wrote is not to be trusted, and what is tried then.

Source of the limits: openai/whisper, whisper/transcribe.py.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TEMPERATURES: Final = (0.0, 0.2, 0.4, 0.6, 0.8)
"""Tried in this order until what comes is fair. Whisper also tries 1.0, which writes what nobody said."""
_MOST_COMPRESSIBLE: Final = 2.4
_LEAST_MEAN_LOGPROB: Final = -1.0
_NO_SPEECH: Final = 0.5
"""Whisper's own is 0.6. Human clips, clean and degraded, gave at most .34, noises and music-like sounds
at least .56 (docs/adr/0015-speech.md)."""
_LOOP_TOKENS: Final = 3
"""A loop is seen once a run of tokens has come this often …"""
_LOOP_LENGTHS: Final = range(1, 33)
"""… and is as long as this."""
_LEAST_LOOP: Final = 12
"""Tokens that the repeats make together: "no, no, no" is no loop."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was written of one window, and how sure the model was."""

    text: str
    mean_logprob: float
    """Of the tokens, the end among them; natural logarithm."""
    text_logprob: float
    """Of the text tokens alone: timestamps and the end are easily guessed."""
    no_speech: float
    """Probability the model gave to there being no speech at all."""
    is_looping: bool = False


def is_silence(attempt: Attempt) -> bool:
    """Whether nothing was said: no word, or the model hears no speech and guesses or repeats itself."""
    if not any(character.isalnum() for character in attempt.text):
        return True
    is_guess = attempt.is_looping or attempt.text_logprob < _LEAST_MEAN_LOGPROB
    return attempt.no_speech > _NO_SPEECH and is_guess


def is_poor(attempt: Attempt) -> bool:
    """Whether it is worth another try: it repeats itself, or guesses."""
    return (
        attempt.is_looping
        or attempt.mean_logprob < _LEAST_MEAN_LOGPROB
        or compression_ratio(attempt.text) > _MOST_COMPRESSIBLE
    )


def compression_ratio(text: str) -> float:
    """Of its bytes; repeats compress."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0


def is_looping(tokens: Sequence[int]) -> bool:
    """Whether the end is one run of tokens, again and again."""
    return any(
        _repeats(tokens, length) * length >= _LEAST_LOOP
        for length in _LOOP_LENGTHS
        if _repeats(tokens, length) >= _LOOP_TOKENS
    )


def _repeats(tokens: Sequence[int], length: int) -> int:
    """How often the last `length` tokens stand at the end, one after the other."""
    last = list(tokens[-length:])
    count = 0
    while (
        len(last) == length
        and list(tokens[len(tokens) - (count + 1) * length : len(tokens) - count * length]) == last
    ):
        count += 1
    return count

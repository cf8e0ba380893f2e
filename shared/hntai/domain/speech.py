"""Speech and its transcript, as the field names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SAMPLE_RATE_HZ: Final = 16_000
"""Of all PCM inside HNTAI: mono, signed 16 bits, little-endian. Whisper and Silero VAD were trained on it."""
BYTES_PER_S: Final = 2 * SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class SpeechSegment:
    """A stretch of speech and its words. Times count from the start of the recording, in seconds."""

    start_s: float
    end_s: float
    text: str
    confidence: float
    """From 0 to 1: the geometric mean of the probabilities of the tokens."""


@dataclass(frozen=True, slots=True)
class SpeechWindow:
    """A stretch of a recording that holds speech and is cut at pauses; [start_s, end_s)."""

    start_s: float
    end_s: float

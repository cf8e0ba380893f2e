"""What is done to speech on its way, and sounds that are no speech. All from fixed seeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]

RATE: Final = 16_000


def telephone(samples: FloatArray) -> FloatArray:
    """300 to 3,400 Hz, by way of 8 kHz."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    band = np.fft.irfft(spectrum, len(samples))
    places = np.arange(len(samples))
    return np.asarray(np.interp(places, places[::2], band[::2]), np.float32)


def noisy(samples: FloatArray, ratio_db: float = 10.0) -> FloatArray:
    """With white noise, so much weaker than the speech."""
    noise = np.random.default_rng(1).normal(size=len(samples))
    level = float(np.sqrt(np.mean(samples**2))) * 10 ** (-ratio_db / 20)
    return (samples + noise * level).astype(np.float32)


def clipped(samples: FloatArray) -> FloatArray:
    """Eight times too loud for what carries it."""
    loud = samples * np.float32(2.4 / max(1e-6, float(np.abs(samples).max())))
    return np.asarray(np.clip(loud, -0.3, 0.3), np.float32)


def one_dead_channel(samples: FloatArray) -> FloatArray:
    """Stereo with one silent side, averaged to mono: half as loud."""
    return (samples / 2).astype(np.float32)


DEGRADED: Final[dict[str, Callable[[FloatArray], FloatArray]]] = {
    "clean": lambda samples: samples,
    "telephone": telephone,
    "noise at 10 dB": noisy,
    "clipped": clipped,
    "one dead channel": one_dead_channel,
}


def not_speech(seconds: float = 15.0) -> dict[str, FloatArray]:
    """Silence, noises, hums, tones and music-like sounds, by name."""
    time = np.arange(int(seconds * RATE)) / RATE
    chance = np.random.default_rng(0)
    white = chance.normal(size=len(time)) * 0.1
    sounds = {
        "silence": np.zeros(len(time)),
        "white noise": white,
        "pink noise": _coloured(white, 0.5),
        "brown noise": _coloured(white, 1.0),
        "faint noise": white * 1e-3,
        "mains hum": 0.2 * np.sin(2 * np.pi * 50 * time) + 0.1 * np.sin(2 * np.pi * 150 * time),
        "tone": 0.3 * np.sin(2 * np.pi * 1000 * time),
        "beeps": 0.3 * np.sin(2 * np.pi * 880 * time) * (np.sin(2 * np.pi * time) > 0.6),
        "chord": _chord(time, 261.6) * (1 + 0.5 * np.sin(2 * np.pi * 5 * time)),
        "melody": _melody(time, chance),
        "knocks": (np.arange(len(time)) % (RATE // 2) < 40) * 0.8,
    }
    return {name: values.astype(np.float32) for name, values in sounds.items()}


def _coloured(white: npt.NDArray[np.float64], power: float) -> npt.NDArray[np.float64]:
    spectrum = np.fft.rfft(white)
    shaped = np.fft.irfft(spectrum / (np.arange(len(spectrum)) + 1) ** power, len(white))
    coloured: npt.NDArray[np.float64] = shaped * (0.1 / shaped.std())
    return coloured


def _chord(time: npt.NDArray[np.float64], root_hz: float) -> npt.NDArray[np.float64]:
    tones = [np.sin(2 * np.pi * root_hz * ratio * time) for ratio in (1.0, 1.26, 1.5)]
    chord: npt.NDArray[np.float64] = 0.1 * np.sum(tones, axis=0)
    return chord


def _melody(time: npt.NDArray[np.float64], chance: np.random.Generator) -> npt.NDArray[np.float64]:
    """Plucked notes of a major scale, two a second, over a bass an octave lower."""
    note = RATE // 2
    melody = np.zeros(len(time))
    for start in range(0, len(time) - note, note):
        hertz, within = 261.6 * 2 ** (chance.choice([0, 2, 4, 5, 7, 9, 11, 12]) / 12), time[:note]
        fading = np.exp(-4 * within)
        for part in (1, 2, 3, 4):
            melody[start : start + note] += 0.3 * fading * np.sin(2 * np.pi * hertz * part * within) / part
            melody[start : start + note] += 0.1 * fading * np.sin(np.pi * hertz * part * within) / part
    return melody

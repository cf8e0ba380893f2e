"""What Whisper hears: the logarithm of 80 mel bands, a hundred times a second."""

from __future__ import annotations

from functools import cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from hntai.domain.speech import SAMPLE_RATE_HZ

FloatArray: TypeAlias = npt.NDArray[np.float32]

BANDS: Final = 80
HOP: Final = 160
"""Samples from one frame to the next."""
FRAMES_PER_S: Final = SAMPLE_RATE_HZ // HOP
_WINDOW: Final = 400
_FLOOR: Final = 1e-10
_RANGE: Final = 8.0
"""Powers of ten below the loudest that are told apart. Source: openai/whisper, whisper/audio.py."""


def log_mel(samples: FloatArray, frames: int) -> FloatArray:
    """(80, frames), scaled as Whisper was trained.

    samples: from -1 to 1; silence follows them up to frames * 160.

    Source: openai/whisper, whisper/audio.py, log_mel_spectrogram.
    """
    padded = np.zeros(frames * HOP, np.float32)
    heard = samples[: len(padded)]
    padded[: len(heard)] = heard
    padded = np.pad(padded, _WINDOW // 2, mode="reflect")
    pieces = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:frames]
    spectrum = np.fft.rfft(pieces * _hann(), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    bands = np.log10(np.maximum(_filters() @ power.T, _FLOOR))
    scaled: FloatArray = ((np.maximum(bands, bands.max() - _RANGE) + 4.0) / 4.0).astype(np.float32)
    return scaled


@cache
def _hann() -> FloatArray:
    """Periodic."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW)).astype(np.float32)


@cache
def _filters() -> FloatArray:
    """(80, 201): triangles evenly spaced in mel, each of area one.

    Source: librosa.filters.mel(sr=16000, n_fft=400, n_mels=80), whose values Whisper carries as a file.
    """
    bins = np.linspace(0.0, SAMPLE_RATE_HZ / 2, _WINDOW // 2 + 1)
    edges = _hertz(np.linspace(0.0, _mel(SAMPLE_RATE_HZ / 2), BANDS + 2))
    slopes = edges[:, None] - bins[None, :]
    widths = np.diff(edges)[:, None]
    triangles = np.maximum(0.0, np.minimum(-slopes[:-2] / widths[:-1], slopes[2:] / widths[1:]))
    area = 2.0 / (edges[2:] - edges[:-2])
    return (triangles * area[:, None]).astype(np.float32)


_LINEAR_HZ: Final = 200.0 / 3.0
_BREAK_HZ: Final = 1000.0
_BREAK_MEL: Final = _BREAK_HZ / _LINEAR_HZ
_LOG_STEP: Final = float(np.log(6.4) / 27.0)
"""Slaney's mel scale: linear to 1 kHz, logarithmic above. Source: Slaney, Auditory Toolbox (1998)."""


def _mel(hertz: float) -> float:
    return _BREAK_MEL + float(np.log(hertz / _BREAK_HZ)) / _LOG_STEP


def _hertz(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    bent = _BREAK_HZ * np.exp(_LOG_STEP * (mels - _BREAK_MEL))
    return np.where(mels < _BREAK_MEL, mels * _LINEAR_HZ, bent)

"""Recordings made for tests: tones, silence and noise in every form that is read, and some that are not."""

from __future__ import annotations

import io
import struct
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

RATE_HZ: Final = 48_000
KINDS: Final = {
    "wav": ("wav", "pcm_s16le"),
    "wav-float": ("wav", "pcm_f32le"),
    "wav-mulaw": ("wav", "pcm_mulaw"),
    "mp3": ("mp3", "libmp3lame"),
    "m4a": ("ipod", "aac"),
    "aac": ("adts", "aac"),
    "flac": ("flac", "flac"),
    "ogg-opus": ("ogg", "libopus"),
    "webm": ("webm", "libopus"),
}
"""Muxer and encoder by a name of ours."""
_LAYOUTS: Final = {1: "mono", 2: "stereo", 8: "7.1"}


def tone(seconds: float, *, rate_hz: int = RATE_HZ, hz: float = 440.0) -> Samples:
    """(1, samples): something to hear."""
    times = np.arange(int(rate_hz * seconds)) / rate_hz
    return (0.3 * np.sin(2 * np.pi * hz * times)).astype(np.float32)[None, :]


def silence(seconds: float, *, rate_hz: int = RATE_HZ) -> Samples:
    return np.zeros((1, int(rate_hz * seconds)), np.float32)


def recording(kind: str, samples: Samples, *, rate_hz: int = RATE_HZ) -> bytes:
    """The samples, (channels, n) from -1 to 1, as a file of that kind."""
    muxer, encoder = KINDS[kind]
    file = io.BytesIO()
    layout = _LAYOUTS[len(samples)]
    with av.open(file, "w", format=muxer) as container:
        stream: Any = container.add_stream(encoder, rate=rate_hz, layout=layout)
        step = rate_hz
        for start in range(0, samples.shape[1], step):
            piece = np.ascontiguousarray(samples[:, start : start + step])
            frame: Any = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
            frame.sample_rate, frame.pts = rate_hz, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def wav(
    data: bytes,
    *,
    rate_hz: int = 16_000,
    channels: int = 1,
    bits: int = 16,
    form: int = 1,
    claimed: int | None = None,
) -> bytes:
    """A WAV by hand. form: 1 for whole numbers, 3 for floats. claimed: bytes its header speaks of."""
    size = len(data) if claimed is None else claimed
    block = channels * bits // 8
    fmt = struct.pack("<HHIIHH", form, channels, rate_hz, rate_hz * block & 0xFFFFFFFF, block, bits)
    head = struct.pack("<4sI4s4sI", b"RIFF", (36 + size) & 0xFFFFFFFF, b"WAVE", b"fmt ", 16)
    return head + fmt + struct.pack("<4sI", b"data", size) + data

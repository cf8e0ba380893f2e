"""One channel out of several: those that carry something, averaged; silent ones do not halve the rest."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from hntai.domain.speech import SAMPLE_RATE_HZ

Samples = npt.NDArray[np.float32]

DEAD: Final = 0.01
"""A channel with less than this part of the loudest one's energy (20 dB below) is left out."""
CANCELLED: Final = 0.05
"""Where the mean keeps less than this part of the channels' energy they are in opposite phase."""
HALF_LIFE_S: Final = 2.0
"""How long a channel is remembered as alive; one that begins to speak is alive at once."""


class ChannelMix:
    """Mixes frame after frame of one recording."""

    def __init__(self) -> None:
        self._energies = np.zeros(0)
        self._mean_energy = 0.0

    def __call__(self, planes: Samples) -> Samples:
        """planes: (channels, samples) at SAMPLE_RATE_HZ, from -1 to 1; what is beyond is clipped."""
        heard = np.clip(np.nan_to_num(planes, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
        only: Samples = heard[0]
        if len(heard) == 1:
            return only
        alive = heard[self._alive(heard)]
        mean: Samples = alive.mean(axis=0, dtype=np.float32)
        self._mean_energy = self._mean_energy * self._fade(heard) + float((mean**2).sum())
        if self._mean_energy < CANCELLED * float(self._energies.max()):
            loudest: Samples = heard[int(self._energies.argmax())]
            return loudest
        return mean

    def _alive(self, heard: Samples) -> npt.NDArray[np.bool_]:
        if len(self._energies) != len(heard):
            self._energies, self._mean_energy = np.zeros(len(heard)), 0.0
        self._energies = self._energies * self._fade(heard) + (heard.astype(np.float64) ** 2).sum(axis=1)
        alive: npt.NDArray[np.bool_] = self._energies >= DEAD * self._energies.max()
        return alive

    @staticmethod
    def _fade(heard: Samples) -> float:
        return float(0.5 ** (heard.shape[1] / (SAMPLE_RATE_HZ * HALF_LIFE_S)))


def to_pcm(samples: Samples) -> bytes:
    """Signed 16 bits, little-endian."""
    pcm: bytes = np.rint(samples * 32767.0).astype("<i2").tobytes()
    return pcm

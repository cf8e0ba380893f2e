"""Silero's voice activity detector: how likely each 32 ms are speech."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from hntai.adapters.onnx_session import ModelEdgeError, OnnxSession
from hntai.domain.speech import SAMPLE_RATE_HZ

FRAME: Final = 512
"""Samples."""
FRAME_S: Final = FRAME / SAMPLE_RATE_HZ
_CONTEXT: Final = 64
"""Samples of the frame before that the model hears again."""
_BLOCK: Final = 1024
"""Frames at once: 33 s."""
_STATE: Final = (1, 1, 128)


class SileroVad:
    """silero_vad_16k_sequence.onnx of silero-vad 6.2: many frames a call, its state carried by hand."""

    def __init__(self, file: Path) -> None:
        """Raises what onnxruntime raises, and ModelEdgeError."""
        self._session = OnnxSession(file, 1)
        self._session.require(("input", "h", "c"), ("speech_probs", "hn", "cn"))

    def probabilities(self, pcm: bytes) -> Sequence[float]:
        """One a frame, silence filling the last.

        Raises:
            ModelEdgeError: the model gives something else.
        """
        samples = np.frombuffer(pcm, "<i2")
        state: dict[str, Any] = {name: np.zeros(_STATE, np.float32) for name in ("h", "c")}
        before = np.zeros(_CONTEXT, np.float32)
        found: list[float] = []
        for start in range(0, len(samples), _BLOCK * FRAME):
            heard = samples[start : start + _BLOCK * FRAME]
            frames = np.zeros((-(-len(heard) // FRAME), FRAME), np.float32)
            frames.reshape(-1)[: len(heard)] = heard
            frames /= 32768.0
            ends = np.concatenate([before[None], frames[:-1, -_CONTEXT:]])
            before = frames[-1, -_CONTEXT:]
            given = {"input": np.concatenate([ends, frames], axis=1), **state}
            values = self._session.run({name: self._session.tensor(name, of) for name, of in given.items()})
            likely = values["speech_probs"].numpy().reshape(-1)
            if len(likely) != len(frames) or not np.isfinite(likely).all():
                raise ModelEdgeError
            state = {"h": values["hn"].numpy(), "c": values["cn"].numpy()}
            found += likely.tolist()
        return found

"""Whisper's two graphs, as hntai_local.models.recipes.whisper makes them: heard windows in, tokens out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from hntai.adapters.log_mel import log_mel
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.onnx_session import ModelEdgeError, OnnxSession, Tensors, presents, read_json
from hntai.domain.decoding_fallback import is_looping
from hntai.domain.timestamp_tokens import TokenLayout, barred

FloatArray: TypeAlias = npt.NDArray[np.float32]

_MOST_TOKENS: Final = 224
"""Of a window. Source: openai/whisper, whisper/decoding.py, sample_len."""
_SEED: Final = 20


class TooSlowError(Exception):
    """The deadline passed."""


@dataclass(slots=True)
class Written:
    """What the decoder wrote of one window, without the end."""

    no_speech: float
    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    """Of the tokens, and of the end where it came."""
    is_looping: bool = False
    has_ended: bool = False

    @property
    def is_done(self) -> bool:
        return self.has_ended or self.is_looping or len(self.tokens) >= _MOST_TOKENS


class WhisperGraphs:
    """Greedy and sampled decoding, one window after the other."""

    def __init__(self, model: ModelFolder, threads: int) -> None:
        """Raises what onnxruntime raises, ModelEdgeError, LookupError."""
        config = read_json(model.folder / "config.json")
        self.layout = TokenLayout(
            int(config["end"]), int(config["first_timestamp"]), int(config["vocabulary"])
        )
        self.language = str(config["language"])
        self._prompt = [int(token) for token in config["prompt"]]
        self._no_speech = int(config["no_speech"])
        self._suppressed = np.array(config["suppressed"], np.int64)
        self._suppressed_first = np.array(config["suppressed_first"], np.int64)
        self._encoder = OnnxSession(model.folder / "encoder.onnx", threads)
        self._decoder = OnnxSession(model.folder / "decoder.onnx", threads)
        self._encoder.require(("mel",), ("present.0.encoder.key",))
        self._decoder.require(("tokens", "at", "past_key_values.0.encoder.key"), ("logits",))

    def hear(self, samples: FloatArray, frames: int) -> Tensors:
        """What the decoder looks at. frames: an even number; silence follows the samples up to it."""
        return presents(
            self._encoder.run({"mel": self._encoder.tensor("mel", log_mel(samples, frames)[None])})
        )

    def write(self, heard: Tensors, length: int, temperature: float, deadline: float) -> Written:
        """Of one window. length: of the window, in timestamps. deadline: of time.monotonic().

        Raises:
            TooSlowError: it passed.
            ModelEdgeError: the graph gives something else than Whisper's does.
        """
        chance = np.random.default_rng(_SEED)
        outputs, logits = self._step(heard, self._no_past(), self._prompt, (0, len(self._prompt) - 1))
        written = Written(float(_softmax(logits[0])[self._no_speech]))
        while True:
            self._choose(logits[-1], written, length, temperature, chance)
            if written.is_done:
                return written
            if time.monotonic() > deadline:
                raise TooSlowError
            outputs, logits = self._step(heard, presents(outputs), written.tokens[-1:], (0,))

    def _step(
        self, heard: Tensors, past: Tensors, tokens: Sequence[int], at: Sequence[int]
    ) -> tuple[Tensors, FloatArray]:
        """The cache, and the logits behind the tokens `at` names: (asked, vocabulary)."""
        decoder = self._decoder
        given = {
            "tokens": decoder.tensor("tokens", np.array([tokens])),
            "at": decoder.tensor("at", np.array(at)),
        }
        outputs = decoder.run({**heard, **past, **given})
        logits: FloatArray = outputs.pop("logits").numpy()
        if logits.shape != (1, len(at), self.layout.size) or not np.isfinite(logits).all():
            raise ModelEdgeError
        return outputs, logits[0]

    def _no_past(self) -> Tensors:
        names = [name for name in self._decoder.inputs if ".decoder." in name]
        return self._decoder.empty_pasts(names)

    def _choose(
        self,
        logits: FloatArray,
        written: Written,
        length: int,
        temperature: float,
        chance: np.random.Generator,
    ) -> None:
        """Adds the next token, or the end."""
        layout = self.layout
        allowed = logits.copy()
        allowed[self._suppressed] = -np.inf
        if not written.tokens:
            allowed[self._suppressed_first] = -np.inf
        for tokens in barred(written.tokens, layout, layout.first_timestamp + length):
            allowed[tokens.start : tokens.stop] = -np.inf
        _prefer_timestamps(allowed, layout.first_timestamp)
        if temperature:
            token = int(chance.choice(len(allowed), p=_softmax(allowed / np.float32(temperature))))
        else:
            token = int(allowed.argmax())
        written.logprobs.append(float(allowed[token] - _log_sum(allowed)))
        if token == layout.end:
            written.has_ended = True
        else:
            written.tokens.append(token)
            written.is_looping = is_looping(written.tokens)


def _prefer_timestamps(allowed: FloatArray, first: int) -> None:
    """A timestamp comes where all timestamps together are likelier than any one text token."""
    times, text = allowed[first:], allowed[:first]
    if times.max() > -np.inf and _log_sum(times) > text.max():
        text[:] = -np.inf


def _log_sum(logits: FloatArray) -> float:
    top = logits.max()
    return float(top + np.log(np.exp(logits - top).sum()))


def _softmax(logits: FloatArray) -> npt.NDArray[np.float64]:
    powers: npt.NDArray[np.float64] = np.exp(logits.astype(np.float64) - float(logits.max()))
    shares: npt.NDArray[np.float64] = powers / powers.sum()
    return shares

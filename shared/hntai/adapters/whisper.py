"""Whisper by ONNX Runtime: windows cut at pauses, written, checked, and tried again where poor."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from hntai.adapters.log_mel import FRAMES_PER_S
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.onnx_session import ModelEdgeError, Tensors, failure
from hntai.adapters.silero_vad import FRAME_S, SileroVad
from hntai.adapters.whisper_graphs import TooSlowError, WhisperGraphs, Written
from hntai.domain.decoding_fallback import TEMPERATURES, Attempt, is_poor, is_silence
from hntai.domain.errors import ModelFailedError
from hntai.domain.speech import BYTES_PER_S, SAMPLE_RATE_HZ, SpeechSegment, SpeechWindow
from hntai.domain.speech_windows import speech_windows
from hntai.domain.timestamp_tokens import STEP_S, timed_segments

FloatArray: TypeAlias = npt.NDArray[np.float32]

_ALL_FRAMES: Final = 30 * FRAMES_PER_S
"""What Whisper was trained to hear."""
_SILENCE_AFTER: Final = 2 * FRAMES_PER_S
_LEAST_FRAMES: Final = 10 * FRAMES_PER_S
"""Heard first: less than all costs less, and made no more errors (docs/adr/0015-speech.md)."""


class WhisperSpeech:
    """See hntai.ports.speech.SpeechModel."""

    def __init__(self, model: ModelFolder, vad: ModelFolder, threads: int) -> None:
        """Raises ModelFailedError."""
        self.identity, self._model = model.identity, model
        try:
            self._vad = SileroVad(vad.only(".onnx"))
            self._graphs = WhisperGraphs(model, threads)
            self._tokenizer = Tokenizer.from_file(str(model.folder / "tokenizer.json"))
        except Exception as error:  # the libraries raise bare Exception and their own classes
            raise failure(model, error, "cannot_load") from error
        self.language = self._graphs.language

    def windows(self, pcm: bytes) -> Sequence[SpeechWindow]:
        try:
            likely = self._vad.probabilities(pcm)
        except Exception as error:
            raise self._failed(error) from error
        return speech_windows(likely, FRAME_S, len(pcm) / BYTES_PER_S)

    def transcribe(
        self, pcm: bytes, windows: Sequence[SpeechWindow], *, deadline_s: float
    ) -> Iterator[Sequence[SpeechSegment]]:
        deadline = time.monotonic() + deadline_s
        for window in windows:
            try:
                written = self._written(_samples(pcm, window), deadline)
            except Exception as error:
                raise self._failed(error) from error
            yield self._segments(window, written)

    def _written(self, samples: FloatArray, deadline: float) -> Written | None:
        """The first fair try: as short as it is, then with silence up to 30 s, then warmer and warmer.

        None where nothing was said.
        """
        tries: list[tuple[Written, Attempt]] = []
        heard: Tensors = {}
        for frames, temperature in _tries(len(samples)):
            heard = heard if temperature else self._graphs.hear(samples, frames)
            written = self._graphs.write(heard, _timestamps(samples), temperature, deadline)
            attempt = self._attempt(written)
            if is_silence(attempt):
                return None
            if not is_poor(attempt):
                return written
            tries.append((written, attempt))
        written, _ = max(tries, key=lambda each: (not each[1].is_looping, each[1].mean_logprob))
        return written

    def _attempt(self, written: Written) -> Attempt:
        end = self._graphs.layout.end
        of_text = [
            logprob for token, logprob in zip(written.tokens, written.logprobs, strict=False) if token < end
        ]
        return Attempt(
            text=self._text(written.tokens),
            mean_logprob=fmean(written.logprobs),
            text_logprob=fmean(of_text or [0.0]),
            no_speech=written.no_speech,
            is_looping=written.is_looping,
        )

    def _segments(self, window: SpeechWindow, written: Written | None) -> tuple[SpeechSegment, ...]:
        if written is None:
            return ()
        length_s = window.end_s - window.start_s
        segments = []
        for timed in timed_segments(written.tokens, self._graphs.layout, length_s):
            text = self._text(written.tokens[timed.places.start : timed.places.stop])
            logprobs = written.logprobs[timed.places.start : timed.places.stop]
            confidence = min(1.0, float(np.exp(np.mean(logprobs))))
            if text:
                start_s, end_s = window.start_s + timed.start_s, window.start_s + timed.end_s
                segments.append(SpeechSegment(round(start_s, 2), round(end_s, 2), text, round(confidence, 4)))
        return tuple(segments)

    def _text(self, tokens: Sequence[int]) -> str:
        text = [token for token in tokens if token < self._graphs.layout.end]
        return str(self._tokenizer.decode(text)).strip()

    def _failed(self, error: Exception) -> ModelFailedError:
        if isinstance(error, TooSlowError):
            return ModelFailedError(model=self.identity.name, cause="too_slow")
        return failure(self._model, error, "rubbish" if isinstance(error, ModelEdgeError) else "crashed")


def _samples(pcm: bytes, window: SpeechWindow) -> FloatArray:
    first, last = round(window.start_s * SAMPLE_RATE_HZ), round(window.end_s * SAMPLE_RATE_HZ)
    return np.frombuffer(pcm[2 * first : 2 * last], "<i2").astype(np.float32) / np.float32(32768.0)


def _timestamps(samples: FloatArray) -> int:
    """The window's length in timestamp tokens."""
    return min(int(len(samples) / SAMPLE_RATE_HZ / STEP_S), int(_ALL_FRAMES / FRAMES_PER_S / STEP_S))


def _tries(samples: int) -> Iterator[tuple[int, float]]:
    """Frames to hear and temperature to write at. What is heard changes at temperature 0 alone."""
    spoken = -(-samples * FRAMES_PER_S // SAMPLE_RATE_HZ)
    short = max(_LEAST_FRAMES, spoken + _SILENCE_AFTER) // 2 * 2
    if short < _ALL_FRAMES:
        yield short, 0.0
    for temperature in TEMPERATURES:
        yield _ALL_FRAMES, temperature

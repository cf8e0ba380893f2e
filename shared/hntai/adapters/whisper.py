"""Whisper by ONNX Runtime: windows cut at pauses, several written at once, checked, and tried again where poor."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Final

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

FloatArray = npt.NDArray[np.float32]

_BATCH: Final = 4
"""Windows at once."""
_ALL_FRAMES: Final = 30 * FRAMES_PER_S
"""What Whisper was trained to hear."""
_SILENCE_AFTER: Final = 2 * FRAMES_PER_S
_LEAST_FRAMES: Final = 10 * FRAMES_PER_S


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
        for first in range(0, len(windows), _BATCH):
            batch = windows[first : first + _BATCH]
            try:
                written = self._written([_samples(pcm, window) for window in batch], deadline)
            except Exception as error:
                raise self._failed(error) from error
            for window, one in zip(batch, written, strict=True):
                yield self._segments(window, one)

    def _written(self, heard: Sequence[FloatArray], deadline: float) -> list[Written | None]:
        """Of each window; None where nothing was said."""
        lengths = [_timestamps(samples) for samples in heard]
        frames = _frames(max(map(len, heard)))
        first = self._graphs.write(self._graphs.hear(heard, frames), lengths, 0.0, deadline)
        return [
            self._checked(samples, one, frames, deadline) for samples, one in zip(heard, first, strict=True)
        ]

    def _checked(self, samples: FloatArray, first: Written, frames: int, deadline: float) -> Written | None:
        """The first fair try: as it came, then with all the silence Whisper knows, then warmer and warmer."""
        tries = [(first, self._attempt(first))]
        heard: Tensors | None = None
        for temperature in TEMPERATURES:
            if is_silence(tries[-1][1]) or not is_poor(tries[-1][1]):
                break
            if temperature == 0.0 and frames == _ALL_FRAMES:
                continue
            heard = heard or self._graphs.hear([samples], _ALL_FRAMES)
            (again,) = self._graphs.write(heard, [_timestamps(samples)], temperature, deadline)
            tries.append((again, self._attempt(again)))
        written, attempt = tries[-1]
        if is_poor(attempt):
            written, attempt = max(tries, key=lambda each: (not each[1].is_looping, each[1].mean_logprob))
        return None if is_silence(attempt) else written

    def _attempt(self, written: Written) -> Attempt:
        mean = sum(written.logprobs) / len(written.logprobs)
        return Attempt(self._text(written.tokens), mean, written.no_speech, written.is_looping)

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


def _frames(samples: int) -> int:
    """As many as the longest window needs with silence behind it: an even number."""
    spoken = -(-samples * FRAMES_PER_S // SAMPLE_RATE_HZ)
    return min(_ALL_FRAMES, max(_LEAST_FRAMES, spoken + _SILENCE_AFTER) // 2 * 2)

"""Sentence vectors of a MiniLM-class encoder by ONNX Runtime, without torch or transformers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from hntai.domain.errors import ModelFailedError
from hntai.domain.generation import ModelIdentity

FloatArray = Any
"""npt.NDArray[np.float32]; numpy is there where the encoder is baked, and nowhere else."""

WINDOW_TOKENS: Final = 256
"""What the encoder was trained on. Source: model card of sentence-transformers/all-MiniLM-L6-v2."""
_BATCH_TOKENS: Final = 2_048
"""Padding included; more at once is no faster on two cores and takes more memory."""
_BATCH: Final = 32


class OnnxSentenceEncoder:
    """See hntai.ports.SentenceEncoder: mean of the token vectors, of length one.

    A sentence longer than the window is encoded in windows and averaged; none of it is cut off. Calls may
    come from several threads.
    """

    def __init__(self, model: Path, tokenizer: Path, identity: ModelIdentity, threads: int) -> None:
        """Raises ModelFailedError: a file is missing or not what it should be."""
        self.identity = identity
        try:
            import numpy
            from onnxruntime import InferenceSession, SessionOptions
            from tokenizers import Tokenizer

            options = SessionOptions()
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = 1
            self._numpy: Any = numpy
            self._session: Any = InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
            self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # the library raises bare Exception and its own classes
            raise ModelFailedError(model=identity.name, cause="not loadable") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._inputs = {one.name for one in self._session.get_inputs()}

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def similarities(self, sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        if not sentences:
            return []
        try:
            vectors = self._vectors(sentences)
            rows: list[list[float]] = self._numpy.clip(vectors @ vectors.T, -1.0, 1.0).tolist()
        except (RuntimeError, ValueError, MemoryError, TypeError) as error:
            raise ModelFailedError(model=self.identity.name, cause=type(error).__name__) from None
        return rows

    def _vectors(self, sentences: Sequence[str]) -> FloatArray:
        """(sentences, width), each of length one."""
        windows = [
            (place, ids)
            for place, encoded in enumerate(
                self._tokenizer.encode_batch(list(sentences), add_special_tokens=False)
            )
            for ids in self._windows(encoded.ids)
        ]
        windows.sort(key=lambda window: len(window[1]))
        sums: Any = None
        for batch in _batches(windows):
            pooled = self._pooled([ids for _, ids in batch])
            if sums is None:
                sums = self._numpy.zeros((len(sentences), pooled.shape[1]), self._numpy.float32)
            for (place, ids), vector in zip(batch, pooled, strict=True):
                sums[place] += vector * len(ids)
        return self._unit_length(sums)

    def _windows(self, ids: Sequence[int]) -> Iterator[list[int]]:
        """Parts of at most a window, each between the model's own marks of start and end."""
        room = WINDOW_TOKENS - 2
        start = self._tokenizer.token_to_id("[CLS]")
        end = self._tokenizer.token_to_id("[SEP]")
        for at in range(0, max(len(ids), 1), room):
            yield [start, *ids[at : at + room], end]

    def _pooled(self, batch: Sequence[Sequence[int]]) -> FloatArray:
        """Mean over the real tokens. (batch, width)."""
        numpy = self._numpy
        longest = max(map(len, batch))
        ids = numpy.zeros((len(batch), longest), numpy.int64)
        mask = numpy.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        hidden = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        if hidden.ndim != 3 or hidden.shape[:2] != ids.shape:
            raise ModelFailedError(model=self.identity.name, cause="unexpected output shape")
        weights = mask[:, :, None].astype(numpy.float32)
        pooled: FloatArray = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        return self._unit_length(pooled)

    def _unit_length(self, vectors: FloatArray) -> FloatArray:
        norms = self._numpy.linalg.norm(vectors, axis=1, keepdims=True)
        scaled: FloatArray = vectors / self._numpy.maximum(norms, 1e-12)
        return scaled


def _batches(windows: Sequence[tuple[int, list[int]]]) -> Iterator[Sequence[tuple[int, list[int]]]]:
    """Windows in order of length, as many at once as stay within both bounds."""
    batch: list[tuple[int, list[int]]] = []
    for window in windows:
        if batch and (len(batch) == _BATCH or (len(batch) + 1) * len(window[1]) > _BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch

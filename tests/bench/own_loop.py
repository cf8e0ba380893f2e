"""llama.cpp's own greedy loop, twice: bare over its C functions, and as llama-cpp-python's class has it."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import llama_cpp as native

BATCH_TOKENS = 256


class BareLoop:
    """Decode, take the likeliest, decode: no text, no deadline, no check."""

    def __init__(self, file: Path, context_tokens: int, threads: int) -> None:
        native.llama_backend_init()
        self._model = native.llama_model_load_from_file(
            str(file).encode(), native.llama_model_default_params()
        )
        params = native.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch = context_tokens, BATCH_TOKENS, BATCH_TOKENS
        params.n_threads = params.n_threads_batch = threads
        params.n_seq_max, params.no_perf = 1, True
        self._context: Any = native.llama_init_from_model(self._model, params)
        self._vocabulary = native.llama_model_get_vocab(self._model)
        self._sampler = native.llama_sampler_init_greedy()

    def seconds_a_token(self, prompt: Sequence[int], most: int) -> float:
        """From the first token to the last, over as many as were decoded between them."""
        native.llama_memory_clear(native.llama_get_memory(self._context), True)
        for start in range(0, len(prompt), BATCH_TOKENS):
            self._decode(prompt[start : start + BATCH_TOKENS])
        token, written = self._next(), 1
        started = time.perf_counter()
        while written < most and not native.llama_vocab_is_eog(self._vocabulary, token):
            self._decode((token,))
            token, written = self._next(), written + 1
        return (time.perf_counter() - started) / max(1, written - 1)

    def _next(self) -> int:
        return int(native.llama_sampler_sample(self._sampler, self._context, -1))

    def _decode(self, tokens: Sequence[int]) -> None:
        array = (native.llama_token * len(tokens))(*tokens)
        if native.llama_decode(self._context, native.llama_batch_get_one(array, len(tokens))):
            raise RuntimeError("llama_decode")

    def close(self) -> None:
        native.llama_sampler_free(self._sampler)
        native.llama_free(self._context)
        native.llama_model_free(self._model)


class ClassLoop:
    """Llama.generate at temperature 0."""

    def __init__(self, file: Path, context_tokens: int, threads: int) -> None:
        self._llama: Any = native.Llama(
            str(file),
            n_ctx=context_tokens,
            n_batch=BATCH_TOKENS,
            n_ubatch=BATCH_TOKENS,
            n_threads=threads,
            n_threads_batch=threads,
            verbose=False,
        )

    def seconds_a_token(self, prompt: Sequence[int], most: int) -> float:
        """As BareLoop's."""
        self._llama.reset()
        tokens = islice(self._llama.generate(list(prompt), temp=0.0, reset=True), most)
        end, written = self._llama.token_eos(), 1
        if next(tokens) == end:
            return 0.0
        started = time.perf_counter()
        for token in tokens:
            written += 1
            if token == end:
                break
        return (time.perf_counter() - started) / max(1, written - 1)

    def close(self) -> None:
        self._llama.close()


def silence() -> Any:
    """Keeps llama.cpp's log away; to be held on to."""
    callback = native.llama_log_callback(lambda _level, _text, _data: None)
    native.llama_log_set(callback, ctypes.c_void_p(0))
    return callback

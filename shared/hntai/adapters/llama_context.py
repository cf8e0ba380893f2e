"""llama.cpp's own loop over one sequence, by llama-cpp-python's low-level door.

The high-level class keeps an array of n_batch by vocabulary, and pickles it with every state.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import llama_cpp as native

BATCH_TOKENS: Final = 256
"""Of a prompt, evaluated at once; the clock is looked at between them, and within by the abort callback."""
_ABORTED: Final = 2
"""llama_decode's answer where the abort callback said so."""
_NO_ABORT: Final = native.ggml_abort_callback()
_SILENCE: Final = native.llama_log_callback(lambda _level, _text, _data: None)
"""llama.cpp would write to stderr, and of some faults it writes the text at fault."""


class CannotLoadError(Exception):
    """The file is no model this library reads."""


class NoMemoryError(Exception):
    """The model's state does not fit into memory."""


class LlamaContext:
    """One model with one sequence of tokens. Not for two threads at once."""

    def __init__(self, file: Path, context_tokens: int, threads: int) -> None:
        """Raises CannotLoadError, NoMemoryError."""
        native.llama_log_set(_SILENCE, ctypes.c_void_p(0))
        native.llama_backend_init()
        self._model = native.llama_model_load_from_file(str(file).encode(), _model_params())
        if not self._model:
            raise CannotLoadError
        self.context_tokens = min(context_tokens, native.llama_model_n_ctx_train(self._model))
        params = _context_params(self.context_tokens, threads)
        self._context = native.llama_init_from_model(self._model, params)
        if not self._context:
            raise NoMemoryError
        self.vocabulary: Any = native.llama_model_get_vocab(self._model)
        self._memory = native.llama_get_memory(self._context)
        self.build = _build(params)
        """What the numbers of a state depend on beside the model and the tokens."""

    def metadata(self, key: str) -> str:
        """A value of the file's, or "" where it has none."""
        room = 256
        while True:
            buffer = ctypes.create_string_buffer(room)
            size: int = native.llama_model_meta_val_str(self._model, key.encode(), buffer, room)
            if size < room:
                return buffer.value.decode("utf-8", "replace") if size > 0 else ""
            room = size + 1

    def tokens(self, text: str, *, with_markers: bool) -> list[int]:
        """with_markers: <|im_start|> and its like become control tokens; else they are text as any other."""
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 16
        buffer = (native.llama_token * room)()
        count = native.llama_tokenize(self.vocabulary, raw, len(raw), buffer, room, False, with_markers)
        return list(buffer[:count])

    def piece(self, token: int, *, with_markers: bool = False) -> bytes:
        """A token's bytes; nothing for control tokens, unless with_markers."""
        room = 128
        buffer = ctypes.create_string_buffer(room)
        size = native.llama_token_to_piece(self.vocabulary, token, buffer, room, 0, with_markers)
        if size < 0:
            buffer = ctypes.create_string_buffer(-size)
            size = native.llama_token_to_piece(self.vocabulary, token, buffer, -size, 0, with_markers)
        return buffer.raw[:size]

    def is_end(self, token: int) -> bool:
        return bool(native.llama_vocab_is_eog(self.vocabulary, token))

    def is_control(self, token: int) -> bool:
        return bool(native.llama_vocab_is_control(self.vocabulary, token))

    def markers(self) -> tuple[str, ...]:
        """The control tokens as they are written: what a record could try to say."""
        every = range(native.llama_vocab_n_tokens(self.vocabulary))
        written = (self.piece(token, with_markers=True) for token in every if self.is_control(token))
        return tuple(marker.decode("utf-8", "replace") for marker in written if len(marker) > 1)

    def bos(self) -> tuple[int, str, bool]:
        """The token a text starts with (-1: none), as written, and whether this model wants one."""
        token = native.llama_vocab_bos(self.vocabulary)
        written = self.piece(token, with_markers=True).decode("utf-8", "replace") if token >= 0 else ""
        return token, written, bool(native.llama_vocab_get_add_bos(self.vocabulary)) and token >= 0

    def forget_after(self, count: int) -> None:
        """Only the first count tokens stay evaluated."""
        if not native.llama_memory_seq_rm(self._memory, 0, count, -1):
            native.llama_memory_clear(self._memory, True)

    def evaluate(self, tokens: Sequence[int], is_late: Callable[[], bool]) -> bool:
        """Evaluates the tokens behind those there are. False: it was late, and what stands is undefined.

        Raises:
            NoMemoryError: the computation could not be set up.
        """
        abort = native.ggml_abort_callback(lambda _data: is_late())
        native.llama_set_abort_callback(self._context, abort, ctypes.c_void_p(0))
        try:
            starts = range(0, len(tokens), BATCH_TOKENS)
            return all(self._decode(tokens[start : start + BATCH_TOKENS], is_late) for start in starts)
        finally:
            native.llama_set_abort_callback(self._context, _NO_ABORT, ctypes.c_void_p(0))

    def append(self, token: int) -> None:
        """Evaluates one token, without an abort callback: asked at every operation, it would cost a tenth."""
        self._decode((token,), lambda: False)

    def _decode(self, tokens: Sequence[int], is_late: Callable[[], bool]) -> bool:
        if is_late():
            return False
        array = (native.llama_token * len(tokens))(*tokens)
        answer = native.llama_decode(self._context, native.llama_batch_get_one(array, len(tokens)))
        if answer not in {0, _ABORTED}:
            raise NoMemoryError
        return bool(answer == 0)

    def state(self) -> Any:
        """The sequence's keys and values, in llama.cpp's own form, as a buffer to put back."""
        size = native.llama_state_seq_get_size(self._context, 0)
        buffer = (ctypes.c_uint8 * size)()
        native.llama_state_seq_get_data(self._context, buffer, size, 0)
        return buffer

    def put_back(self, state: Any, count: int) -> bool:
        """False where it could not be, or is of another number of tokens: then nothing is evaluated."""
        native.llama_memory_clear(self._memory, True)
        is_read = native.llama_state_seq_set_data(self._context, state, len(state), 0) == len(state)
        if is_read and native.llama_memory_seq_pos_max(self._memory, 0) == count - 1:
            return True
        native.llama_memory_clear(self._memory, True)
        return False

    def sampler(self, grammar: str | None) -> GreedySampler:
        """Raises ValueError where the grammar is none."""
        return GreedySampler(self._context, self.vocabulary, grammar)


class GreedySampler:
    """The likeliest token, or the likeliest the grammar allows."""

    def __init__(self, context: Any, vocabulary: Any, grammar: str | None) -> None:
        self._context = context
        self._chain = native.llama_sampler_chain_init(native.llama_sampler_chain_default_params())
        self._likeliest = native.llama_sampler_init_greedy()
        self._grammar: Any = None
        if grammar is not None:
            self._grammar = native.llama_sampler_init_grammar(vocabulary, grammar.encode(), b"root")
            if not self._grammar:
                raise ValueError("no grammar")
            native.llama_sampler_chain_add(self._chain, self._grammar)
        native.llama_sampler_chain_add(self._chain, native.llama_sampler_init_greedy())

    def __call__(self) -> int:
        """The grammar is held against one token first: it seldom objects, and a vocabulary is long."""
        token: int = native.llama_sampler_sample(self._likeliest, self._context, -1)
        if self._grammar is None:
            return token
        if not self._allows(token):
            return int(native.llama_sampler_sample(self._chain, self._context, -1))
        native.llama_sampler_accept(self._grammar, token)
        return token

    def _allows(self, token: int) -> bool:
        one = native.llama_token_data(id=token, logit=1.0, p=0.0)
        array = native.llama_token_data_array(data=ctypes.pointer(one), size=1, selected=-1, sorted=False)
        native.llama_sampler_apply(self._grammar, ctypes.byref(array))
        return not math.isinf(array.data[0].logit)

    def close(self) -> None:
        native.llama_sampler_free(self._likeliest)
        native.llama_sampler_free(self._chain)


def as_state(written: bytes) -> Any:
    """Bytes as a buffer to put back."""
    return (ctypes.c_uint8 * len(written)).from_buffer_copy(written)


def _model_params() -> Any:
    params = native.llama_model_default_params()
    params.use_mmap, params.use_mlock, params.n_gpu_layers = True, False, 0
    return params


def _build(params: Any) -> str:
    """Threads are not in it: they share out rows, and no sum depends on which of them makes it."""
    names = ("n_ctx", "n_batch", "n_ubatch", "n_seq_max", "type_k", "type_v", "flash_attn_type", "swa_full")
    given = " ".join(f"{name}={getattr(params, name, None)}" for name in names)
    return f"{native.__version__} {native.llama_print_system_info().decode()} {given}"


def _context_params(context_tokens: int, threads: int) -> Any:
    params = native.llama_context_default_params()
    params.n_ctx, params.n_batch, params.n_ubatch = context_tokens, BATCH_TOKENS, BATCH_TOKENS
    params.n_threads = params.n_threads_batch = threads
    params.n_seq_max, params.no_perf = 1, True
    return params

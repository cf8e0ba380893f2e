"""Encoder-decoder ONNX models, as optimum exports them: `seq2seq` and `summarization`.

The decoder is one merged file, or a first step and one with a past.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from hntai.adapters.answer_writer import AnswerWriter
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.onnx_session import (
    ModelEdgeError,
    OnnxSession,
    Tensors,
    failure,
    is_past,
    last_logits,
    presents,
    read_json,
)
from hntai.adapters.onnx_tokens import OnnxTokens, end_tokens
from hntai.domain.errors import PromptTooLongError
from hntai.domain.generation import Finish, Generated, Prompt


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a model's own configuration says of greedy writing."""

    start: int
    ends: frozenset[int]
    forced_first: int | None
    least_tokens: int
    """Of the decoder's, its start token among them."""
    no_repeat: int
    """Runs of so many tokens are written once; 0: as often as it likes."""
    prefix: str
    """"summarize: " for a T5."""
    vocabulary: int


class OnnxSeq2Seq:
    """A TextModel that reads the prompt's text alone."""

    def __init__(self, model: ModelFolder, threads: int) -> None:
        """Raises ModelFailedError."""
        self.identity, self._model, self._lock = model.identity, model, Lock()
        try:
            self._tokens = OnnxTokens(model.folder / "tokenizer.json")
            self._encoder = OnnxSession(model.folder / _file(model, "encoder_model"), threads)
            self._encoder.require(("input_ids", "attention_mask"), ("last_hidden_state",))
            self._first, self._later = _decoders(model, threads)
            self._rules = _rules(model)
        except Exception as error:
            raise failure(model, error, "cannot_load") from error
        self.context_tokens = model.context_tokens

    def count_tokens(self, text: str) -> int:
        return len(self._tokens.plain(text))

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        deadline_s: float,
        on_text: Callable[[str], None] | None = None,
        grammar: str | None = None,
    ) -> Generated:
        del grammar
        writer = AnswerWriter(max_tokens, time.monotonic() + deadline_s, on_text)
        tokens = self.read_tokens(prompt.text)
        if len(tokens) + max_tokens > self.context_tokens:
            limit = self.context_tokens
            raise PromptTooLongError(prompt_tokens=len(tokens), max_tokens=max_tokens, limit=limit)
        with self._lock:
            try:
                return self._answer(tokens, writer)
            except ModelEdgeError as error:
                raise failure(self._model, error, "rubbish") from error
            except Exception as error:
                raise failure(self._model, error, "crashed") from error

    def _answer(self, tokens: Sequence[int], writer: AnswerWriter) -> Generated:
        pieces = self._tokens.pieces()
        for token in self.written_tokens(tokens):
            if token in self._rules.ends:
                return writer.generated(len(tokens), Finish.END)
            if writer.is_late():
                break
            finish = writer.add(pieces.piece(token))
            if finish:
                return writer.generated(len(tokens), finish)
        return writer.generated(len(tokens), Finish.DEADLINE)

    def read_tokens(self, text: str) -> list[int]:
        """What the encoder reads: the model's own prefix, the text, its end."""
        return self._tokens.plain(self._rules.prefix + text, whole=True)

    def written_tokens(self, tokens: Sequence[int]) -> Iterator[int]:
        """What the decoder writes to that, greedily and without end, its start token left out."""
        read = self._encode(tokens)
        written, outputs = [self._rules.start], self._begin(read)
        while True:
            written.append(self._next(outputs, written))
            yield written[-1]
            outputs = self._continue(written[-1], read, outputs)

    def _encode(self, tokens: Sequence[int]) -> Tensors:
        """What the decoder is fed at every step. The text is read at once: attention goes both ways."""
        session, ids = self._encoder, np.array([tokens])
        mask = session.tensor("attention_mask", np.ones_like(ids))
        states = session.run({"input_ids": session.tensor("input_ids", ids), "attention_mask": mask})
        hidden = states["last_hidden_state"]
        if list(hidden.shape())[:2] != [1, len(tokens)]:
            raise ModelEdgeError
        return {"encoder_hidden_states": hidden, "encoder_attention_mask": mask}

    def _begin(self, read: Tensors) -> Tensors:
        first = self._first
        pasts = first.empty_pasts()
        flag = {"use_cache_branch": first.tensor("use_cache_branch", np.array([False]))}
        ids = first.tensor("input_ids", np.array([[self._rules.start]]))
        return first.run({**read, **pasts, **flag, "input_ids": ids})

    def _continue(self, token: int, read: Tensors, before: Tensors) -> Tensors:
        """One more token. The encoder's keys and values come from the first step and stay as they are."""
        later = self._later
        pasts = presents(before)
        flag = {"use_cache_branch": later.tensor("use_cache_branch", np.array([True]))}
        ids = later.tensor("input_ids", np.array([[token]]))
        outputs = later.run({**read, **pasts, **flag, "input_ids": ids})
        return {**_encoder_side(before), **outputs, **_encoder_side(before)}

    def _next(self, outputs: Tensors, written: Sequence[int]) -> int:
        rules = self._rules
        if len(written) == 1 and rules.forced_first is not None:
            return rules.forced_first
        logits = last_logits(outputs, rules.vocabulary)[: rules.vocabulary].copy()
        if len(written) < rules.least_tokens:
            logits[list(rules.ends)] = -np.inf
        _bar_repeats(logits, written, rules.no_repeat)
        return int(logits.argmax())


def _encoder_side(outputs: Tensors) -> Tensors:
    """Merged decoders answer the encoder's part of the past with nothing once it is cached."""
    return {name: value for name, value in outputs.items() if ".encoder." in name}


def _bar_repeats(logits: npt.NDArray[np.float32], written: Sequence[int], length: int) -> None:
    if length < 1:
        return
    end = tuple(written[len(written) - length + 1 :]) if length > 1 else ()
    for start in range(len(written) - length + 1):
        if tuple(written[start : start + length - 1]) == end:
            logits[written[start + length - 1]] = -np.inf


def _decoders(model: ModelFolder, threads: int) -> tuple[OnnxSession, OnnxSession]:
    merged = _file(model, "decoder_model_merged", needed=False)
    if merged:
        session = OnnxSession(model.folder / merged, threads)
        sessions = (session, session)
    else:
        names = _file(model, "decoder_model"), _file(model, "decoder_with_past_model")
        sessions = (
            OnnxSession(model.folder / names[0], threads),
            OnnxSession(model.folder / names[1], threads),
        )
    sessions[0].require(("input_ids", "encoder_hidden_states"), ("logits",))
    sessions[1].require(("input_ids",), ("logits",))
    if not any(is_past(name) for name in sessions[1].inputs):
        raise ModelEdgeError
    return sessions


def _file(model: ModelFolder, stem: str, *, needed: bool = True) -> str:
    """The first in the manifest's order; quantized files are called encoder_model_int8.onnx, say."""
    forms = {f"{stem}.onnx", f"{stem}_quantized.onnx", f"{stem}_int8.onnx"}
    found = [name for name in model.files if name in forms]
    if needed and not found:
        raise ModelEdgeError
    return found[0] if found else ""


def _rules(model: ModelFolder) -> _Rules:
    config = read_json(model.folder / "config.json")
    writing = read_json(model.folder / "generation_config.json")
    said: dict[str, Any] = {**config, **{name: value for name, value in writing.items() if value is not None}}
    task = (config.get("task_specific_params") or {}).get("summarization") or {}
    start, ends = said.get("decoder_start_token_id"), end_tokens((writing, config))
    if not isinstance(start, int) or not ends:
        raise ModelEdgeError
    return _Rules(
        start=start,
        ends=ends,
        forced_first=said.get("forced_bos_token_id"),
        least_tokens=int(said.get("min_length") or 0),
        no_repeat=int(said.get("no_repeat_ngram_size") or 0),
        prefix=str(task.get("prefix") or ""),
        vocabulary=int(said["vocab_size"]),
    )

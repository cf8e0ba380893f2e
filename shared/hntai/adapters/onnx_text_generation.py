"""Decoder-only ONNX models with a past, as optimum exports them: `text-generation`."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, Final

import numpy as np

from hntai.adapters.answer_writer import AnswerWriter
from hntai.adapters.chat_template import ChatFrame, chat_frame
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.onnx_session import (
    ModelEdgeError,
    OnnxSession,
    Tensors,
    failure,
    last_logits,
    presents,
    read_json,
)
from hntai.adapters.onnx_tokens import OnnxTokens, end_tokens
from hntai.domain.errors import PromptTooLongError
from hntai.domain.generation import Finish, Generated, Prompt

BATCH_TOKENS: Final = 128
"""Of a prompt, evaluated at once; the clock is looked at between batches."""
PREFIX_STATES: Final = 6
"""Instructions whose evaluated keys and values are kept."""


class OnnxTextGeneration:
    """A TextModel. model.onnx, tokenizer.json, config.json and the chat template lie in its folder."""

    def __init__(self, model: ModelFolder, threads: int) -> None:
        """Raises ModelFailedError."""
        self.identity, self._model, self._lock = model.identity, model, Lock()
        try:
            self._tokens = OnnxTokens(model.folder / "tokenizer.json")
            self._session = OnnxSession(model.only(".onnx"), threads)
            self._session.require(("input_ids", "attention_mask"), ("logits",))
            self._nothing = self._session.empty_pasts()
            config = read_json(model.folder / "config.json")
            self._ends = end_tokens((read_json(model.folder / "generation_config.json"), config))
            self._frame = _frame(model)
        except Exception as error:
            raise failure(model, error, "cannot_load") from error
        self.context_tokens = min(model.context_tokens, int(config.get("max_position_embeddings", 1 << 30)))
        self._vocabulary = int(config.get("vocab_size", self._tokens.vocabulary))
        self._pasts: OrderedDict[tuple[int, ...], Tensors] = OrderedDict()

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
        prefix, rest = self.prompt_tokens(prompt)
        count = len(prefix) + len(rest)
        if count + max_tokens > self.context_tokens:
            raise PromptTooLongError(prompt_tokens=count, max_tokens=max_tokens, limit=self.context_tokens)
        with self._lock:
            return self._answer(prefix, rest, writer)

    def prompt_tokens(self, prompt: Prompt) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The instruction's part, the same for every record, and the record's."""
        tokens, frame = self._tokens, self._frame
        before, between, after = map(tokens.framing, (frame.before, frame.between, frame.after))
        return (*before, *tokens.plain(prompt.instruction), *between), (*tokens.plain(prompt.text), *after)

    def _answer(self, prefix: tuple[int, ...], rest: tuple[int, ...], writer: AnswerWriter) -> Generated:
        count = len(prefix) + len(rest)
        past = self._past_of(prefix, writer)
        outputs = self._read(rest, len(prefix), past, writer) if past is not None else None
        if outputs is None:
            return writer.generated(count, Finish.DEADLINE)
        return self._write(count, outputs, writer)

    def _write(self, prompt_tokens: int, outputs: Tensors, writer: AnswerWriter) -> Generated:
        pieces, seen = self._tokens.pieces(), prompt_tokens
        while (token := self._likeliest(outputs)) not in self._ends:
            finish = writer.add(pieces.piece(token))
            if finish:
                return writer.generated(prompt_tokens, finish)
            outputs = self._step((token,), seen, presents(outputs))
            seen += 1
        return writer.generated(prompt_tokens, Finish.END)

    def _past_of(self, prefix: tuple[int, ...], writer: AnswerWriter) -> Tensors | None:
        """Keys and values of the prefix, read once; None where time ran out."""
        if not prefix:
            return self._nothing
        if prefix not in self._pasts:
            outputs = self._read(prefix, 0, self._nothing, writer)
            if outputs is None:
                return None
            self._pasts[prefix] = presents(outputs)
        self._pasts.move_to_end(prefix)
        if len(self._pasts) > PREFIX_STATES:
            self._pasts.popitem(last=False)
        return self._pasts[prefix]

    def _read(self, tokens: Sequence[int], seen: int, past: Tensors, writer: AnswerWriter) -> Tensors | None:
        outputs: Tensors = {}
        for start in range(0, len(tokens), BATCH_TOKENS):
            if writer.is_late():
                return None
            batch = tokens[start : start + BATCH_TOKENS]
            outputs = self._step(batch, seen + start, presents(outputs) if outputs else past)
        return outputs

    def _step(self, tokens: Sequence[int], seen: int, past: Tensors) -> Tensors:
        session, end = self._session, seen + len(tokens)
        feeds: dict[str, Any] = {
            "input_ids": session.tensor("input_ids", np.array([tokens])),
            "attention_mask": session.tensor("attention_mask", np.ones((1, end))),
            "position_ids": session.tensor("position_ids", np.arange(seen, end)[np.newaxis]),
        }
        try:
            return session.run({**feeds, **past})
        except Exception as error:
            raise failure(self._model, error, "crashed") from error

    def _likeliest(self, outputs: Tensors) -> int:
        try:
            return int(last_logits(outputs, self._vocabulary)[: self._vocabulary].argmax())
        except ModelEdgeError as error:
            raise failure(self._model, error, "rubbish") from error


def _frame(model: ModelFolder) -> ChatFrame:
    """The model's own; one without a template gets instruction and text, a blank line between."""
    config = read_json(model.folder / "tokenizer_config.json")
    file = model.folder / "chat_template.jinja"
    template = file.read_text("utf-8") if file.exists() else config.get("chat_template")
    if not isinstance(template, str):
        return ChatFrame("", "\n\n", "\n\n")
    return chat_frame(template, _written(config.get("bos_token")), _written(config.get("eos_token")))


def _written(token: object) -> str:
    """A special token's text, in either of the forms tokenizer_config.json has for it."""
    value = token.get("content") if isinstance(token, dict) else token
    return value if isinstance(value, str) else ""

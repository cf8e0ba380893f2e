"""GGUF models by llama.cpp: mapped, greedy, their chat template a frame no record can break out of."""

from __future__ import annotations

import codecs
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

from hntai.adapters.answer_writer import AnswerWriter
from hntai.adapters.chat_template import ChatFrame, TemplateError, chat_frame, defused
from hntai.adapters.llama_context import CannotLoadError, LlamaContext, NoMemoryError, as_state
from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.prefix_states import PrefixStates
from hntai.domain.errors import ModelFailedError, PromptTooLongError
from hntai.domain.generation import Finish, Generated, Prompt

PREFIX_STATES: Final = 6
"""Instructions whose evaluated state is kept: a summary's four sections, its one-call form, and one more."""


class LlamaModel:
    """A TextModel.

    Each prompt is evaluated in the same steps, the instruction's part first and apart: floating-point sums
    depend on how tokens are grouped, and so a warm call gives the bytes a cold one gives.
    """

    def __init__(self, model: ModelFolder, threads: int) -> None:
        """Raises ModelFailedError."""
        self.identity = model.identity
        self._lock = Lock()
        try:
            self._llama = LlamaContext(model.only(".gguf"), model.context_tokens, threads)
            self._frame = self._own_frame()
        except (CannotLoadError, TemplateError, LookupError) as error:
            raise self._failed("cannot_load") from error
        except (NoMemoryError, MemoryError) as error:
            raise self._failed("out_of_memory") from error
        self.context_tokens = self._llama.context_tokens
        self._markers = self._llama.markers()
        self._evaluated: tuple[int, ...] = ()
        self._states: OrderedDict[tuple[int, ...], Any] = OrderedDict()
        self.prefix_states = PrefixStates(model, self._llama.build)

    def count_tokens(self, text: str) -> int:
        return len(self._plain(text))

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        deadline_s: float,
        on_text: Callable[[str], None] | None = None,
        grammar: str | None = None,
    ) -> Generated:
        writer = AnswerWriter(max_tokens, time.monotonic() + deadline_s, on_text)
        with self._lock:
            prefix, rest = self.prompt_tokens(prompt)
            if len(prefix) + len(rest) + max_tokens > self.context_tokens:
                raise PromptTooLongError(
                    prompt_tokens=len(prefix) + len(rest), max_tokens=max_tokens, limit=self.context_tokens
                )
            try:
                return self._answer(prefix, rest, writer, grammar)
            except (NoMemoryError, MemoryError) as error:
                self._evaluated = ()
                raise self._failed("out_of_memory") from error

    def prompt_tokens(self, prompt: Prompt) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The instruction's part, the same for every record, and the record's."""
        llama, frame = self._llama, self._frame
        before = llama.tokens(frame.before, with_markers=True)
        bos, _, wanted = llama.bos()
        if wanted and before[:1] != [bos]:
            before = [bos, *before]
        between = llama.tokens(frame.between, with_markers=True)
        after = llama.tokens(frame.after, with_markers=True)
        prefix = (*before, *self._plain(prompt.instruction), *between)
        return prefix, (*self._plain(prompt.text), *after)

    def prefix_state(self, prompt: Prompt) -> tuple[tuple[int, ...], bytes]:
        """The prompt's prefix and its state, evaluated here whatever stands on file: what a bake writes.

        Raises:
            ModelFailedError: there is no memory for it.
        """
        with self._lock:
            self._evaluated, (prefix, _) = (), self.prompt_tokens(prompt)
            self._llama.forget_after(0)
            try:
                self._llama.evaluate(prefix, lambda: False)
                return prefix, bytes(self._llama.state())
            except (NoMemoryError, MemoryError) as error:
                raise self._failed("out_of_memory") from error

    def _answer(
        self, prefix: tuple[int, ...], rest: tuple[int, ...], writer: AnswerWriter, grammar: str | None
    ) -> Generated:
        prompt_tokens = len(prefix) + len(rest)
        if not (self._stand_on(prefix, writer) and self._llama.evaluate(rest, writer.is_late)):
            self._evaluated = ()
            return writer.generated(prompt_tokens, Finish.DEADLINE)
        try:
            sampler = self._llama.sampler(grammar)
        except ValueError as error:
            raise self._failed("grammar_unfit") from error
        try:
            return self._write(prompt_tokens, sampler, writer)
        finally:
            sampler.close()

    def _write(self, prompt_tokens: int, sampler: Callable[[], int], writer: AnswerWriter) -> Generated:
        characters = codecs.getincrementaldecoder("utf-8")("replace")
        while not self._llama.is_end(token := sampler()):
            finish = writer.add(characters.decode(self._llama.piece(token)))
            if finish:
                return writer.generated(prompt_tokens, finish)
            self._llama.append(token)
        return writer.generated(prompt_tokens, Finish.END, characters.decode(b"", final=True))

    def _stand_on(self, prefix: tuple[int, ...], writer: AnswerWriter) -> bool:
        """The prefix, and it alone, is evaluated; False where time ran out."""
        if self._evaluated == prefix:
            self._llama.forget_after(len(prefix))
            return True
        self._evaluated = ()
        if not self._put_back(prefix):
            self._llama.forget_after(0)
            if not self._llama.evaluate(prefix, writer.is_late):
                return False
            self._states[prefix] = self._llama.state()
        self._states.move_to_end(prefix)
        if len(self._states) > PREFIX_STATES:
            self._states.popitem(last=False)
        self._evaluated = prefix
        return True

    def _put_back(self, prefix: tuple[int, ...]) -> bool:
        """From memory, else from file; False where neither has it."""
        state = self._states.get(prefix)
        if state is None:
            written = self.prefix_states.read(prefix)
            state = as_state(written) if written else None
        if state is None or not self._llama.put_back(state, len(prefix)):
            return False
        self._states[prefix] = state
        return True

    def _plain(self, text: str) -> list[int]:
        return self._llama.tokens(defused(text, getattr(self, "_markers", ())), with_markers=False)

    def _own_frame(self) -> ChatFrame:
        """The file's own; a model without one gets instruction and text, a blank line between."""
        template = self._llama.metadata("tokenizer.chat_template")
        if not template:
            return ChatFrame("", "\n\n", "\n\n")
        eos = int(self._llama.metadata("tokenizer.ggml.eos_token_id") or -1)
        written = self._llama.piece(eos, with_markers=True).decode("utf-8", "replace") if eos >= 0 else ""
        return chat_frame(template, self._llama.bos()[1], written)

    def _failed(self, cause: str) -> ModelFailedError:
        return ModelFailedError(model=self.identity.name, cause=cause)

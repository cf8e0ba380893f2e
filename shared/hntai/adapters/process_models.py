"""The ports of models, over a process each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from hntai.adapters.model_folder import ModelFolder
from hntai.adapters.model_process import CALL_S, ModelProcess
from hntai.domain.errors import ModelFailedError
from hntai.domain.generation import Finish, Generated, Prompt
from hntai.domain.rubbish import rubbish


class ProcessTextModel:
    """A TextModel in a child. Its context is the manifest's: asking the child would load it."""

    def __init__(self, model: ModelFolder, process: ModelProcess) -> None:
        self.identity, self.context_tokens, self._process = model.identity, model.context_tokens, process

    def count_tokens(self, text: str) -> int:
        counted = self._process.call({"call": "count_tokens", "text": text}, CALL_S)
        return counted if isinstance(counted, int) else _rubbish(self.identity.name)

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        deadline_s: float,
        on_text: Callable[[str], None] | None = None,
        grammar: str | None = None,
    ) -> Generated:
        """As the port says. Pieces are handed on before the whole can be judged."""
        call = {
            "call": "generate",
            "instruction": prompt.instruction,
            "text": prompt.text,
            "max_tokens": max_tokens,
            "deadline_s": deadline_s,
            "grammar": grammar,
            "stream": on_text is not None,
        }
        generated = _generated(self._process.call(call, deadline_s, on_text), self.identity.name)
        is_unwritten = not generated.text and generated.finish is Finish.DEADLINE
        if rubbish(generated.text) and not is_unwritten:
            _rubbish(self.identity.name)
        return generated


class ProcessSentenceEncoder:
    """A SentenceEncoder in a child."""

    def __init__(self, model: ModelFolder, process: ModelProcess) -> None:
        self.identity, self._process = model.identity, process

    def count_tokens(self, text: str) -> int:
        counted = self._process.call({"call": "count_tokens", "text": text}, CALL_S)
        return counted if isinstance(counted, int) else _rubbish(self.identity.name)

    def similarities(self, sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        rows = self._process.call({"call": "similarities", "sentences": list(sentences)}, CALL_S)
        if not isinstance(rows, list) or any(len(row) != len(sentences) for row in rows):
            _rubbish(self.identity.name)
        return rows


def _generated(answer: Any, name: str) -> Generated:
    try:
        counts = int(answer["prompt_tokens"]), int(answer["output_tokens"])
        text, finish = answer["text"], Finish(answer["finish"])
    except (KeyError, TypeError, ValueError):
        _rubbish(name)
    return Generated(text, *counts, finish) if isinstance(text, str) else _rubbish(name)


def _rubbish(name: str) -> NoReturn:
    raise ModelFailedError(model=name, cause="rubbish")

"""A shelf of models for tests: each writes what its function makes of the prompt."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from hntai.domain.errors import ModelFailedError, ModelUnknownError
from hntai.domain.generation import Finish, Generated, ModelIdentity, ModelType, Prompt
from hntai.ports import SentenceEncoder, TextModel

IDENTITY = ModelIdentity("writer-1b", "r1", ModelType.GGUF)
_FACT = re.compile(r"^\[(F\d+)\] (.*)$", re.MULTILINE)


@dataclass
class FakeModel:
    """Writes in pieces of seven characters."""

    write: Callable[[Prompt], str]
    context_tokens: int = 8192
    finish: Finish = Finish.END
    identity: ModelIdentity = IDENTITY
    prompts: list[Prompt] = field(default_factory=list)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        deadline_s: float,
        on_text: Callable[[str], None] | None = None,
        grammar: str | None = None,
    ) -> Generated:
        assert self.count_tokens(prompt.instruction + prompt.text) + max_tokens <= self.context_tokens
        assert deadline_s > 0
        assert grammar
        self.prompts.append(prompt)
        text = self.write(prompt)
        for start in range(0, len(text), 7):
            if on_text:
                on_text(text[start : start + 7])
        return Generated(text, self.count_tokens(prompt.text), self.count_tokens(text), self.finish)


@dataclass
class FakeShelf:
    """One model, under its name or under none."""

    model: TextModel | None

    def names(self, model_type: ModelType | None = None) -> tuple[str, ...]:
        is_meant = self.model and model_type in (None, self.model.identity.model_type)
        return (self.model.identity.name,) if self.model and is_meant else ()

    def has_text_model(self, name: str | None, model_type: ModelType | None) -> bool:
        return bool(self.names(model_type)) and name in (None, *self.names())

    def text_model(self, name: str | None, model_type: ModelType | None) -> TextModel:
        if self.model is None or not self.has_text_model(name, model_type):
            raise ModelUnknownError(models=list(self.names()))
        return self.model

    def encoder(self) -> SentenceEncoder:
        raise ModelFailedError(model="encoder", cause="missing")


def facts_in(prompt: Prompt) -> list[tuple[str, str]]:
    """(id, text) of each fact a prompt shows."""
    return _FACT.findall(prompt.text)


def copied(prompt: Prompt) -> str:
    """A model that says each fact as it stands, and cites it."""
    return "\n".join(f"- {text} [{own}]" for own, text in facts_in(prompt))

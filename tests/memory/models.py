"""Models in memory: writers that say what a test gives them, and shelves that hold them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hntai.domain.errors import ModelFailedError, ModelUnknownError, PromptTooLongError
from hntai.domain.generation import Finish, Generated, ModelIdentity, ModelType, Prompt
from hntai.ports import SentenceEncoder, TextModel

_WRITER = ModelIdentity("writer", "r1", ModelType.GGUF)
_ENCODER = ModelIdentity("encoder", "r1", ModelType.EXTRACTIVE)
_WORD = re.compile(r"\w+|[^\w\s]")
_FACT = re.compile(r"^\[(F\d+)\] (.*)$", re.MULTILINE)


def count_words(text: str) -> int:
    return len(_WORD.findall(text))


@dataclass
class MemoryWriter:
    """A TextModel whose writing is a function of the prompt."""

    write: Callable[[Prompt], str]
    context_tokens: int = 4_096
    finish: Finish = Finish.END
    failing: Exception | None = None
    prompts: list[Prompt] = field(default_factory=list)
    identity: ModelIdentity = _WRITER

    def count_tokens(self, text: str) -> int:
        return count_words(text)

    def generate(
        self,
        prompt: Prompt,
        *,
        max_tokens: int,
        deadline_s: float,
        on_text: Callable[[str], None] | None = None,
        grammar: str | None = None,
    ) -> Generated:
        self.prompts.append(prompt)
        count = count_words(prompt.instruction) + count_words(prompt.text)
        if count + max_tokens > self.context_tokens:
            raise PromptTooLongError(prompt_tokens=count, max_tokens=max_tokens, limit=self.context_tokens)
        if self.failing is not None:
            raise self.failing
        text = self.write(prompt)
        for piece in text.split(" ") if on_text else ():
            assert on_text is not None
            on_text(f"{piece} ")
        return Generated(text, count_words(prompt.text), count_words(text), self.finish)


@dataclass
class FailingEncoder:
    """A SentenceEncoder that loads and then fails."""

    identity: ModelIdentity = _ENCODER

    def count_tokens(self, text: str) -> int:
        return count_words(text)

    def similarities(self, sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        raise ModelFailedError(model="encoder", cause="memory")


@dataclass
class MemoryShelf:
    """A ModelShelf of the models given."""

    models: Sequence[TextModel] = ()
    sentence_encoder: SentenceEncoder | None = None

    def names(self, model_type: ModelType | None = None) -> tuple[str, ...]:
        found = [model.identity for model in self.models]
        return tuple(one.name for one in found if model_type in (None, one.model_type))

    def has_text_model(self, name: str | None, model_type: ModelType | None) -> bool:
        return name in (None, *self.names(model_type)) and bool(self.names(model_type))

    def text_model(self, name: str | None, model_type: ModelType | None) -> TextModel:
        for model in self.models:
            if name in (None, model.identity.name) and model_type in (None, model.identity.model_type):
                return model
        raise ModelUnknownError(models=list(self.names()))

    def encoder(self) -> SentenceEncoder:
        if self.sentence_encoder is None:
            raise ModelFailedError(model="encoder", cause="missing")
        return self.sentence_encoder


@dataclass
class MemoryAnswers:
    kept: dict[bytes, bytes] = field(default_factory=dict)

    def get(self, key: bytes) -> bytes | None:
        return self.kept.get(key)

    def put(self, key: bytes, answer: bytes) -> None:
        self.kept[key] = answer


def facts_in(prompt: Prompt) -> list[tuple[str, str]]:
    """(id, text) of each fact a prompt shows."""
    return _FACT.findall(prompt.text)


def copied(prompt: Prompt) -> str:
    """What a model writes that says each fact as it stands, and cites it."""
    return "\n".join(f"- {text} [{own}]" for own, text in facts_in(prompt))

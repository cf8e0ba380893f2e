"""What is asked of a text model and what it answers with, whatever family it is of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ModelType(StrEnum):
    """The families a request may name; SPEC.md."""

    GGUF = "gguf"
    TEXT_GENERATION = "text-generation"
    SUMMARIZATION = "summarization"
    SEQ2SEQ = "seq2seq"
    EXTRACTIVE = "extractive"


class Finish(StrEnum):
    """Why a model stopped writing."""

    END = "end"
    """It said so itself."""
    LENGTH = "length"
    """max_tokens was reached: the last sentence may be half a one."""
    DEADLINE = "deadline"
    """Its time was up: the last sentence may be half a one."""
    REPETITION = "repetition"
    """It had begun to repeat itself."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model reads. Chat models get both parts in their template; others the text alone."""

    instruction: str
    """Ours; never holds text from a record."""
    text: str
    """What the instruction is about: data, to be fenced off from the instruction by the runner's template."""


@dataclass(frozen=True, slots=True)
class Generated:
    """What a model wrote."""

    text: str
    prompt_tokens: int
    output_tokens: int
    finish: Finish


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model, to the byte."""

    name: str
    """As the manifest and requests call it."""
    revision: str
    """Of its source, pinned."""
    model_type: ModelType | None
    """None where no summary can be asked of it: speech."""

    @property
    def shown(self) -> str:
        """`name@revision (type)`, for `model_used`."""
        kind = f" ({self.model_type.value})" if self.model_type else ""
        return f"{self.name}@{self.revision}{kind}"

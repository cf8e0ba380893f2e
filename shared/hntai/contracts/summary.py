"""POST /api/generate_summary."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, Strict, StringConstraints, model_validator

from hntai.contracts.strict import Lenient
from hntai.domain.generation import ModelType

ModelName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LEAST_TOKENS = 10
MOST_TOKENS = 2_000


class SummaryMode(StrEnum):
    """How much of the work a generator does."""

    RULE = "rule"
    """None: the source's own sentences."""
    FAST = "fast"
    """It writes once, from the source's weightiest sentences."""
    HQ = "hq"
    """It reads every chunk, then writes from what it wrote of them."""


class SummaryRequest(Lenient):
    """One text. Lengths are in tokens of the tokenizer that `model_used` names."""

    model_config = ConfigDict(protected_namespaces=())

    text: Annotated[str, StringConstraints(min_length=1)]
    max_length: Annotated[int, Strict(), Field(ge=LEAST_TOKENS, le=MOST_TOKENS)] = 150
    """Never exceeded."""
    min_length: Annotated[int, Strict(), Field(ge=0, le=MOST_TOKENS)] | None = None
    """Kept where the source says enough; 50 by default, or max_length where that is less."""
    model_name: ModelName | None = None
    model_type: ModelType | None = None
    """Without either, `extractive`."""
    mode: SummaryMode | None = None
    """`hq` by default where a generator is asked for."""

    @model_validator(mode="after")
    def _least_below_most(self) -> Self:
        if self.shortest > self.max_length:
            raise ValueError("min_length is over max_length")
        return self

    @property
    def shortest(self) -> int:
        """min_length, or its default."""
        return min(50, self.max_length) if self.min_length is None else self.min_length


class SummaryTiming(Lenient):
    """Seconds."""

    chunking: float
    generation: float
    total: float


class SummaryAnswer(Lenient):
    """A summary whose every number, unit, drug, dose and negation stands in the text."""

    model_config = ConfigDict(protected_namespaces=())

    summary: str
    model_used: str
    """`name@revision (type)`."""
    model_type: ModelType
    chunks: int
    input_tokens: int
    output_tokens: int
    timing: SummaryTiming
    cached: bool
    unsupported_removed: int
    """Sentences a generator wrote that the text does not bear out."""
    fallbacks: tuple[str, ...] = ()
    """What went otherwise than asked: `model-failed`, `deadline`, `encoder-missing`, `topped-up`…"""
    chunks_unread: int = 0
    """Of `chunks`, those a generator had written nothing of when the time was over; it lacks them."""

"""What a way of summarizing hands back, and how much time it has."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import TypeVar

from hntai.domain.generation import ModelIdentity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be summarized, and how long the summary may and should be, in the model's tokens."""

    text: str
    max_tokens: int
    min_tokens: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A summary and what it took."""

    text: str
    model: ModelIdentity
    chunks: int
    input_tokens: int
    output_tokens: int
    chunks_unread: int = 0
    """Of these a generator had written nothing when the time was over."""
    unsupported_removed: int = 0
    fallbacks: tuple[str, ...] = ()
    """Empty where everything went as asked: only then is the summary kept for others who ask."""
    chunking_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of time.perf_counter()."""

    until: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(time.perf_counter() + seconds)

    @property
    def left_s(self) -> float:
        return max(0.0, self.until - time.perf_counter())

    def result(self, future: Future[T], otherwise: Callable[[], T]) -> T:
        """What the future gives in time, else the other; the work itself goes on in its thread."""
        try:
            return future.result(timeout=self.left_s)
        except FutureTimeoutError:
            future.cancel()
            return otherwise()

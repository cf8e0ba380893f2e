"""What one reading of a record may take: time, bytes, pages and further tries, all of them together."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from hntai.domain.errors import EhrAnswerTooLargeError, EhrTimeoutError

T = TypeVar("T")
MAX_RECORD_BYTES = 50 * 1024 * 1024
MAX_PAGES = 1000
MAX_RESOURCES = 100_000
"""More than the longest record we know of by far; each costs some 3 kB once it is read."""
MAX_RETRIES = 10
"""Of one record, over all its pages: an EHR in trouble is not asked without end."""


@dataclass(slots=True)
class Budget:
    """What is left. deadline: of time.monotonic()."""

    deadline: float
    bytes_left: int = MAX_RECORD_BYTES
    pages_left: int = MAX_PAGES
    retries_left: int = MAX_RETRIES
    resources_left: int = MAX_RESOURCES

    @property
    def requests(self) -> int:
        """Made so far."""
        return MAX_PAGES - self.pages_left + MAX_RETRIES - self.retries_left

    def seconds(self) -> float:
        """Raises EhrTimeoutError."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise EhrTimeoutError
        return left

    def page(self) -> None:
        """Raises EhrAnswerTooLargeError."""
        self.pages_left -= 1
        if self.pages_left < 0:
            raise EhrAnswerTooLargeError(limit_pages=MAX_PAGES)

    def read(self, size: int) -> None:
        """Raises EhrAnswerTooLargeError."""
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise EhrAnswerTooLargeError(limit_bytes=MAX_RECORD_BYTES)

    def counted(self, resources: Iterable[T]) -> Iterator[T]:
        """The same, as far as number and time allow. Raises EhrAnswerTooLargeError, EhrTimeoutError."""
        for one in resources:
            self.resources_left -= 1
            if self.resources_left < 0:
                raise EhrAnswerTooLargeError(limit_resources=MAX_RESOURCES)
            if self.resources_left % 1000 == 0:
                self.seconds()
            yield one

    def may_wait(self, wait_s: float) -> bool:
        """Whether one more try after so long a wait still fits; counts it if so."""
        if self.retries_left <= 0 or time.monotonic() + wait_s >= self.deadline:
            return False
        self.retries_left -= 1
        return True

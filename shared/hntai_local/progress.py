"""What the person who started the stack sees while it starts, runs and stops."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Progress:
    """Lines on standard error, each with the seconds since the start; standard output stays clean."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._started

    def say(self, line: str) -> None:
        """One line, at once."""
        print(f"{self.elapsed_s:6.1f} s  {line}", file=sys.stderr, flush=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Says the name when the step is done, with how long it took; a failed one is named too."""
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self.say(f"{name}: failed")
            raise
        self.say(f"{name} ({time.monotonic() - began:.1f} s)")

    def block(self, title: str, rows: Mapping[str, str]) -> None:
        """A title and aligned rows, for what is worth copying."""
        width = max(map(len, rows))
        lines = [f"  {name.ljust(width)}  {value}" for name, value in rows.items()]
        print("\n".join(["", title, *lines, ""]), file=sys.stderr, flush=True)

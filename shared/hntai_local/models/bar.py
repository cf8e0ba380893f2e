"""A bar on a terminal, a few lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Final, TextIO

_WIDTH: Final = 28
_EVERY_S: Final = 0.1
_STEPS: Final = 4
"""Lines a log gets instead of a bar."""


class Bar:
    """How far a model is, in bytes of total; at() may be called as often as one likes."""

    def __init__(self, name: str, total: int, stream: TextIO | None = None) -> None:
        self._name, self._total, self._stream = name, max(total, 1), stream or sys.stderr
        self._started = self._shown_at = time.monotonic()
        self._step = -1

    def at(self, done: int, doing: str = "") -> None:
        """done: bytes so far, beyond the total where a source carries more than is kept."""
        share = min(done / self._total, 1.0)
        if not self._stream.isatty():
            self._log(share)
        elif share >= 1.0 or time.monotonic() - self._shown_at >= _EVERY_S:
            self._draw(share, doing)

    def end(self, line: str) -> None:
        """The last word on the model, in the bar's place."""
        clear = "\r\x1b[K" if self._stream.isatty() else ""
        print(f"{clear}{self._name}: {line}", file=self._stream, flush=True)

    def _draw(self, share: float, doing: str) -> None:
        self._shown_at = time.monotonic()
        seconds = self._shown_at - self._started
        filled = "█" * int(share * _WIDTH)
        mib = share * self._total / 2**20
        rate = f"{mib / seconds:.0f} MiB/s" if seconds > 1 else ""
        line = f"{self._name} {filled.ljust(_WIDTH, '░')} {share:4.0%} {mib:.0f} MiB {rate} {doing}"
        print(f"\r\x1b[K{line}", end="", file=self._stream, flush=True)

    def _log(self, share: float) -> None:
        if (step := int(share * _STEPS)) > self._step:
            self._step = step
            print(f"{self._name}: {share:.0%}", file=self._stream, flush=True)

"""What a runner has written so far, and whether it should go on: the same for every family of models."""

from __future__ import annotations

import time
from collections.abc import Callable

from hntai.domain.generation import Finish, Generated
from hntai.domain.repetition import repeats_itself


class AnswerWriter:
    """Takes pieces of text as they come, hands each on, and says when to stop."""

    def __init__(self, max_tokens: int, deadline: float, on_text: Callable[[str], None] | None) -> None:
        """deadline: of time.monotonic()."""
        self._max_tokens, self._deadline, self._on_text = max_tokens, deadline, on_text
        self._text = ""
        self.tokens = 0

    def add(self, piece: str) -> Finish | None:
        """One token's text, which is empty where the token ends within a character."""
        self.tokens += 1
        self._write(piece)
        if piece and repeats_itself(self._text):
            return Finish.REPETITION
        if self.tokens >= self._max_tokens:
            return Finish.LENGTH
        return Finish.DEADLINE if self.is_late() else None

    def is_late(self) -> bool:
        return time.monotonic() >= self._deadline

    def generated(self, prompt_tokens: int, finish: Finish, rest: str = "") -> Generated:
        """rest: what was held back for want of a whole character."""
        self._write(rest)
        return Generated(self._text, prompt_tokens, self.tokens, finish)

    def _write(self, piece: str) -> None:
        if piece:
            self._text += piece
            if self._on_text:
                self._on_text(piece)

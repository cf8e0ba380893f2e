"""Patterns that only certain words can start: looked for where a note holds those, nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hntai.domain.note import Note, Opening


class WordLed(NamedTuple):
    """A pattern, and the words it can start with."""

    pattern: re.Pattern[str]
    words: Opening

    def matches(self, note: Note) -> Iterator[re.Match[str]]:
        """As pattern.finditer gives them."""
        return note.matches(self.pattern, note.led_by(self.words))


def led_by(pattern: re.Pattern[str], words: Iterable[str]) -> WordLed:
    """The pattern, looked for at these words only."""
    return WordLed(pattern, Opening(words))

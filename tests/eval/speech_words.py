"""Word errors of a transcript."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_NUMBERS: Final = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_SHORT: Final = {"mr": "mister", "mrs": "missis", "dr": "doctor"}


def spoken(text: str) -> list[str]:
    """Lower-case words without marks; small numbers and titles as they are said."""
    words = re.sub(r"[^a-z0-9' ]+", " ", text.lower()).split()
    said = (_NUMBERS[int(word)] if word.isdigit() and int(word) <= 10 else word for word in words)
    return [_SHORT.get(word, word) for word in said]


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words to put in, take out or change."""
    row = list(range(len(heard) + 1))
    for place, word in enumerate(said, 1):
        before, row[0] = row[0], place
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]

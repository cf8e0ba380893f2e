"""Patterns that start with one of a list of words, tried only where such a word stands.

A regular expression with hundreds of alternatives that ignore case is tried at every letter of a note; a look
into a set of words is tenfold faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hntai.domain.lexicons import ordered

_WORD = re.compile(r"[^\W\d_]+")

Place = tuple[int, str]
"""Where a word starts, and the word casefolded."""


class WordLed(NamedTuple):
    """A pattern, and the words it can start with."""

    pattern: re.Pattern[str]
    words: frozenset[str]

    def matches(self, text: str, places: Iterable[Place]) -> Iterator[re.Match[str]]:
        """As pattern.finditer gives them, from places that led_by found."""
        free = 0
        for start, word in places:
            if start >= free and word in self.words and (match := self.pattern.match(text, start)):
                free = match.end()
                yield match


def led_by(text: str, words: frozenset[str]) -> list[Place]:
    """The places of any of the words, left to right."""
    return [
        (match.start(), word) for match in _WORD.finditer(text) if (word := match.group().casefold()) in words
    ]


def first_words(lexicon: str) -> Iterator[str]:
    """What a phrase of the list starts with, also in the plural."""
    for phrase in ordered(lexicon):
        first = _WORD.match(phrase.casefold())
        if first is None:
            raise ValueError(f"{lexicon}: a phrase starts with no letter: {phrase}")
        yield first.group()
        yield first.group() + "s"

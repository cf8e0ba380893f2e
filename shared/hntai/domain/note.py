"""A note as recognizers read it: its text, and where its words and numbers start, looked up once for all.

A regular expression is tried at every letter of a note; a look at the few places where it can start is
tenfold faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate, chain
from typing import Final

import numpy as np
import numpy.typing as npt

from hntai.domain.lexicons import ordered

_WORDS: Final = re.compile(r"([^\W\d_]+)")
_NUMBERS: Final = re.compile(r"\d+")
_JOINING: Final = frozenset("-/.")
_LONGEST_CODE: Final = 64

Place = int
"""Code-point offset into the text."""
Vector = npt.NDArray[np.float32]


class Note:
    """A text, and where in it what starts. Immutable; all offsets are code points of the text."""

    def __init__(self, text: str, vectors: dict[str, Vector] | None = None) -> None:
        """vectors: those of the note this text was made of, for its words."""
        self.text: Final = text
        self.vectors: Final[dict[str, Vector]] = {} if vectors is None else vectors
        """What a tagger worked out of words that stand here; gone with the note."""

    @cached_property
    def words(self) -> dict[str, list[Place]]:
        """Runs of letters, casefolded, and where each stands, left to right."""
        pieces = _WORDS.split(self.text)
        found: dict[str, list[Place]] = {}
        starts = accumulate(map(len, pieces))
        for word, start in zip(pieces[1::2], list(starts)[::2], strict=False):
            places = found.get(word)
            if places is None:
                found[word] = [start]
            else:
                places.append(start)
        return _casefolded(found)

    @cached_property
    def numbers(self) -> list[Place]:
        """Where runs of digits start, left to right."""
        return [match.start() for match in _NUMBERS.finditer(self.text)]

    @cached_property
    def codes(self) -> list[Place]:
        """Where letters and digits, joined by hyphens, slashes and full stops, start that hold a digit."""
        starts: dict[Place, None] = {}
        for number in self.numbers:
            starts[_start_of_code(self.text, number)] = None
        return list(starts)

    def led_by(self, words: frozenset[str]) -> list[Place]:
        """Where any of the words stands, left to right. words: casefolded runs of letters."""
        held = self.words
        if len(words) < len(held):
            found = [held[word] for word in words if word in held]
        else:
            found = [places for word, places in held.items() if word in words]
        return sorted(chain.from_iterable(found))

    def has(self, words: frozenset[str]) -> bool:
        """True where any of the words stands."""
        return not words.isdisjoint(self.words)

    def matches(self, pattern: re.Pattern[str], places: Iterable[Place]) -> Iterator[re.Match[str]]:
        """As pattern.finditer gives them, of those that start at the places (left to right)."""
        free = 0
        match = pattern.match
        for place in places:
            if place >= free and (found := match(self.text, place)):
                free = found.end()
                yield found


def _casefolded(found: dict[str, list[Place]]) -> dict[str, list[Place]]:
    result: dict[str, list[Place]] = {}
    for word, places in found.items():
        plain = word.casefold()
        held = result.get(plain)
        result[plain] = places if held is None else sorted(held + places)
    return result


def _start_of_code(text: str, number: Place) -> Place:
    start, last = number, max(0, number - _LONGEST_CODE)
    while start > last:
        if text[start - 1].isalnum() or text[start - 1] == "_":
            start -= 1
        elif start > last + 1 and text[start - 1] in _JOINING and text[start - 2].isalnum():
            start -= 2
        else:
            break
    return start


def word_set(words: str) -> frozenset[str]:
    """The words, which blanks part."""
    return frozenset(words.split())


def first_words(lexicon: str) -> Iterator[str]:
    """What a phrase of the list starts with, also in the plural."""
    for phrase in ordered(lexicon):
        first = _WORDS.match(phrase.casefold())
        if first is None:
            raise ValueError(f"{lexicon}: a phrase starts with no letter: {phrase}")
        yield first.group()
        yield first.group() + "s"

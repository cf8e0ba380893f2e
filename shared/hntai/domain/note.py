"""A note as recognizers read it: its text, and where its words and numbers start, looked up once for all.

A regular expression is tried at every letter of a note; a look at the few places where it can start is
tenfold faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain, count
from typing import Final

from hntai.domain.lexicons import ordered

_WORDS: Final = re.compile(r"([^\W\d_]+)")
_NUMBERS: Final = re.compile(r"\d+")
_JOINING: Final = frozenset("-/.")
_JOINED: Final = frozenset(" -½")
_LONGEST_CODE: Final = 64

Place = int
"""Code-point offset into the text."""


_OPENED_BY: Final[dict[str, tuple[int, ...]]] = {}
"""Numbers of the openings each word belongs to."""


class Opening(frozenset[str]):
    """Words a pattern can start with, casefolded runs of letters. Made when a recognizer is imported."""

    number: int

    def __new__(cls, words: Iterable[str]) -> Opening:
        made = super().__new__(cls, words)
        made.number = next(_NUMBERING)
        alone = (made.number,)
        for word in made:
            others = _OPENED_BY.get(word)
            _OPENED_BY[word] = alone if others is None else others + alone
        return made


_NUMBERING: Final = count()


def opening(words: str) -> Opening:
    """Of words that blanks part."""
    return Opening(words.split())


class Note:
    """A text, and where in it what starts. Immutable; all offsets are code points of the text."""

    def __init__(self, text: str) -> None:
        self.text: Final = text

    @cached_property
    def words(self) -> dict[str, list[Place]]:
        """Runs of letters, casefolded, and where each stands, left to right."""
        is_ascii = self.text.isascii()
        pieces = _WORDS.split(self.text.lower() if is_ascii else self.text)
        found: dict[str, list[Place]] = {}
        starts = accumulate(map(len, pieces))
        for word, start in zip(pieces[1::2], list(starts)[::2], strict=False):
            places = found.get(word)
            if places is None:
                found[word] = [start]
            else:
                places.append(start)
        return found if is_ascii else _casefolded(found)

    @cached_property
    def _figures(self) -> list[tuple[Place, Place]]:
        return [match.span() for match in _NUMBERS.finditer(self.text)]

    @cached_property
    def numbers(self) -> list[Place]:
        """Where runs of digits start, left to right."""
        return [start for start, _ in self._figures]

    @cached_property
    def _numbers_by_length(self) -> dict[int, list[Place]]:
        found: dict[int, list[Place]] = {}
        for start, end in self._figures:
            found.setdefault(end - start, []).append(start)
        return found

    @cached_property
    def numbers_before_words(self) -> list[Place]:
        """Where runs of digits start that a blank, a hyphen or a letter follows, left to right."""
        text = self.text
        return [
            start
            for start, end in self._figures
            if end < len(text) and (text[end] in _JOINED or text[end].isalpha())
        ]

    def numbers_of(self, *lengths: int) -> Sequence[Place]:
        """Where runs of so many digits start, left to right."""
        held = self._numbers_by_length
        if len(lengths) == 1:
            return held.get(lengths[0], ())
        return sorted(chain.from_iterable(held.get(length, ()) for length in lengths))

    @cached_property
    def codes(self) -> list[Place]:
        """Where letters and digits, joined by hyphens, slashes and full stops, start that hold a digit."""
        starts: dict[Place, None] = {}
        for number in self.numbers:
            starts[_start_of_code(self.text, number)] = None
        return list(starts)

    @cached_property
    def _openings(self) -> dict[int, list[Place]]:
        """By number of an opening, where any of its words stands; each word is looked up once for all."""
        found: dict[int, list[Place]] = {}
        for word, places in self.words.items():
            for number in _OPENED_BY.get(word, ()):
                found.setdefault(number, []).extend(places)
        for places in found.values():
            places.sort()
        return found

    def led_by(self, opening: Opening) -> Sequence[Place]:
        """Where any of the opening's words stands, left to right."""
        return self._openings.get(opening.number, ())

    def places_of(self, words: Iterable[str]) -> list[Place]:
        """Where any of the words stands, left to right. words: casefolded runs of letters."""
        return sorted(chain.from_iterable(self.words.get(word, ()) for word in words))

    def has(self, opening: Opening) -> bool:
        """True where any of the opening's words stands."""
        return opening.number in self._openings

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

"""A text as words in one spelling each, with their places and the sentences they stand in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’][sS](?![^\W\d_]))?|\d+(?:[.,]\d+)*|[^\w\s\-‐‑'’´`\u00ad]")
"""A word, a figure, a sign; signs inside words and terms that no spelling depends on are none."""
_POSSESSIVE: Final = re.compile(r"['’]s\Z")
_NO_PLURAL: Final = ("ss", "us", "is")
_PLURAL_ES: Final = ("sses", "xes", "ches", "shes")
_GREEK_PLURAL: Final = re.compile(r"(?<=[a-z]{3})(o|sta|the|ly)ses\Z")
_LONGEST: Final = 160
"""Words of one sentence; where a text goes on without a full stop, a new one begins."""
_SHORT: Final = 3
"""Words up to this long are left as they are: `gas`, `toe`, `US`."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, left to right; signs inside terms (hyphen, apostrophe) are none of their own."""

    text: str
    forms: list[str]
    """Each in its one spelling (form())."""
    starts: list[int]
    ends: list[int]
    sentence: list[int]
    """Which sentence each stands in; sentences are numbered from 0."""
    places: dict[str, list[int]] = field(default_factory=dict)
    """Where each form stands, once asked for (index)."""

    def index(self) -> dict[str, list[int]]:
        """Where each form stands; forms must not change any more."""
        if not self.places:
            for place, one in enumerate(self.forms):
                self.places.setdefault(one, []).append(place)
        return self.places

    def __len__(self) -> int:
        return len(self.forms)

    def at(self, place: int) -> int:
        """The word that begins at a place, or the one before it."""
        return max(0, bisect_right(self.starts, place) - 1)

    def written(self, first: int, last: int) -> str:
        """The text of words first to last, last not included."""
        return self.text[self.starts[first] : self.ends[last - 1]]


def words_of(text: str, sentence_starts: Iterable[int]) -> Words:
    """Every word and sign of the text.

    sentence_starts: where the sentences begin, ascending, the first at 0.
    """
    found = Words(text, [], [], [], [])
    bounds = [*sentence_starts, len(text) + 1]
    forms, starts, ends, sentence = found.forms, found.starts, found.ends, found.sentence
    number, cut, length, bound = 0, 0, 0, bounds[min(1, len(bounds) - 1)]
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        while bound <= start:
            number, length = number + 1, 0
            bound = bounds[number + 1]
        length += 1
        if length > _LONGEST:
            cut, length = cut + 1, 1
        forms.append(form(text[start:end]))
        starts.append(start)
        ends.append(end)
        sentence.append(number + cut)
    return found


@lru_cache(maxsize=65536)
def form(word: str) -> str:
    """One spelling for a word: small, American, singular, without the possessive: `Tumours` is `tumor`."""
    small = _POSSESSIVE.sub("", word.lower())
    if len(small) <= _SHORT or not small.isalpha():
        return small
    return _american(_singular(small))


def forms_of(phrase: str) -> tuple[str, ...]:
    """A phrase as its words would be read in a text."""
    return tuple(form(token) for token in _TOKEN.findall(phrase))


def form_set(words: str) -> frozenset[str]:
    """The forms of the words, which blanks part."""
    return frozenset(map(form, words.split()))


def _singular(word: str) -> str:
    if _GREEK_PLURAL.search(word):
        return word[:-2] + "is"
    if not word.endswith("s") or word.endswith(_NO_PLURAL):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_PLURAL_ES) else word[:-1]


def _american(word: str) -> str:
    if "ae" in word:
        word = word.replace("ae", "e")
    if "oe" in word[:-1]:
        word = word.replace("oe", "e")
    if word.endswith("our") and len(word) > 5:
        word = word[:-3] + "or"
    return word

"""Texts in chunks that a model can take: cut at sentence ends, measured in the model's own tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hntai.domain.clinical_sentences import sentences

CountTokens = Callable[[str], int]

_CLAUSE_END: Final = re.compile(r"[,;:]\s+|\s+(?=(?:and|but|or|then|because|which|who|while)\s)")
_WORD_END: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """text[start:end]; what stands before `fresh` was also in the chunk before."""

    start: int
    fresh: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Measured:
    """A text, and whether a part of it is within a number of tokens."""

    text: str
    count_tokens: CountTokens

    def fits(self, start: int, end: int, tokens: int) -> bool:
        return self.count_tokens(self.text[start:end]) <= tokens


def chunks(text: str, max_tokens: int, overlap_tokens: int, count_tokens: CountTokens) -> tuple[Chunk, ...]:
    """Chunks of at most max_tokens each, cut at sentence ends; the fresh parts joined are the text.

    A sentence longer than a chunk is cut at the ends of clauses, else of words, else anywhere. Each chunk
    starts with up to overlap_tokens of the sentences before it: what refers back is read with its subject.
    """
    measured = _Measured(text, count_tokens)
    ends = _ends(text, max_tokens, count_tokens)
    made: list[Chunk] = []
    first = 0
    while first < len(ends):
        fresh = ends[first - 1] if first else 0
        last = _furthest(measured, fresh, ends, first, max_tokens)
        start = fresh
        for place in reversed(ends[: max(first - 1, 0)]):
            is_repeatable = place > made[-1].start and measured.fits(place, fresh, overlap_tokens)
            if not is_repeatable or not measured.fits(place, ends[last], max_tokens):
                break
            start = place
        made.append(Chunk(start, fresh, ends[last]))
        first = last + 1
    return tuple(made)


def _furthest(measured: _Measured, start: int, ends: Sequence[int], first: int, max_tokens: int) -> int:
    """The last of the ends to which a chunk from start may go: doubling, then halving."""
    low, step = first, 1
    while low + step < len(ends) and measured.fits(start, ends[low + step], max_tokens):
        low, step = low + step, step * 2
    high = min(low + step, len(ends)) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if measured.fits(start, ends[middle], max_tokens):
            low = middle
        else:
            high = middle - 1
    return low


def _ends(text: str, max_tokens: int, count_tokens: CountTokens) -> list[int]:
    """Ends of sentences, and inside those too long for one chunk, of their parts."""
    return [
        end for one in sentences(text) for end in _within(text, one.start, one.end, max_tokens, count_tokens)
    ]


def _within(text: str, start: int, end: int, max_tokens: int, count_tokens: CountTokens) -> Iterator[int]:
    """Ends of parts of text[start:end], none over max_tokens; the last is end.

    A single character of more tokens than that stays a part: it can be cut no further.
    """
    while count_tokens(text[start:end]) > max_tokens and end - start > 1:
        start = _cut(text, start, end, max_tokens, count_tokens)
        yield start
    yield end


def _cut(text: str, start: int, end: int, max_tokens: int, count_tokens: CountTokens) -> int:
    """The furthest place before end, by the best kind of place that fits."""
    fits = start + 1
    high = end - 1
    while fits < high:
        middle = (fits + high + 1) // 2
        if count_tokens(text[start:middle]) <= max_tokens:
            fits = middle
        else:
            high = middle - 1
    for pattern in (_CLAUSE_END, _WORD_END):
        places = [start + found.end() for found in pattern.finditer(text[start:fits])]
        good = [place for place in places if place > start + (fits - start) // 4]
        if good:
            return good[-1]
    return fits

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


def chunks(text: str, max_tokens: int, overlap_tokens: int, count_tokens: CountTokens) -> tuple[Chunk, ...]:
    """Chunks of at most max_tokens each, cut at sentence ends; the fresh parts joined are the text.

    A sentence longer than a chunk is cut at the ends of clauses, else of words, else anywhere. Each chunk starts with
    up to overlap_tokens of the sentences before it, so that what refers back is read with what it refers to.
    """
    ends = _ends(text, max_tokens, count_tokens)
    made: list[Chunk] = []
    first = 0
    while first < len(ends):
        fresh = ends[first - 1] if first else 0
        last = _furthest(text, fresh, ends, first, max_tokens, count_tokens)
        start = _overlapping(
            text, made, ends[:first], ends[last], fresh, max_tokens, overlap_tokens, count_tokens
        )
        made.append(Chunk(start, fresh, ends[last]))
        first = last + 1
    return tuple(made)


def _furthest(
    text: str, start: int, ends: Sequence[int], first: int, max_tokens: int, count_tokens: CountTokens
) -> int:
    """The last of the ends to which a chunk from start may go: doubling, then halving."""
    low, step = first, 1
    while low + step < len(ends) and count_tokens(text[start : ends[low + step]]) <= max_tokens:
        low, step = low + step, step * 2
    high = min(low + step, len(ends)) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if count_tokens(text[start : ends[middle]]) <= max_tokens:
            low = middle
        else:
            high = middle - 1
    return low


def _overlapping(
    text: str,
    made: Sequence[Chunk],
    before: Sequence[int],
    end: int,
    fresh: int,
    max_tokens: int,
    overlap_tokens: int,
    count_tokens: CountTokens,
) -> int:
    """Where a chunk starts so that it repeats whole sentences of the one before, within both bounds."""
    start = fresh
    for place in reversed(before[:-1]):
        if not made or place <= made[-1].start or count_tokens(text[place:fresh]) > overlap_tokens:
            break
        if count_tokens(text[place:end]) > max_tokens:
            break
        start = place
    return start


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

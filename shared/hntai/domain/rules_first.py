"""Rules and the tagger on the same stretch of a note: whose span stands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from hntai.domain.lexicons import lexicon, ordered
from hntai.domain.recognizers.tagged import TAGGER, stays, trimmed
from hntai.domain.safe_harbor import TAGGED_TOWN
from hntai.domain.spans import PhiType, Span, merged, without

_WORDY: Final = frozenset((PhiType.NAME, PhiType.LOCATION, PhiType.FACILITY))
"""Types of words; what is left of any other type and has no digit is a label or a small word."""


def rules_first(text: str, found: Iterable[Span]) -> list[Span]:
    """Where a rule and the tagger meet, the rule's span stands; of the tagger's, what else identifies."""
    ruled: list[Span] = []
    learned: list[Span] = []
    for span in found:
        (learned if span.recognizer in (TAGGER, TAGGED_TOWN) else ruled).append(span)
    holes = merged(ruled)
    for span in learned:
        ruled += rest_of(text, span, holes)
    return ruled


def rest_of(text: str, span: Span, holes: Sequence[Span]) -> Iterator[Span]:
    """What identifies of a tagger's span outside the holes (left to right, never overlapping)."""
    beside = _overlapping(span, holes)
    if not beside:
        yield span
        return
    for piece in without(span, [(hole.start, hole.end) for hole in beside]):
        start, end = trimmed(text, piece.start, piece.end)
        if _identifies(text[start:end], span.type):
            yield piece._replace(start=start, end=end)


def _overlapping(span: Span, sorted_spans: Sequence[Span]) -> Sequence[Span]:
    first = bisect_right(sorted_spans, span.start, key=lambda other: other.end)
    return sorted_spans[first : bisect_left(sorted_spans, span.end, key=lambda other: other.start)]


def _identifies(rest: str, type_: PhiType) -> bool:
    if any(sign.isdigit() for sign in rest):
        return True
    words = rest.casefold().split()
    if type_ not in _WORDY or not words or stays(rest, type_) or _label_words().issuperset(words):
        return False
    return type_ is PhiType.NAME or not rest.islower() or not lexicon("common_words").issuperset(words)


@cache
def _label_words() -> frozenset[str]:
    """Single words of what stands before a number."""
    return frozenset(
        word
        for name in ("id_labels", "code_labels", "id_connectives")
        for entry in ordered(name)
        for word in entry.casefold().split()
    )

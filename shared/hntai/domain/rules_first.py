"""Rules and the tagger on the same stretch of a note: whose span stands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from hntai.domain.lexicons import ordered
from hntai.domain.recognizers.tagged import TAGGER, stays, trimmed
from hntai.domain.spans import PhiType, Span, merged, without

_WORDY: Final = frozenset((PhiType.NAME, PhiType.LOCATION, PhiType.FACILITY))
"""Types of words; what is left of any other type and has no digit is a label or a small word."""


def rules_first(text: str, found: Iterable[Span]) -> list[Span]:
    """Where a rule and the tagger meet, the rule's span stands; of the tagger's, what else identifies."""
    ruled: list[Span] = []
    learned: list[Span] = []
    for span in found:
        (learned if span.recognizer == TAGGER else ruled).append(span)
    holes = merged(ruled)
    for span in learned:
        beside = _overlapping(span, holes)
        if not beside:
            ruled.append(span)
            continue
        for piece in without(span, [(hole.start, hole.end) for hole in beside]):
            start, end = trimmed(text, piece.start, piece.end)
            if _identifies(text[start:end], span.type):
                ruled.append(piece._replace(start=start, end=end))
    return ruled


def _overlapping(span: Span, sorted_spans: Sequence[Span]) -> Sequence[Span]:
    first = bisect_right(sorted_spans, span.start, key=lambda other: other.end)
    return sorted_spans[first : bisect_left(sorted_spans, span.end, key=lambda other: other.start)]


def _identifies(rest: str, type_: PhiType) -> bool:
    if any(sign.isdigit() for sign in rest):
        return True
    words = rest.casefold().split()
    return type_ in _WORDY and bool(words) and not stays(rest, type_) and not _label_words().issuperset(words)


@cache
def _label_words() -> frozenset[str]:
    """Single words of what stands before a number."""
    return frozenset(
        word
        for name in ("id_labels", "code_labels", "id_connectives")
        for entry in ordered(name)
        for word in entry.casefold().split()
    )

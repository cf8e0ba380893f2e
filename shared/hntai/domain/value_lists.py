"""Values a caller lists: where they stand in a text, and what remains of spans where they may stay."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from hntai.domain.spans import PhiType, Span, without

_CUTTABLE: Final = frozenset((PhiType.NAME, PhiType.LOCATION, PhiType.FACILITY))
"""Types made of words, out of which one word can be taken; a number is kept whole or not at all."""


def literal_ranges(text: str, values: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where the values stand as whole words, in any case, whatever blanks are between their words."""
    for value in values:
        words = value.split()
        if words:
            body = r"\s{1,4}".join(map(re.escape, words))
            for match in re.finditer(rf"(?<![^\W_]){body}(?![^\W_])", text, re.IGNORECASE):
                yield match.span()


def without_allowed(text: str, spans: Iterable[Span], allow: tuple[str, ...]) -> Iterator[Span]:
    """What remains of the spans once allowed values are taken out: whole spans, parts of an allowed value,
    words of names."""
    whole = {_plain(value) for value in allow}
    holes = _joined(sorted(literal_ranges(text, allow)))
    starts = [start for start, _ in holes]
    for span in spans:
        if _plain(text[span.start : span.end]) in whole:
            continue
        first = max(0, bisect_right(starts, span.start) - 1)
        inside = holes[first : bisect_right(starts, span.end)]
        if any(start <= span.start and span.end <= end for start, end in inside):
            continue
        cut = span.type in _CUTTABLE and any(start < span.end and end > span.start for start, end in inside)
        yield from (_trimmed(text, part) for part in without(span, inside)) if cut else (span,)


def _plain(value: str) -> str:
    return " ".join(value.casefold().split())


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted ranges, overlapping ones made one."""
    result: list[tuple[int, int]] = []
    for start, end in ranges:
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _trimmed(text: str, span: Span) -> Span:
    """The span without the blanks and signs a cut left at its ends; empty where nothing else is left."""
    start, end = span.start, span.end
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return span._replace(start=start, end=end)

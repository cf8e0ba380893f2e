"""What a recognizer says: a stretch of the note, its type, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hntai.domain.note import Note


class PhiType(StrEnum):
    """Types of protected health information; safe_harbor.IDENTIFIERS says which law asks for which."""

    NAME = "NAME"
    LOCATION = "LOCATION"
    FACILITY = "FACILITY"
    DATE = "DATE"
    AGE = "AGE"
    PHONE = "PHONE"
    FAX = "FAX"
    EMAIL = "EMAIL"
    SSN = "SSN"
    MRN = "MRN"
    HEALTH_PLAN = "HEALTH_PLAN"
    ACCOUNT = "ACCOUNT"
    LICENSE = "LICENSE"
    VEHICLE = "VEHICLE"
    DEVICE = "DEVICE"
    URL = "URL"
    IP = "IP"
    BIOMETRIC = "BIOMETRIC"
    OTHER_ID = "OTHER_ID"


class Span(NamedTuple):
    """A stretch of the note that is PHI; a tuple, for a note makes hundreds."""

    start: int
    end: int
    """Half-open code-point offsets into the note as it came."""
    type: PhiType
    score: float
    """Strength of the evidence, 0 to 1; comparable between recognizers."""
    recognizer: str
    """Name of the rule that spoke; never text of the note."""


Recognizer = Callable[["Note"], Iterable[Span]]
"""A note in, spans out, in any order, overlapping or not. The seam for rules and learned taggers alike."""


def span_of(
    match: re.Match[str], type_: PhiType, score: float, recognizer: str, group: int | str = 0
) -> Span:
    """The span a group of a match covers."""
    start, end = match.span(group)
    return Span(start, end, type_, score, recognizer)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans left to right, never overlapping; where some overlap, one span covers them all.

    The longest member gives type and recognizer (an e-mail wins over the name in it), a tie goes to the
    higher score: nothing a recognizer marked is ever left in clear.
    """
    result: list[Span] = []
    leader_length = 0
    for span in sorted(spans, key=lambda s: (s.start, -s.end, -s.score, s.type, s.recognizer)):
        length = span.end - span.start
        if length <= 0:
            continue
        if not result or span.start >= result[-1].end:
            result.append(span)
            leader_length = length
            continue
        last = result[-1]
        if (length, span.score) > (leader_length, last.score):
            last, leader_length = span, length
        result[-1] = Span(
            result[-1].start, max(result[-1].end, span.end), last.type, last.score, last.recognizer
        )
    return tuple(result)


def without(span: Span, holes: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """What remains of a span outside the holes (sorted, half-open)."""
    if not holes:
        return (span,) if span.start < span.end else ()
    pieces: list[Span] = []
    start, end, type_, score, recognizer = span
    for hole_start, hole_end in holes:
        if hole_end <= start or hole_start >= end:
            continue
        if hole_start > start:
            pieces.append(Span(start, hole_start, type_, score, recognizer))
        start = max(start, hole_end)
    if start < end:
        pieces.append(Span(start, end, type_, score, recognizer))
    return tuple(pieces)


def outside(spans: Iterable[Span], holes: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """What remains of the spans outside the holes; both left to right, never overlapping, read once."""
    waiting, count = 0, len(holes)
    for span in spans:
        start, end = span[0], span[1]
        while waiting < count and holes[waiting][1] <= start:
            waiting += 1
        if waiting == count or holes[waiting][0] >= end:
            yield span
            continue
        last = waiting + 1
        while last < count and holes[last][0] < end:
            last += 1
        yield from without(span, holes[waiting:last])

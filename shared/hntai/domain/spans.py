"""What a recognizer says: a stretch of the note, its type, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the note that is PHI."""

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


def without(span: Span, holes: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """What remains of a span outside the holes (sorted, half-open)."""
    pieces: list[Span] = []
    start = span.start
    for hole_start, hole_end in holes:
        if hole_end <= start or hole_start >= span.end:
            continue
        if hole_start > start:
            pieces.append(replace(span, start=start, end=hole_start))
        start = max(start, hole_end)
    if start < span.end:
        pieces.append(replace(span, start=start))
    return tuple(pieces)


def outside(spans: Iterable[Span], holes: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """What remains of the spans outside the holes; both left to right, never overlapping, read once."""
    waiting = 0
    for span in spans:
        while waiting < len(holes) and holes[waiting][1] <= span.start:
            waiting += 1
        last = waiting
        while last < len(holes) and holes[last][0] < span.end:
            last += 1
        yield from without(span, holes[waiting:last])

"""What takes the place of a span: a mark, a tag, a numbered tag, stars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

from hntai.domain.safe_harbor import OLDEST_CATEGORY, ZIP, generalised_zip
from hntai.domain.spans import PhiType, Span


class Operator(StrEnum):
    """How PHI is replaced."""

    redact = "redact"
    """[REDACTED]; an age over 89 becomes 90+, a ZIP keeps three digits: 300**."""
    tag = "tag"
    """[NAME]"""
    numbered = "numbered"
    """[NAME_1], the same number for the same value in the document, whatever its case."""
    mask = "mask"
    """Stars for letters and digits; blanks and punctuation stay."""
    surrogate = "surrogate"
    """A made-up value of the same kind; see surrogates."""


REDACTED: Final = "[REDACTED]"
TAGS: Final = rf"\[(?:REDACTED|(?:{'|'.join(PhiType)})(?:_\d{{1,6}})?)\]"
"""Pattern of what stands in brackets instead of PHI: [REDACTED], [NAME], [NAME_1]."""

Replace = Callable[[Span, str], str]
"""From a span and its text to what stands there instead."""


def replaced(text: str, spans: Sequence[Span], replace: Replace) -> str:
    """The text with every span replaced; everything outside the spans is unchanged."""
    pieces: list[str] = []
    position = 0
    for span in spans:
        pieces += (text[position : span.start], replace(span, text[span.start : span.end]))
        position = span.end
    pieces.append(text[position:])
    return "".join(pieces)


def redact(span: Span, value: str) -> str:
    """[REDACTED], or the category the law lets stand. Source: 45 CFR 164.514(b)(2)(i)(B), (C)."""
    if span.type is PhiType.AGE:
        return OLDEST_CATEGORY
    if span.recognizer == ZIP and value[:5].isdigit():
        return generalised_zip(value)
    return REDACTED


def tag(span: Span, value: str) -> str:  # noqa: ARG001
    """[NAME]"""
    return f"[{span.type}]"


def mask(span: Span, value: str) -> str:  # noqa: ARG001
    """Stars of the same length: J. Doe gives *. ***."""
    return "".join(
        "*" if sign.isalnum() or not (sign.isascii() or sign.isspace()) else sign for sign in value
    )


def numbering() -> Replace:
    """A replacer that counts values of each type in one document."""
    numbers: dict[tuple[PhiType, str], int] = {}
    counts: dict[PhiType, int] = {}

    def number(span: Span, value: str) -> str:
        key = (span.type, " ".join(value.casefold().split()))
        if key not in numbers:
            counts[span.type] = counts.get(span.type, 0) + 1
            numbers[key] = counts[span.type]
        return f"[{span.type}_{numbers[key]}]"

    return number

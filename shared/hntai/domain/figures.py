"""Numbers, units and days as statements write them: one reading of them for every gate."""

from __future__ import annotations

import re

DAY = re.compile(r"\b\d{4}-\d{2}(?:-\d{2})?\b|\bday -?\d+\b|\bmore than 89 years before\b")
"""A day as a chart shows it, in either style."""
UNIT = (
    r"(?:%|mmHg|(?:mg|mcg|ug|µg|g|kg|mL|mmol|umol|mEq|ng|pg|U|IU|mIU|fL|cm|unt)"
    r"(?:/[A-Za-z0-9]+(?:[.*][A-Za-z0-9]+)*)*)"
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_WITH_UNIT = re.compile(rf"(?<![\w.])(\d+(?:\.\d+)?)\s?({UNIT})(?![\w/])", re.IGNORECASE)


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, in one spelling each."""
    return {canonical(found) for found in _NUMBER.findall(text)}


def numbers_with_units_in(text: str) -> set[tuple[str, str]]:
    """Those that carry a unit, with it in lower case."""
    return {(canonical(number), unit.lower()) for number, unit in _WITH_UNIT.findall(text)}


def canonical(number: str) -> str:
    """A number without zeros that say nothing: `5.60` is `5.6`."""
    stripped = number.rstrip("0").rstrip(".") if "." in number else number
    return stripped.lstrip("0") or "0"

"""Whether a note is about a child, of whom no adult range says anything."""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.reference_ranges import ADULT_YEARS

_AGE: Final = re.compile(
    r"(?<![\w./-])(?P<many>\d{1,3})[\s-]{0,2}(?P<unit>y(?:ea)?rs?[\s-]?old|y(?:ea)?rs? of age|y[./ ]?o\b|"
    r"(?:days?|weeks?|wks?|months?|mos?|hours?)[\s-]old (?:[a-z-]+ ){0,3}(?:male|"
    r"female|boy|girl|infant|baby|child|newborn|"
    r"neonate|toddler|M\b|F\b|with|who|here|presents?|brought))|"
    r"\bage[d:]{0,2} (?P<years>\d{1,3})\b(?! ?(?:weeks?|months?|days?))|"
    r""
    r"\b(?P<young>newborn|neonat(?:e|al)|NICU|infant|toddler|well[- ]child|well[- ]baby|"
    r"schoolboy|schoolgirl)\b",
    re.IGNORECASE,
)
_FIRST: Final = 20_000
"""Characters in which a note says of whom it is."""


def is_of_child(text: str) -> bool:
    """By the first age, or word for an age, that stands in it; no where none does."""
    found = _AGE.search(text, 0, _FIRST)
    if found is None:
        return False
    if found["young"] or (found["unit"] and not found["unit"].lower().startswith("y")):
        return True
    return int(found["many"] or found["years"]) < ADULT_YEARS

"""Years behind what happened: `in 2018` is past, what happens now is told by its day."""

from __future__ import annotations

import re
from typing import Final

_REACH: Final = 60
_YEAR: Final = re.compile(
    r"\s*(?:done |performed |was |last )*(?:back )?(?:\(|in |from |around )\s*(?:early |late |mid |the )?"
    r"(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?,? )?(?:of )?(?:19|20)\d\d(?:s\b)?"
    r"(?![\d/-])",
    re.IGNORECASE,
)


def is_told_by_year(text: str, end: int) -> bool:
    """Whether what ends there is told with a year, or a month of one, and no day."""
    return _YEAR.match(text, end, min(len(text), end + _REACH)) is not None

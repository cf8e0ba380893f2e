"""Drugs that are a habit, or what a screen looks for, and no medicine."""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.note import word_set

_ILLICIT: Final = word_set("cocaine heroin methamphetamine marijuana cannabis phencyclidine mdma lsd")
"""Habits, unless a dose says otherwise or nobody says that they are used."""
_HABIT: Final = re.compile(
    r"\b(?:us(?:es|ed|ing)|snort(?:s|ed|ing)|smok(?:es|ed|ing)|inject(?:s|ed|ing)|abus(?:es|ed|ing)|tried|took|denie[sd]|"
    r"endorses|admit(?:s|ted)|positive for|relapsed on|addict(?:ed|ion) to|crack|"
    r"illicit|recreational|street)\b"
    r"[^.;\n]*\Z",
    re.IGNORECASE,
)
_HABIT_BEHIND: Final = re.compile(
    r"[\s,(-]*(?:(?:and|or|/) ?[a-z]+ )?(?:use|user|abuse|positive|addict|habit|daily|weekly|on weekends)\b",
    re.IGNORECASE,
)
_SCREEN: Final = re.compile(
    r"\b(?:u ?tox|utox|uds|toxicology|(?:urine|serum|blood) (?:drug|tox)[a-z]*|(?:tox|drug) screen)\b"
    r"[^.;\n]*\Z",
    re.IGNORECASE,
)
_CLAUSE: Final = 60
"""Characters before a name in which it is spoken of."""


def is_no_medicine(text: str, start: int, end: int, generic: str) -> bool:
    """Whether a drug from start to end is taken for no disease, or is what a screen of urine looks for."""
    if _SCREEN.search(text, max(0, start - _CLAUSE), start):
        return True
    return generic in _ILLICIT and bool(
        _HABIT.search(text, max(0, start - _CLAUSE), start) or _HABIT_BEHIND.match(text, end)
    )

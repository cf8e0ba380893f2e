"""Is what a model wrote no text at all: noise, a foreign script, one sign over and over?

It says nothing about whether the text is true; hntai.domain.grounding does that.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from itertools import groupby
from typing import Final

MOST_UNREADABLE: Final = 0.02
"""Share of control, replacement, private-use and unassigned characters; one in fifty is damage one sees."""
FEWEST_LETTERS: Final = 0.3
"""Share of letters and digits among the characters that are no blank; tables and lists have over a half."""
MOST_FOREIGN: Final = 0.2
"""Share of letters outside the Latin and Greek scripts; charts here are English, with Greek for units."""
MOST_OF_ONE_WORD: Final = 0.6
"""Share of the commonest word, in texts long enough to tell."""
LONG_ENOUGH_WORDS: Final = 12
LONGEST_RUN: Final = 40
"""Of one character; a ruled line of a table is no longer where a model drew it on purpose."""
_UNREADABLE: Final = frozenset({"Cc", "Co", "Cn", "Cs"})
_HOME_SCRIPTS: Final = (
    "LATIN",
    "GREEK",
    "MICRO SIGN",
    "FEMININE ORDINAL",
    "MASCULINE ORDINAL",
    "MODIFIER LETTER",
)


class Rubbish(StrEnum):
    """Why it is no text."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    NO_WORDS = "no_words"
    FOREIGN_SCRIPT = "foreign_script"
    ONE_WORD = "one_word"


def rubbish(text: str) -> Rubbish | None:
    """Why the text is none, or None where it may be one."""
    signs = [sign for sign in text if not sign.isspace()]
    if not signs:
        return Rubbish.EMPTY
    if sum(map(_is_unreadable, signs)) > MOST_UNREADABLE * len(signs):
        return Rubbish.UNREADABLE
    letters = [sign for sign in signs if sign.isalpha()]
    if not letters or sum(map(str.isalnum, signs)) < FEWEST_LETTERS * len(signs):
        return Rubbish.NO_WORDS
    if sum(map(_is_foreign, letters)) > MOST_FOREIGN * len(letters):
        return Rubbish.FOREIGN_SCRIPT
    return Rubbish.ONE_WORD if _is_one_word(text, signs) else None


def _is_unreadable(sign: str) -> bool:
    return sign == "�" or unicodedata.category(sign) in _UNREADABLE


def _is_foreign(letter: str) -> bool:
    return not letter.isascii() and not unicodedata.name(letter, "").startswith(_HOME_SCRIPTS)


def _is_one_word(text: str, signs: list[str]) -> bool:
    if max(len(list(run)) for _, run in groupby(signs)) > LONGEST_RUN:
        return True
    words = text.casefold().split()
    return len(words) >= LONG_ENOUGH_WORDS and _commonest(words) > MOST_OF_ONE_WORD * len(words)


def _commonest(words: list[str]) -> int:
    return max(len(list(same)) for _, same in groupby(sorted(words)))

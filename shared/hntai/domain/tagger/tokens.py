"""A note cut into tokens, nothing left over: runs of letters, runs of digits, single signs, gaps."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final

from hntai.domain.operators import TAGS

_TAG: Final = rf"{TAGS}|(?<!\d)(?:90\+|\d{{3}}\*\*)"
TAG: Final = re.compile(_TAG)
"""What the operators leave: tags, 90+ and 300**."""
_MARKS: Final = r"\u0300-\u036f\u200b-\u200f\u00ad"
_LETTERS: Final = rf"[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]*)*"
_ANY = re.compile(rf" ?(?:{_TAG}|{_LETTERS}|\d+|[^\w\s]|_)|\n\s*|[^\S\n]+|\w")
_ASCII = re.compile(rf" ?(?:{_TAG}|[A-Za-z]+|[0-9]+|[!-/:-@\[-`{{-~])|\n\s*|[^\S\n]+|[^\s]")


def tokens(text: str) -> list[str]:
    """The tokens of a note in order; joined they are the note. One space before a token belongs to it."""
    return (_ASCII if text.isascii() else _ANY).findall(text)


def starts(found: list[str]) -> list[int]:
    """Code-point offset of each token, and the end of the last."""
    return list(accumulate(map(len, found), initial=0))

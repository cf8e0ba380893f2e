"""Signs for yes and no in telegraphic notes: `-CP, -palps, +PND`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from hntai.domain.note import word_set

_MARK: Final = re.compile(
    r"(?:(?<=[\s,;:(/])|\A)(?P<sign>[-–+])(?P<word>[A-Za-z]+(?:/[A-Za-z])?)|"
    r"\((?P<enclosed>[-–+])\)\s?(?P<named>[A-Za-z]+(?:/[A-Za-z])?)"
)
_ITEM_ENDS: Final = re.compile(r"[,;.()\n]|(?<=\s)[-–+](?=[A-Za-z])")
_LONGEST_ITEM: Final = 60
_ASKED: Final = word_set(
    "cp sob doe palps palpitations f/c fever fevers chills n/v n v d nausea vomiting "
    "diarrhea cough ha headache "
    "headaches pnd orthopnea edema le syncope presyncope dizziness lightheadedness abd "
    "abdominal chest dysuria "
    "hematuria melena brbpr loc sweats wheezing hemoptysis numbness tingling st rhinorrhea constipation"
)
"""What a review of systems asks for: other lists use the dash as a bullet (`-HTN -DM`)."""


class Marked(NamedTuple):
    """text[start:end] is affirmed or denied by the sign before it."""

    start: int
    end: int
    is_denied: bool


def marked(text: str) -> Iterator[Marked]:
    """The symptoms that a sign affirms or denies, where a line has two or more, or encloses one: `(-)`."""
    start = 0
    for line in text.split("\n"):
        found = list(_MARK.finditer(line)) if "-" in line or "+" in line or "–" in line else []
        for mark in found:
            sign, group = (mark["enclosed"], "named") if mark["enclosed"] else (mark["sign"], "word")
            is_one = len(found) > 1 or group == "named"
            if is_one and (sign == "+" or mark[group].lower() in _ASKED):
                first = mark.start(group)
                stop = _ITEM_ENDS.search(line, first, first + _LONGEST_ITEM)
                end = stop.start() if stop else min(len(line), first + _LONGEST_ITEM)
                yield Marked(start + first, start + end, sign != "+")
        start += len(line) + 1

"""Identifiers as they are said aloud, digit by digit: five five five, oh one two three.

A transcript holds them so. A long run of single digits is an identifier by itself; a shorter one, or one said
in tens, is one where a label stands before it. Counting, measures and lists of values stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from hntai.domain.note import Note, opening
from hntai.domain.spans import PhiType, Span

SPOKEN_NUMBER: Final = "spoken_number"
ONES: Final = "one|two|three|four|five|six|seven|eight|nine"
TEENS: Final = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
UP_TO_99: Final = rf"(?:(?:{TENS})(?:[ -](?:{ONES}))?|{TEENS}|{ONES})"

_VALUES: Final = {word: str(value) for value, word in enumerate(ONES.split("|"), start=1)} | dict.fromkeys(
    ("zero", "oh", "o", "nought"), "0"
)
_TIMES: Final = {"": 1, "double": 2, "triple": 3}
_PAIR = rf"(?:{TENS})(?:[ -](?:{ONES}))?|{TEENS}|hundred"
_DIGIT = "|".join(_VALUES)
_ITEM = re.compile(
    rf"(?P<pair>{_PAIR})|(?:(?P<again>double|triple)[ -])?(?P<digit>{_DIGIT})(?![^\W_])|(?P<figure>\d)",
    re.IGNORECASE,
)
_ONE_ITEM = rf"(?:{_PAIR}|(?:(?:double|triple)[ -])?(?:{_DIGIT})|\d)(?![^\W_])"
_GAP = r"(?:-|[ ,.;]{1,3})(?:(?:dash|hyphen|slash|then|space)[ ,]{1,2})?"
"""A transcript sets commas and full stops where the speaker breathed."""
_RUN = re.compile(rf"(?i:(?<![^\W_])(?<!\d[.,/]){_ONE_ITEM}(?:{_GAP}{_ONE_ITEM}){{2,29}})")
_RUN_WORDS = opening(f"{ONES} {TEENS} {TENS} zero oh o nought double triple".replace("|", " "))

_LABELS: Final = (
    ("fax", PhiType.FAX, 7),
    (r"(?:tele|cell ?)?phone|cell|mobile|pager|beeper|extension|area code", PhiType.PHONE, 4),
    (r"call|reach|text|contact|page|home|work|landline|emergency contact", PhiType.PHONE, 7),
    (r"social(?: security)?|s\.? ?s\.? ?n\.?", PhiType.SSN, 4),
    (r"medical records?|m\.? ?r\.? ?n\.?|chart|records?|patient", PhiType.MRN, 4),
    (r"policy|member|insurance|group|subscriber|medicare|medicaid|health plan", PhiType.HEALTH_PLAN, 4),
    (r"account|credit card|debit card|card|invoice", PhiType.ACCOUNT, 4),
    (r"licen[sc]e(?: plate)?|n\.? ?p\.? ?i\.?|d\.? ?e\.? ?a\.?", PhiType.LICENSE, 4),
    (r"serial|device", PhiType.DEVICE, 4),
    (r"zip(?: code)?|postal code|post code", PhiType.LOCATION, 4),
    (r"date of birth|d\.? ?o\.? ?b\.?|birth ?day|birth ?date|born", PhiType.DATE, 3),
    (r"passport|case|claim|accession|confirmation|id|i\.? ?d\.?|identification|badge|pin|order|visit"
     r"|encounter|specimen|reference", PhiType.OTHER_ID, 4),
)  # fmt: skip
"""What announces an identifier, its type, and the fewest digits it has."""
_ANNOUNCED: Final = tuple(
    (
        re.compile(
            rf"(?<![^\W_])(?:{words})(?:['’]s)?(?:[ ,:.]{{1,2}}(?:numbers?|no|digits|ending|ends|last|four|"
            r"code|is|are|was|at|on|in|to|it['’]?s|that['’]?s|the|my|your|me|him|her|his|us|of|back|here|uh|um|and|"
            r"would|be|cell|home|area)){0,7}[ ,:.]{0,3}\Z",
            re.IGNORECASE,
        ),
        type_,
        digits,
    )
    for words, type_, digits in _LABELS
)
_REACH: Final = 72
"""Characters before a run in which its label is looked for."""
_MEASURE = re.compile(
    r"(?i)[ ,-]{1,2}(?:point|over|out of|percent|milli\w*|micro\w*|grams?|kilo\w*|liters?|units?|degrees?"
    r"|times|days?|weeks?|months?|years?|hours?|minutes?|pounds?|inches|feet|o['’]clock|beats?|breaths?)(?![^\W_])"
)
_NUMBERED = re.compile(
    r"(?i)(?:count(?:ing|ed)?|numbers?|digits?|repeat|backwards?|serial \w+)[^\n.]{0,24}\Z"
)
_FEWEST_DIGITS: Final = 7
_FEWEST_SINGLE: Final = 6
"""Digits said one by one that an identifier without a label has."""


class _Said(NamedTuple):
    digits: str
    """A sign for each digit; x where it is said as part of a number."""
    singles: int
    has_words: bool


def recognize_spoken_numbers(note: Note) -> Iterator[Span]:
    """Spans of telephone, record and other numbers, and births in numbers, that are said in words."""
    text = note.text
    places = sorted({*note.led_by(_RUN_WORDS), *_lone_figures(note)})
    for match in note.matches(_RUN, places):
        said = _said(match.group())
        before = text[max(0, match.start() - _REACH) : match.start()]
        type_ = _announced(before, len(said.digits)) or _by_itself(match, said, before)
        if type_:
            yield Span(match.start(), match.end(), type_, 0.85, SPOKEN_NUMBER)


def _lone_figures(note: Note) -> list[int]:
    """Where single figures stand, if the note holds so many: 5 5 5, 0 1 2 3 is a number spoken too."""
    lone = note.numbers_of(1)
    return list(lone) if len(lone) >= _FEWEST_SINGLE - 2 else []


def _said(run: str) -> _Said:
    digits, singles, has_words = "", 0, False
    for item in _ITEM.finditer(run):
        if item["pair"]:
            digits += "xx"
        else:
            own = item["figure"] or _VALUES[item["digit"].lower()]
            times = _TIMES[(item["again"] or "").lower()]
            digits += own * times
            singles += times
        has_words = has_words or not item["figure"]
    return _Said(digits, singles, has_words)


def _announced(before: str, digits: int) -> PhiType | None:
    for label, type_, fewest in _ANNOUNCED:
        if digits >= fewest and label.search(before):
            return type_
    return None


def _by_itself(match: re.Match[str], said: _Said, before: str) -> PhiType | None:
    if len(said.digits) < _FEWEST_DIGITS or said.singles < _FEWEST_SINGLE or not said.has_words:
        return None
    if _is_counted(said.digits) or _NUMBERED.search(before) or _MEASURE.match(match.string, match.end()):
        return None
    by_length = {9: PhiType.SSN, 7: PhiType.PHONE, 10: PhiType.PHONE, 11: PhiType.PHONE}
    return by_length.get(len(said.digits), PhiType.OTHER_ID)


def _is_counted(digits: str) -> bool:
    """1 2 3 4 5 6 7, or the same sign over and over: counting, or a column of scores."""
    digits = digits.strip("x")  # ten, at either end
    if "x" in digits:
        return False
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    return len(steps) == 1 and steps <= {0, 1, 9}

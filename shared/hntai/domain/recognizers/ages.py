"""Ages over 89, in figures and in words. Source: 45 CFR 164.514(b)(2)(i)(C)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hntai.domain.note import Note, Opening
from hntai.domain.spans import PhiType, Span, span_of

_FIGURE: Final = r"(?P<age>9\d|1[0-2]\d)(?![\d+])"
"""A plus after it makes it the category already."""
_UNITS: Final = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_WORDS: Final = rf"(?P<age>ninety(?:[- ]{_UNITS})?|(?:one|a) hundred(?:(?: and)?[- ](?:{_UNITS}|ten))?)"
_OLD: Final = (
    r"(?:[ -]{0,2}(?:years?|yrs?|yr|y)[ -]{0,2}(?:old|of age)|[ -]?(?:yo|y/o|y\.o\.?|yof|yom|y/f|y/m|"
    r"yrs?[ -]?old)(?![^\W_])|[ -]?(?:year|yr)[ -]?old)"
)
_KIN: Final = (
    r"(?:he|she|pt|patient|who|father|mother|dad|mom|mum|grandmother|grandfather|grandma|grandpa|aunt|uncle|"
    r"husband|wife|sister|brother|parent|spouse|now|they)"
)
_REACHED: Final = (
    r"(?:lived (?:to(?: be)?|until)|died (?:at|aged?)|passed away at|turn(?:ed|ing|s)|"
    r"celebrated (?:his|her|their)|reached|alive at|living at|deceased at|d\.)"
)
_NO_UNIT: Final = r"(?![\w%]|[./-]\d| ?(?:kg|lbs?|mg|%|mmhg|bpm))"
_ENDS: Final = r"(?=[ ]?(?:[.,;)!?\n]|$)| (?:and|but|with|now|who|when|years)\b)(?![.,]\d)"
_WHOLE: Final = r"(?i)(?<![^\W_])"

_FIGURES: Final = tuple(
    (re.compile(pattern), score)
    for pattern, score in (
        (rf"(?i)(?<![\w./-]){_FIGURE}{_OLD}", 0.97),
        (rf"(?<![\w./-]){_FIGURE} ?[MF](?![\w'’/.-])", 0.85),
        (
            rf"{_WHOLE}(?:aged?|age of|at age|age(?: is|:| =|/sex:?))[ :]{{0,2}}{_FIGURE}(?![\w%]|[./-]\d)",
            0.95,
        ),
        (rf"(?<![\w./-])[MF]/{_FIGURE}(?![\w%'’/.-])", 0.85),
        (rf"{_WHOLE}(?:(?:wo)?man|(?:fe)?male|lady|gentleman|widow(?:er)?) of {_FIGURE}{_ENDS}", 0.85),
        (rf"{_WHOLE}{_KIN}(?: will|['’]ll)(?: soon)? be {_FIGURE}(?:th|st|nd|rd)?{_NO_UNIT}", 0.85),
        (rf"{_WHOLE}{_REACHED}[ ]{_FIGURE}(?:th|st|nd|rd)?{_NO_UNIT}", 0.9),
        (
            rf"{_WHOLE}{_KIN}(?:['’]s|,| is| was| who is| is now| just turned| will be)[ ]{_FIGURE}{_ENDS}",
            0.85,
        ),
        (
            rf"{_WHOLE}(?:his|her|their|pt['’]s|patient['’]s) (?:(?:early|mid|late)[ -])?"
            r"(?P<age>9\d['’]?s|1[0-2]0['’]?s)(?![^\W_])",
            0.85,
        ),
    )
)
_SPELLED: Final = tuple(
    (re.compile(pattern), score)
    for pattern, score in (
        (rf"{_WHOLE}{_WORDS}[ -](?:years?|yrs?)[ -](?:old|of age)", 0.97),
        (rf"{_WHOLE}(?:is|was|turned|age|aged) {_WORDS}{_ENDS}", 0.85),
        (
            rf"{_WHOLE}(?:his|her|their|pt['’]s|patient['’]s) (?:(?:early|mid|late)[ -])?"
            r"(?P<age>nineties)(?![^\W_])",
            0.85,
        ),
        (rf"{_WHOLE}(?P<age>nonagenarian|centenarian)s?(?![^\W_])", 0.85),
    )
)
_SPELLED_WORDS: Final = Opening(
    ("ninety", "hundred", "nineties", "nonagenarian", "nonagenarians", "centenarian", "centenarians")
)
_BARE: Final = re.compile(r"(?:9\d|1[0-2]\d)(?!\d)")
_BEFORE: Final = 48
_AFTER: Final = 24
"""Signs a pattern reaches before its figure, and beyond it, with some to spare."""


def recognize_ages(note: Note) -> Iterator[Span]:
    """AGE spans: the figure or the words alone, without years old."""
    text = note.text
    for figure in note.matches(_BARE, note.numbers_of(2, 3)):
        start, end = max(0, figure.start() - _BEFORE), figure.end() + _AFTER
        for pattern, score in _FIGURES:
            for match in pattern.finditer(text, start, end):
                if match.start("age") == figure.start():
                    yield span_of(match, PhiType.AGE, score, "age_over_89", "age")
    if note.has(_SPELLED_WORDS):
        for pattern, score in _SPELLED:
            for match in pattern.finditer(text):
                yield span_of(match, PhiType.AGE, score, "age_over_89", "age")

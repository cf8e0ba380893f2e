"""Ages over 89, in figures and in words. Source: 45 CFR 164.514(b)(2)(i)(C)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.spans import PhiType, Span, span_of

_FIGURE = r"(?P<age>9\d|1[0-2]\d)"
_WORDS = r"(?P<age>ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one|a) hundred(?:(?: and)?[- ](?:one|two|three|four|five|six|seven|eight|nine|ten))?)"
_OLD = r"(?:[ -]{0,2}(?:years?|yrs?|yr|y)[ -]{0,2}(?:old|of age)|[ -]?(?:yo|y/o|y\.o\.?|yof|yom|y/f|y/m|yrs?[ -]?old)(?![^\W_])|[ -]?(?:year|yr)[ -]?old)"
_KIN = r"(?:he|she|pt|patient|who|father|mother|dad|mom|mum|grandmother|grandfather|grandma|grandpa|aunt|uncle|husband|wife|sister|brother|parent|spouse|now|they)"
_PATTERNS = (
    (re.compile(rf"(?i)(?<![\w./-]){_FIGURE}{_OLD}"), 0.97),
    (re.compile(rf"(?i)(?<![^\W_]){_WORDS}[ -](?:years?|yrs?)[ -](?:old|of age)"), 0.97),
    (re.compile(rf"(?<![\w./-]){_FIGURE} ?[MF](?![\w'’/.-])"), 0.85),
    (re.compile(rf"(?i)(?<![^\W_])(?:aged?|age of|at age|age(?: is|:| =|/sex:?))[ :]{{0,2}}(?:{_FIGURE}|(?P<words>ninety(?:-\w{{3,5}})?))(?![\w%]|[./-]\d)"), 0.95),
    (re.compile(rf"(?i)(?<![^\W_])(?:lived (?:to(?: be)?|until)|died (?:at|aged?)|passed away at|turn(?:ed|ing|s)|celebrated (?:his|her|their)|reached|alive at|living at|deceased at|d\.)[ ]{_FIGURE}(?:th|st|nd|rd)?(?![\w%]|[./-]\d| ?(?:kg|lbs?|mg|%|mmhg|bpm))"), 0.9),
    (re.compile(rf"(?i)(?<![^\W_]){_KIN}(?:['’]s|,| is| was| who is| is now| just turned| will be)[ ]{_FIGURE}(?=[ ]?(?:[.,;)!?\n]|$)| (?:and|but|with|now|who|when|years)\b)(?![.,]\d)"), 0.85),
    (re.compile(rf"(?i)(?<![^\W_])(?:is|was|turned|age|aged) {_WORDS}(?=[ ]?[.,;)!?\n]|$| (?:and|but|years)\b)"), 0.85),
    (re.compile(r"(?i)(?<![^\W_])(?:his|her|their|pt['’]s|patient['’]s) (?:(?:early|mid|late)[ -])?(?P<age>9\d['’]?s|1[0-2]0['’]?s|nineties)(?![^\W_])"), 0.85),
    (re.compile(r"(?i)(?<![^\W_])(?P<age>nonagenarian|centenarian)s?(?![^\W_])"), 0.85),
)  # fmt: skip


def recognize_ages(text: str) -> Iterator[Span]:
    """AGE spans: the figure or the words alone, without years old."""
    for pattern, score in _PATTERNS:
        for match in pattern.finditer(text):
            group = "age" if match["age"] is not None else "words"
            yield span_of(match, PhiType.AGE, score, "age_over_89", group)

"""What became of a medicine, told behind its name: `held, then restarted`, `until 2019`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_FURTHER: Final = re.compile(
    r"(?P<between>[^.;\n]{0,48}?)(?:,|\band|\bthen|\bbut|\buntil|\)|\Z)[\s,(]*"
    r"(?:(?:and|then|but|later|subsequently|eventually|now|since|again|it|this|that|has|have|had|was|were|is|"
    r"been|also|both|recently|he|she|they|we|successfully) +){0,6}"
    r"(?P<what>discontinued|stopped|held|paused|withheld|started|restarted|resumed|reintroduced|initiated|"
    r"increased|decreased|reduced|lowered|tapered)(?![a-z])"
    r"(?=\s*(?:\Z|[.,;:)\n(]|\d|(?:on|at|by|for|due|because|after|before|when|in|with|to|again|yesterday|today|"
    r"last|this|per|until|since|and|but|then|secondary|given|prior|upon|during|as|over|around|from|once|back|off|now)\b))",
    re.IGNORECASE,
)
"""One more thing done, behind what was said before; no `to be restarted`, and no `stopped smoking`."""
_NOT_YET: Final = re.compile(
    r"\b(?:to be|will|should|can|may|could|if|when|once|unless|not|plan|would)\b", re.IGNORECASE
)
_UNTIL_THEN: Final = re.compile(
    r"[\s,]*(?:un)?till?(?: (?:about|around|approximately|early|late|mid|the|end|of|"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?)){0,3}"
    r" (?P<when>(?:19|20)\d\d(?![\d/-])|last (?:week|month|year|spring|summer|fall|winter|visit)|yesterday|"
    r"recently|(?:\d+|an?|one|two|three|four|five|six|several|a few|a couple of) "
    r"(?:days?|weeks?|months?|years?) (?:ago|prior)|"
    r"(?:he|she|it|they)(?: was| were)? (?:stopped|quit|ran out|developed|became|had|got|lost))",
    re.IGNORECASE,
)
_UNTIL: Final = re.compile(r"[\s,]*(?:un)?till?\b", re.IGNORECASE)
_WAS_TAKEN: Final = re.compile(
    r"\b(?:was|were|took|used|had been|received|used to (?:take|be|use))\b(?! (?:started|continued|"
    r"given|placed))[^.;\n]{0,24}\Z",
    re.IGNORECASE,
)
_IS_PLAN: Final = re.compile(
    r"\b(?:continue|will|should|plan|take|keep|to be|start|starting|needs?)\b[^.;\n]{0,40}\Z", re.IGNORECASE
)
_REACH: Final = 120
"""Characters behind a name in which more is told of it."""
_MOST: Final = 4


_DOSED_THEN: Final = re.compile(
    r"[^.;\n]{0,60}?\b(?:restarted|resumed|reintroduced|increased|decreased|reduced|lowered|tapered|started) "
    r"(?:back )?(?:at|to|on) (?=\d)",
    re.IGNORECASE,
)


_DOSED_NEXT: Final = re.compile(
    r"[\s,;(]*(?:(?:and|then|now|was|were|is|has|been|the|later|subsequently|dose|since) ){0,4}"
    r"(?:(?:increased|decreased|reduced|lowered|tapered|raised|uptitrated|titrated|changed|doubled|halved|cut|up|down)"
    r"(?: (?:back|down|up))? to (?=\d)|(?:->|→|-->|=>)\s*(?=\d)|(?<=now )(?=\d))",
    re.IGNORECASE,
)
"""Right behind one dose, the next: `5 mg daily, reduced to 2.5 mg`."""


class Further(NamedTuple):
    """One more thing done with a medicine, and where it is told."""

    what: str
    """As written, in small letters."""
    end: int


def further(text: str, start: int, stop: int) -> list[Further]:
    """What else was done with it, in order: `held on admission, restarted at discharge`.

    start: where what was said before ends. stop: where the next medicine begins, or the text ends.
    """
    told: list[Further] = []
    at, stop = start, min(stop, start + _REACH)
    while len(told) < _MOST and (found := _FURTHER.match(text, at, stop)):
        if _NOT_YET.search(found.group()):
            break
        told.append(Further(found["what"].lower(), found.end()))
        at = found.end()
    return told


def dosed_at(text: str, start: int, stop: int) -> int | None:
    """Where the dose stands that a later word gives: `was held and restarted at 2.5 mg`."""
    found = _DOSED_THEN.match(text, start, min(stop, start + _REACH))
    return found.end() if found and not _NOT_YET.search(found.group()) else None


def dosed_next(text: str, end: int, stop: int) -> int | None:
    """Where the dose stands that takes the place of one that ends there."""
    found = _DOSED_NEXT.match(text, end, min(stop, end + _REACH))
    return found.end() if found and not _NOT_YET.search(found.group()) else None


def is_over(text: str, start: int, end: int) -> bool:
    """Whether `until 2019`, `until last month` stands behind what ends there, and nothing says it is planned.

    start: where the words begin that speak of it.
    """
    stop, before = min(len(text), end + _REACH), text[start:end]
    if _UNTIL.match(text, end, stop) and _WAS_TAKEN.search(before):
        return True
    return bool(_UNTIL_THEN.match(text, end, stop)) and not _IS_PLAN.search(before)

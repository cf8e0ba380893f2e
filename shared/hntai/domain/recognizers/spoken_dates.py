"""Dates in words, as they are said: March third nineteen fifty one; the second of June.

A month alone and a year alone stay, as everywhere. Source: 45 CFR 164.514(b)(2)(i)(C).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hntai.domain.note import Note, opening
from hntai.domain.recognizers.spoken_numbers import ONES, TEENS, TENS, UP_TO_99
from hntai.domain.spans import PhiType, Span, span_of

_MONTHS: Final = "january february march april may june july august september october november december"
_MONTH = rf"(?:{_MONTHS.replace(' ', '|')})"
_FIRSTS: Final = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    "|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth"
)
_NINE_FIRSTS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_ORDINAL = rf"(?:(?:twenty|thirty)[ -](?:{_NINE_FIRSTS})|{_FIRSTS}|\d{{1,2}}(?:st|nd|rd|th))"
_CARDINAL = rf"(?:(?:twenty|thirty)[ -](?:{ONES})|{TEENS}|twenty|thirty|{ONES}|\d{{1,2}})"
_YEAR = (
    rf"(?:(?:nineteen|eighteen)[ -](?:hundred(?:(?: and)? {UP_TO_99})?|(?:oh|o)[ -](?:{ONES})|"
    rf"(?:{TENS})(?:[ -](?:{ONES}))?|{TEENS})"
    rf"|two thousand(?:(?: and)?[ -]{UP_TO_99})?"
    rf"|twenty[ -](?:(?:oh|o)[ -](?:{ONES})|{TEENS}|(?:twenty|thirty)(?:[ -](?:{ONES}))?)"
    r"|(?:19|20)\d\d|['’]\d\d)"
)
_LINK = r"(?:,? (?:of |in )?|, )"
_ENDED = r"(?![^\W_])"
_BY_MONTH = re.compile(
    rf"(?i:(?<![^\W_]){_MONTH}(?: the)?[ ,]{{1,2}}"
    rf"(?:{_ORDINAL}(?:{_LINK}{_YEAR}{_ENDED})?|{_CARDINAL}{_LINK}{_YEAR})){_ENDED}"
)
_MONTH_OF_YEAR = re.compile(rf"(?i:(?<![^\W_]){_MONTH}(?:,? of |,? ){_YEAR}){_ENDED}")
_BY_DAY = re.compile(
    rf"(?i:(?<![^\W_]){_ORDINAL}(?: day)?(?: of)? {_MONTH}(?:{_LINK}{_YEAR}{_ENDED})?){_ENDED}"
)
_MONTH_WORDS = opening(_MONTHS)
_DAY_WORDS = opening(f"twenty thirty {_FIRSTS.replace('|', ' ')}")
_VERB = re.compile(r"(?i)(?:may|march)[ ,]{1,2}(?:first|second)\Z")
"""She may first try: no date, unless a word before says so."""
_DATED = re.compile(
    r"(?i)(?<![^\W_])(?:on|since|until|till|by|of|from|before|after|dated|born|is|was)[ ,]{1,2}\Z"
)


def recognize_spoken_dates(note: Note) -> Iterator[Span]:
    """DATE spans of a day or a month of a year in words."""
    text = note.text
    months = note.led_by(_MONTH_WORDS)
    if not months:
        return
    for match in note.matches(_BY_MONTH, months):
        is_verb = bool(_VERB.match(match.group())) and not _DATED.search(text[: match.start()][-12:])
        if not is_verb:
            yield span_of(match, PhiType.DATE, 0.9, "spoken_date")
    for match in note.matches(_MONTH_OF_YEAR, months):
        yield span_of(match, PhiType.DATE, 0.85, "spoken_date")
    for match in note.matches(_BY_DAY, note.led_by(_DAY_WORDS)):
        yield span_of(match, PhiType.DATE, 0.9, "spoken_date")

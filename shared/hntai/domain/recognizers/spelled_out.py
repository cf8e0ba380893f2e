"""Names spelled letter by letter, and addresses of mail, sites and houses as they are said aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from hntai.domain.note import Note, opening, word_set
from hntai.domain.recognizers.spoken_numbers import ONES, TEENS, TENS, UP_TO_99
from hntai.domain.spans import PhiType, Span, span_of

_AS = r"(?:,? (?:as in|is for|like|for) [^\W\d_]{2,12})"
_LETTER = rf"(?:(?:double|capital|big|small)[ -])?[^\W\d_](?![^\W_]){_AS}?"
_LETTERS = re.compile(
    rf"(?i:(?<![\w'’.&/-]){_LETTER}(?P<gap>[-–]|[,.]? ){_LETTER}(?:(?P=gap){_LETTER}){{1,22}}(?![\w'’]))"
)
_COMPARED = re.compile(rf"(?i){_AS}")
_ONE_LETTER = re.compile(r"(?i)(?:(double)[ -])?(?<![^\W_])([^\W\d_])(?![^\W_])")
_CUE_BEFORE = re.compile(
    r"(?i)(?:spell(?:ed|s|ing|t)?(?: it| that| as| is| out)?|(?:last|first|middle|maiden|family|sur)[ -]?name"
    r"(?: is|['’]s)?|name(?: is|['’]s)|called|goes by)[ ,:]{0,3}"
    r"(?:(?:uh|um|it['’]?s|that['’]?s|is)[ ,]{1,2}){0,2}\Z"
)
_CUE_AFTER = re.compile(
    r"(?i)[ ,.]{1,3}(?:is|was|for)[ ,](?:(?:my|the|her|his|our)[ ,])?(?:\w+[ ,])?(?:sur)?name\b"
)
_WORD_BEFORE = re.compile(
    r"([^\W\d_]{3,24})[\s,.:;–-]{1,4}(?:(?:that['’]?s|it['’]?s|spelled|so)[ ,]{1,2}){0,2}\Z"
)
_REACH: Final = 48
_LONG: Final = 5
"""Letters from which a spelled word is taken for a name without a word before it that says so."""
_NO_NAMES: Final = word_set(
    "stemi nstemi hfpef hfref nsaid nsaids lvef mtwtf mtwtfss smtwtfs soapie copd mrsa gerd adhd ptsd cabg"
)
_NATO: Final = (
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november "
    "oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"
)
_NATO_WORD = f"(?:{_NATO.replace(' ', '|')})"
_NATO_RUN = re.compile(rf"(?i:(?<![^\W_]){_NATO_WORD}(?:[ ,-]{{1,2}}{_NATO_WORD}){{3,20}})(?![^\W_])")
_NATO_WORDS = opening(_NATO)
_SINGLE: Final = opening("a b c d e f g h i j k l m n o p q r s t u v w x y z double capital big small")

_TOP = re.compile(r"(?i)dot (?:com|org|net|edu|gov|mil|info|io|co(?: dot uk)?|us|uk|ca|de|eu)(?![^\W_])")
_MAIL_BEFORE = re.compile(
    r"(?i)(?<![\w@])(?:(?:[\w+]{1,40}|[^\W_](?:[ -][^\W_])+) (?:dot|underscore|dash|hyphen|minus|plus) ){0,4}"
    r"(?:[^\W_](?:[ -][^\W_]){2,20}|[\w+]{1,40}) at (?:[\w-]{1,40} dot ){0,3}[\w-]{1,40} \Z"
)
_SITE_BEFORE = re.compile(r"(?i)(?<![\w@])(?:[\w-]{1,40} dot ){0,3}[\w-]{1,40} \Z")
_DOT = opening("dot")
_MAIL_REACH: Final = 160
_SITE_REACH: Final = 48
"""Characters before `dot com` in which the address is looked for."""

_STREET = (
    "street|avenue|road|lane|drive|boulevard|court|way|place|circle|terrace|parkway|highway|trail|crescent"
)
_NUMBER = rf"{UP_TO_99}(?:[ -](?:hundred|oh|{UP_TO_99})){{0,4}}"
_HOUSE = re.compile(
    rf"(?i:(?<![^\W_]){_NUMBER}(?P<words>(?: [^\W\d_]{{3,20}}){{1,3}}) (?:{_STREET})"
    rf"(?:,? (?:apartment|apt|unit|suite) (?:{_NUMBER}|\d{{1,5}})?(?: ?[a-z](?![^\W_]))?)?)(?![^\W_])"
)
_NUMBER_WORDS = opening(f"{ONES} {TEENS} {TENS}".replace("|", " "))
_NO_STREET: Final = word_set(
    "the a this that his her their our on in at of to from off down up along across into near by with and or "
    "for out back half any other more less blocks block miles times days weeks years tablets pills people "
    "men women same only one each every"
)


def recognize_spelled_out(note: Note) -> Iterator[Span]:
    """NAME, EMAIL, URL and LOCATION spans of what is said letter by letter or word by word."""
    for match in note.matches(_LETTERS, note.led_by(_SINGLE)):
        if _is_name(match):
            yield span_of(match, PhiType.NAME, 0.85, "spelled_name")
    for match in note.matches(_NATO_RUN, note.led_by(_NATO_WORDS)):
        yield span_of(match, PhiType.NAME, 0.8, "spelled_name")
    yield from _mail_and_sites(note)
    for match in note.matches(_HOUSE, note.led_by(_NUMBER_WORDS)):
        if not _NO_STREET.intersection(match["words"].casefold().split()):
            yield span_of(match, PhiType.LOCATION, 0.85, "spoken_address")


def _is_name(match: re.Match[str]) -> bool:
    text, start, end = match.string, match.start(), match.end()
    before = text[max(0, start - _REACH) : start]
    word = "".join(
        letter.casefold() * (2 if double else 1)
        for double, letter in _ONE_LETTER.findall(_COMPARED.sub("", match.group()))
    )
    said = _WORD_BEFORE.search(before)
    if len(_COMPARED.findall(match.group())) > 1 or (said and said[1].casefold() == word):
        return True
    if word in _NO_NAMES or _is_row(word):
        return False
    is_cued = bool(_CUE_BEFORE.search(before) or _CUE_AFTER.match(text, end))
    return is_cued or len(word) >= _LONG


def _is_row(word: str) -> bool:
    """A B C D, Y N N Y, X X X: letters of a list or a form."""
    steps = {ord(after) - ord(before) for before, after in pairwise(word)}
    return steps == {1} or len(set(word)) <= 2


def _mail_and_sites(note: Note) -> Iterator[Span]:
    text = note.text
    for top in note.matches(_TOP, note.led_by(_DOT)):
        before = text[max(0, top.start() - _MAIL_REACH) : top.start()]
        found = _MAIL_BEFORE.search(before) if " at " in before.lower() else None
        type_, name = (PhiType.EMAIL, "spoken_email") if found else (PhiType.URL, "spoken_url")
        found = found or _SITE_BEFORE.search(before[-_SITE_REACH:])
        if found:
            yield Span(top.start() - len(found.group()), top.end(), type_, 0.9, name)

"""Identifiers the learned tagger sees: any type, by words and their neighbours (domain/tagger/README.md)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from hntai.domain.clinic_words import is_particular
from hntai.domain.kept_places import STATE_AFTER_COMMA, is_kept_place
from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import folded
from hntai.domain.note import Note, word_set
from hntai.domain.spans import PhiType, Recognizer, Span, without
from hntai.domain.tagger.network import TYPES, Floats, Tagger, tagger
from hntai.domain.tagger.tokens import TAG, starts, tokens

BALANCED_ODDS: Final = -0.5
HIGH_ODDS: Final = -2.0
"""Log odds of being an identifier from which a token counts; phi_eval --recall high says what that costs."""
TAGGER: Final = "tagger"
_ALL_ALIKE: Final = math.log(len(TYPES) - 1)
"""By how much any type can be likelier than the likeliest one."""
_TYPES: Final = tuple(PhiType.OTHER_ID if name in ("O", "ID") else PhiType(name) for name in TYPES)


def recognize_tagged(note: Note) -> Iterator[Span]:
    """Spans as likely identifiers as not; of no type more exact than the tagger tells apart."""
    return tagged(note, tagger(), BALANCED_ODDS)


def recognize_doubtfully_tagged(note: Note) -> Iterator[Span]:
    """High recall: one chance in eight is enough."""
    return tagged(note, tagger(), HIGH_ODDS)


def with_weights(weights: Tagger) -> Recognizer:
    """recognize_tagged with another tagger."""
    return partial(tagged, tagger=weights, odds=BALANCED_ODDS)


def tagged(note: Note, tagger: Tagger, odds: float, *, near: str | None = None) -> Iterator[Span]:
    """Runs of neighbouring tokens of one type; a line's end and a scrubber's tag part them.

    near: only what stands so near to tokens with this in them that their being there can matter.
    """
    found = tokens(note.text)
    if near is None:
        looked: Sequence[int] = range(len(found))
        scores = tagger.scores(found, note.vectors)
    else:
        looked, scores = _scores_beside(found, near, tagger, note)
    hits = [
        _Hit(looked[row], type_, sure)
        for row, type_, sure in _above(scores, odds)
        if not TAG.fullmatch(found[looked[row]].strip())
    ]
    if not hits:
        return
    places = starts(found)
    for run in _runs(hits, found):
        score = 1 / (1 + math.exp(-max(hit.odds for hit in run)))
        yield from _span(
            note.text, places[run[0].token], places[run[-1].token + 1], _TYPES[run[0].type], score
        )


class _Hit(NamedTuple):
    """A token that is likely enough part of an identifier."""

    token: int
    type: int
    odds: float
    """Log odds of any type against none."""


def _scores_beside(
    found: Sequence[str], near: str, tagger: Tagger, note: Note
) -> tuple[Sequence[int], Floats]:
    """Tokens whose score one with near in it can change, and their scores."""
    beside = [place for place, token in enumerate(found) if near in token]
    wanted = _around(beside, tagger.reach, len(found))
    # what the wanted ones depend on is scored with them, so that no stretch is changed by the next
    asked = _around(beside, 2 * tagger.reach, len(found))
    scores = tagger.scores([found[place] for place in asked], note.vectors)
    rows = np.searchsorted(asked, wanted)
    return wanted, scores[rows]


def _around(places: Iterable[int], reach: int, length: int) -> list[int]:
    result: list[int] = []
    free = 0
    for place in places:
        end = min(length, place + reach + 1)
        result += range(max(free, place - reach), end)
        free = max(free, end)
    return result


def _above(scores: Floats, odds: float) -> Iterator[tuple[int, int, float]]:
    """Row, type and log odds of any type against none, where these are over odds."""
    best = scores[:, 1:].max(axis=1, initial=-np.inf)
    rows = np.flatnonzero(best - scores[:, 0] > odds - _ALL_ALIKE)
    if not len(rows):
        return
    likely = scores[rows, 1:]
    most = likely.max(axis=1)
    sure = most + np.log(np.exp(likely - most[:, None]).sum(axis=1)) - scores[rows, 0]
    for row, type_, log_odds in zip(
        rows.tolist(), likely.argmax(axis=1).tolist(), sure.tolist(), strict=True
    ):
        if log_odds > odds:
            yield row, type_ + 1, log_odds


def _runs(hits: Sequence[_Hit], found: Sequence[str]) -> Iterator[list[_Hit]]:
    run = [hits[0]]
    for hit in hits[1:]:
        if hit.token == run[-1].token + 1 and hit.type == run[0].type and "\n" not in found[hit.token]:
            run.append(hit)
            continue
        yield run
        run = [hit]
    yield run


_STAYS: Final = re.compile(
    r"(?i)(?:(?:19|20)\d\d|(?:early|mid|late)?[ -]?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|"
    r"apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:mon|tues?|"
    r"wed(?:nes)?|thu(?:rs)?|fri|"
    r"sat(?:ur)?|sun)(?:day)?|spring|summer|autumn|fall|winter|today|yesterday|tomorrow))\.?"
)
"""Policy: a bare year, month, weekday or season identifies nobody."""
_SMALL_AGE: Final = re.compile(r"[1-8]?\d(?!\d)")
_ROUND: Final = re.compile(r"(?:[^\W\d_]{1,4} )?[1-9]\d{0,3}000")
"""A count, with what is counted perhaps; a round number of eight digits or more is none."""
_STREETS: Final = word_set(
    "way street road avenue drive lane court place square hill view point ridge run loop row close walk path"
)
"""Kinds of street, which alone are none."""
_DIGITLESS: Final = frozenset((PhiType.OTHER_ID, PhiType.PHONE, PhiType.IP))
"""Types that no word without a digit can be."""
_TITLE: Final = re.compile(r"(?i)(?:dr|mrs?|ms|miss|mx|prof)\b\.?[ ]{0,2}")
_DOTTED: Final = re.compile(r"\.[^\W\d_]\.")
_INITIALS: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){1,3}[^\W\d_]\.")


def _span(text: str, start: int, end: int, type_: PhiType, score: float) -> Iterator[Span]:
    """The stretch without the signs at its ends; none where policy lets it stand, or nothing is in it."""
    start, end = trimmed(text, start, end)
    if type_ is PhiType.NAME and (title := _TITLE.match(text, start, end)):
        start = title.end()
    if type_ is PhiType.NAME and (initials := _INITIALS.match(text, start)) and initials.end() == end + 1:
        end += 1
    elif end - start == 1 and _DOTTED.match(text, end):
        return
    start, end = _whole(text, start, end)
    words = text[start:end]
    if not words or stays(words, type_) or is_kept_place(text[max(0, start - len("New ")) : end]):
        return
    whole = Span(start, end, type_, round(score, 2), TAGGER)
    if type_ is PhiType.LOCATION:
        states = [match.span() for match in STATE_AFTER_COMMA.finditer(text, start, end)]
        yield from without(whole, states)
    else:
        yield whole


_REACH: Final = 40


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The range with the rest of the words it cuts, where that is not long."""
    first, last = max(0, start - _REACH), min(len(text), end + _REACH)
    while start > first and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < last and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without signs and blanks at its ends."""
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return start, end


def stays(words: str, type_: PhiType) -> bool:
    """True for what identifies nobody, whatever the tagger says: years, states, words of the clinic alone."""
    if type_ in _OF_TYPE:
        return _OF_TYPE[type_](words)
    if (
        type_ in (PhiType.NAME, PhiType.FACILITY)
        and " " in words
        and is_kept_place(words.removesuffix(" State"))
    ):
        return True
    if type_ is PhiType.FACILITY:
        return not is_particular(words.split())
    if type_ is PhiType.OTHER_ID and _ROUND.fullmatch(words):
        return True
    return type_ in _DIGITLESS and not any(sign.isdigit() for sign in words)


_ZIP_DIGITS: Final = 5


def _is_no_place(words: str) -> bool:
    plain = folded(words)
    listed = plain in lexicon("facility_words") or plain in _STREETS
    return (
        listed or is_kept_place(words) or (len(words) != _ZIP_DIGITS and _ROUND.fullmatch(words) is not None)
    )


_OF_TYPE: Final[Mapping[PhiType, Callable[[str], bool]]] = {
    PhiType.DATE: lambda words: _STAYS.fullmatch(words) is not None,
    PhiType.AGE: lambda words: _SMALL_AGE.match(words) is not None,
    PhiType.LOCATION: _is_no_place,
}

"""Identifiers the learned tagger sees: any type, by words and their neighbours (domain/tagger/README.md)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from hntai.domain.clinic_words import is_particular
from hntai.domain.kept_places import STATE_AFTER_COMMA, STATE_AT_END, is_kept_place, place_words
from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import folded
from hntai.domain.note import Note, word_set
from hntai.domain.safe_harbor import TAGGED_TOWN
from hntai.domain.spans import PhiType, Recognizer, Span, without
from hntai.domain.tagger.native import TYPES, Tagger, tagger

BALANCED_ODDS: Final = -0.75
HIGH_ODDS: Final = -2.0
"""Log odds of being an identifier from which a token counts; docs/scrubbing.md says what high costs."""
TAGGER: Final = "tagger"
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


def tagged(note: Note, tagger: Tagger, odds: float, *, only_near_tags: bool = False) -> Iterator[Span]:
    """Runs of neighbouring tokens of one type; a line's end and a scrubber's tag part them.

    only_near_tags: of tokens whose odds a tag in the note can change.
    """
    for run in tagger.runs(note.text, odds, only_near_tags=only_near_tags):
        score = 1 / (1 + math.exp(-run.odds))
        yield from _span(note.text, run.start, run.end, _TYPES[run.type], score)


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
_UNIT: Final = re.compile(r"(?<=\d[ \u00a0])[^\W\d_]\.[ ]{1,2}")
"""A unit that ends a sentence, before a name: 2 L. Maria."""
_TITLE: Final = re.compile(r"(?i)(?:dr|mrs?|ms|miss|mx|prof)\b\.?[ ]{0,2}")
_DOTTED_RUN: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){1,6}[^\W\d_]?")
_DOTTED_LABELS: Final = word_set("mrn dob ssn npi dea csn pcp poa dnr hpi ros nkda prn bid tid qid")
"""What is written with full stops too and is no person's initials."""
_DOTTED: Final = re.compile(r"\.[^\W\d_]\.")
_INITIALS: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){1,3}[^\W\d_]\.")


def _span(text: str, start: int, end: int, type_: PhiType, score: float) -> Iterator[Span]:
    """The stretch without the signs at its ends; none where policy lets it stand, or nothing is in it."""
    start, end = trimmed(text, start, end)
    if type_ is PhiType.NAME and (before := _TITLE.match(text, start, end) or _UNIT.match(text, start, end)):
        start = before.end()
    if type_ is PhiType.NAME and _is_dotted_label(text, start):
        return
    if type_ is PhiType.NAME and (initials := _INITIALS.match(text, start)) and initials.end() == end + 1:
        end += 1
    elif end - start == 1 and _DOTTED.match(text, end):
        return
    start, end = _whole(text, start, end)
    if type_ is PhiType.DATE and end - start <= _LONGEST_HALF:
        start, end = _whole_date(text, start, end)
    words = text[start:end]
    if not words or stays(words, type_) or _is_rest_of_state(text, start, end):
        return
    whole = Span(start, end, type_, round(score, 2), TAGGER)
    if type_ is PhiType.LOCATION and " ".join(place_words(words)) in lexicon("places"):
        yield whole._replace(recognizer=TAGGED_TOWN)
    elif type_ is PhiType.LOCATION:
        yield from _without_states(text, whole)
    elif type_ is PhiType.NAME and _LISTED_NAMES.fullmatch(words):
        yield from (_part(text, whole, match.span()) for match in _BETWEEN_COMMAS.finditer(text, start, end))
    else:
        yield whole


_LISTED_NAMES: Final = re.compile(r"[^\W\d_][\w'’.-]*(?:[ ][\w'’.-]+)+(?:,[ ][\w'’.-]+(?:[ ][\w'’.-]+)+)+")
"""Several people of two names each: Ana Roe, Lan Pham; never Roe, Ana."""
_BETWEEN_COMMAS: Final = re.compile(r"[^,]+")


def _without_states(text: str, whole: Span) -> Iterator[Span]:
    found = {
        match.span()
        for pattern in (STATE_AFTER_COMMA, STATE_AT_END)
        for match in pattern.finditer(text, whole.start, whole.end)
    }
    for piece in without(whole, sorted(found)):
        yield _part(text, whole, (piece.start, piece.end))


def _part(text: str, whole: Span, place: tuple[int, int]) -> Span:
    start, end = trimmed(text, *place)
    return whole._replace(start=start, end=end)


_LONGEST_DOTTED: Final = 12


def _is_dotted_label(text: str, start: int) -> bool:
    """True inside M.R.N."""
    first = max(0, start - _LONGEST_DOTTED)
    return any(
        run.start() <= start < run.end() and folded(run.group()) in _DOTTED_LABELS
        for run in _DOTTED_RUN.finditer(text, first, start + _LONGEST_DOTTED)
    )


_FRACTION: Final = re.compile(r"(?<![\w/])\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\w/])")
_LONGEST_HALF: Final = 5
_GRADED: Final = re.compile(
    r"(?i)[ -]{0,2}(?:strength|motor|power|murmur|systolic|diastolic|reflex(?:es)?|dtrs?|pulses?|sem|"
    r"tabs?|tablets?|pills?|throughout|bilaterally)(?![^\W_])"
)
"""What is graded or halved: 4/5 strength, 1/2 tab."""


def _whole_date(text: str, start: int, end: int) -> tuple[int, int]:
    """The date with slashes the range is a part of; an empty range where it is a grade or a share."""
    for match in _FRACTION.finditer(text, max(0, start - 2 * _LONGEST_HALF), end + 2 * _LONGEST_HALF):
        if match.start() < end and match.end() > start:
            return (start, start) if _GRADED.match(text, match.end()) else match.span()
    return start, end


_NEW: Final = "New "


def _is_rest_of_state(text: str, start: int, end: int) -> bool:
    """True for York of New York."""
    first = start - len(_NEW)
    return first >= 0 and text.startswith(_NEW, first) and is_kept_place(text[first:end])


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
    if type_ is PhiType.FACILITY:
        is_state = " " in words and is_kept_place(words.removesuffix(" State"))
        return is_state or not is_particular(words.split())
    if type_ is PhiType.OTHER_ID and _ROUND.fullmatch(words):
        return True
    return type_ in _DIGITLESS and not any(sign.isdigit() for sign in words)


_ZIP_DIGITS: Final = 5


def _is_no_place(words: str) -> bool:
    plain = folded(words)
    listed = plain in lexicon("facility_words") or plain in _STREETS or (plain.isdigit() and len(plain) < 3)
    return (
        listed or is_kept_place(words) or (len(words) != _ZIP_DIGITS and _ROUND.fullmatch(words) is not None)
    )


_DEGREES: Final = word_set(
    "md do rn np pa lpn cna ma phd mph mba msn bsn dnp dds dmd dpm od dvm jd face facp facs facc facog faap "
    "facep faan faafp frcp frcs frcpc mrcp mrcgp mbbs mbchb crna lcsw pharmd"
)
"""Degrees and fellowships, which are written with full stops too."""


def _is_thing(words: str) -> bool:
    """True for one word that is a drug, or never a name, and on no list of names."""
    plain = folded(words)
    if plain in lexicon("first_names") or plain in lexicon("surnames"):
        return False
    return plain in lexicon("drugs") or plain in lexicon("never_names")


def _is_degree(words: str) -> bool:
    return "." in words and folded(words) in _DEGREES


_OF_TYPE: Final[Mapping[PhiType, Callable[[str], bool]]] = {
    PhiType.DATE: lambda words: _STAYS.fullmatch(words) is not None,
    PhiType.AGE: lambda words: _SMALL_AGE.match(words) is not None,
    PhiType.LOCATION: _is_no_place,
    PhiType.NAME: lambda words: (
        _is_thing(words)
        or _is_degree(words)
        or (" " in words and is_kept_place(words.removesuffix(" State")))
    ),
}

"""What the record already knows of a patient, found in a note in every form it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from hntai.domain.eponyms import is_eponym
from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import folded
from hntai.domain.spans import PhiType, Span
from hntai.domain.written_dates import notations, read_date

_KNOWN: Final = 1.0
_LETTER: Final = r"(?:[^\W\d_]|[\u0300-\u036f\u200b-\u200d\u00ad])"
NAME_WORD: Final = re.compile(rf"[^\W\d_]{_LETTER}*(?:['’‑-][^\W\d_]{_LETTER}+)*")
_BETWEEN = re.compile(r"(?:\.?,?[ \t\u00a0]{0,2})\Z")
_AFTER_WORD = re.compile(r"(?:,?[ \t\u00a0]{0,2})\Z")
_PERSONAL_AFTER = re.compile(
    r"(?i)(?:['’]s|,|\)| (?:is|was|has|had|reports|states|denies|presents|will|did|does|says|and|who|"
    r"came|lives|takes)\b)"
)
_TITLES: Final = frozenset(
    ("mr", "mrs", "ms", "miss", "dr", "drs", "jr", "sr", "ii", "iii", "md", "rn", "phd", "prof", "mx")
)
_DATE_PIECE: Final = r"['’]?(?:\d{1,4}(?:st|nd|rd|th)?|[a-z]{3,9}\.?)"
_DATE_TOKEN = re.compile(
    rf"(?i)(?<![^\W_]){_DATE_PIECE}(?: of | |[-/.]){_DATE_PIECE}(?:,? of |,? ?|[-/.]){_DATE_PIECE}(?![^\W_])"
)
_SEPARATOR: Final = r"[ \t.()\-–‑/]{0,3}"


@dataclass(frozen=True, slots=True)
class KnownValues:
    """Identifiers of the patient, and of the people around them, as the record holds them."""

    names: tuple[str, ...] = ()
    mrn: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    """Addresses, e-mails and any further identifier, matched as written."""


def known_spans(text: str, known: KnownValues) -> Iterator[Span]:
    """Spans of every known value in every form: case, order, initials, separators, notations."""
    if known.names:
        yield from name_mentions(
            text, _name_words(known.names), score=_KNOWN, recognizer="known_name", sure=True
        )
    for number in known.mrn:
        yield from _numbers(text, number, PhiType.MRN, "known_mrn")
    for phone in known.phones:
        yield from _phones(text, phone)
    if known.dates:
        yield from _dates(text, known.dates)
    for value in known.other:
        yield from _literals(text, value)


def name_mentions(
    text: str,
    words: frozenset[str],
    *,
    score: float,
    recognizer: str,
    sure: bool,
    places: Iterable[re.Match[str]] | None = None,
) -> Iterator[Span]:
    """Spans where a name's words stand, in any case and order, neighbours and initials joined.

    words: folded, of two letters at least; of two only beside another. A word that is also ordinary English
    counts with a capital only, and alone only where a person's verb follows (sure) or not
    at all. Medical use stays. places: matches of NAME_WORD that can be meant, left to right; None for all.
    """
    initials = {word[0] for word in words} if sure else set()
    group: list[tuple[int, int, bool]] = []
    seen: set[str] = set()
    for match in NAME_WORD.finditer(text) if places is None else places:
        start, end = match.span()
        plain = folded(match.group())
        strong = plain in words or (
            len(plain) > 2
            and any(mark in match.group() for mark in "-'’‑")
            and _parts_known(match.group(), words)
        )
        strong = strong and not (len(plain) < 3 and not group)
        initial = not strong and len(plain) == 1 and plain in initials and match.group().isupper()
        if group and not ((strong or initial) and plain not in seen and _joins(text, group[-1], start)):
            yield from _mention(text, group, score, recognizer, sure)
            group, seen = [], set()
        if strong or initial:
            group.append((start, end, strong))
            seen.add(plain)
    if group:
        yield from _mention(text, group, score, recognizer, sure)


def _joins(text: str, last: tuple[int, int, bool], start: int) -> bool:
    """True where only a blank or a comma parts two words; after an initial a full stop may stand too."""
    return bool((_AFTER_WORD if last[2] else _BETWEEN).match(text, last[1], start))


def _parts_known(word: str, words: frozenset[str]) -> bool:
    parts = [folded(part) for part in re.split(r"[-'’‑]", word)]
    return any(len(part) > 2 and part in words for part in parts)


def _mention(
    text: str, group: list[tuple[int, int, bool]], score: float, recognizer: str, sure: bool
) -> Iterator[Span]:
    strong = [member for member in group if member[2]]
    if not strong:
        return
    start, end = group[0][0], group[-1][1]
    if len(strong) == 1 and not _stands_alone(
        text, strong[0][0], strong[0][1], sure, with_initial=len(group) > 1
    ):
        return
    if len(strong) == 1 and is_eponym(text, strong[0][0], strong[0][1]):
        return
    yield Span(start, end, PhiType.NAME, score, recognizer)


def _stands_alone(text: str, start: int, end: int, sure: bool, with_initial: bool) -> bool:
    """True where one word of a name is a name by itself in this place."""
    word = text[start:end]
    plain = folded(word)
    ordinary = plain in lexicon("common_words") or plain in lexicon("drugs")
    if plain in lexicon("eponyms") and word.islower():
        return False
    if not ordinary:
        return not word.islower() or sure or plain not in lexicon("rare_words")
    if word.islower() or not sure:
        return False
    opens = start == 0 or text[max(0, start - 6) : start].rstrip(" \t\"'(")[-1:] in (
        ".",
        "!",
        "?",
        "\n",
        ":",
        "•",
        "",
    )
    return with_initial or not opens or bool(_PERSONAL_AFTER.match(text, end))


def _name_words(names: tuple[str, ...]) -> frozenset[str]:
    words = {folded(match.group()) for name in names for match in NAME_WORD.finditer(name)}
    return frozenset(word for word in words if len(word) > 1 and word not in _TITLES)


def _numbers(text: str, number: str, type_: PhiType, recognizer: str) -> Iterator[Span]:
    signs = [sign for sign in number if sign.isalnum()]
    if len(signs) < 3:
        return
    pattern = re.compile(r"(?i)(?<![^\W_])" + _SEPARATOR.join(map(re.escape, signs)) + r"(?![^\W_])")
    for match in pattern.finditer(text):
        yield Span(match.start(), match.end(), type_, _KNOWN, recognizer)


def _phones(text: str, phone: str) -> Iterator[Span]:
    """The number with or without country code, and its last seven digits as a local number."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    for tail in dict.fromkeys((digits, digits[-7:])):
        if len(tail) < 7:
            continue
        pattern = re.compile(
            r"(?:(?<![^\W_])\+?1[-. ]{0,2}|(?<![\d]))\(?" + _SEPARATOR.join(tail) + r"(?!\d)"
        )
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), PhiType.PHONE, _KNOWN, "known_phone")


def _dates(text: str, values: tuple[str, ...]) -> Iterator[Span]:
    days = {
        written.day
        for value in values
        for first in (False, True)
        if (written := read_date(value.strip(), day_first=first))
    }
    full = {day for day in days if day.year != 2000} or days
    for match in _DATE_TOKEN.finditer(text):
        for first in (False, True):
            written = read_date(match.group(), day_first=first)
            if written and written.day in full and written.has_day and written.has_year:
                yield Span(match.start(), match.end(), PhiType.DATE, _KNOWN, "known_date")
    for notation in {form for day in full for form in notations(day)}:
        yield from _numbers(text, notation, PhiType.DATE, "known_date")
    for value in values:
        yield from _literals(text, value, PhiType.DATE)


def _literals(text: str, value: str, type_: PhiType | None = None) -> Iterator[Span]:
    """The value as written, in any case and with any blanks between its words."""
    words = value.split()
    if not words or len("".join(words)) < 2:
        return
    pattern = re.compile(
        r"(?<![^\W_])" + r"\s{1,4}".join(map(re.escape, words)) + r"(?![^\W_])", re.IGNORECASE
    )
    for match in pattern.finditer(text):
        yield Span(match.start(), match.end(), type_ or _type_of(value), _KNOWN, "known_value")


def _type_of(value: str) -> PhiType:
    if "@" in value:
        return PhiType.EMAIL
    if "://" in value or value.startswith("www."):
        return PhiType.URL
    return PhiType.LOCATION if " " in value.strip() or value.isalpha() else PhiType.OTHER_ID

"""Made-up values in place of real ones: the same key and value give the same surrogate.

A key moves all dates by one number of whole weeks, so that intervals, weekdays and forms stay. A date nobody
can read (99/99/9999) is replaced by the tag [DATE], never by stars: the reader sees that it was not moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from hntai.domain.lexicons import lexicon, ordered
from hntai.domain.moved_dates import Reading, moved_date
from hntai.domain.name_shapes import folded
from hntai.domain.operators import Replace
from hntai.domain.recognizers.spoken_numbers import SPOKEN_NUMBER
from hntai.domain.safe_harbor import OLDEST_CATEGORY, RESTRICTED_ZIP3, ZIP
from hntai.domain.spans import PhiType, Span
from hntai.domain.surrogate_numbers import digits, keyed_number, phone, social_security
from hntai.domain.written_dates import LEAP_YEAR, read_date

_FARTHEST_WEEKS: Final = 52
"""Dates move by 1 to 52 weeks, back or forth: enough to hide the day, little enough for plausible ages; whole
weeks, for weekdays stand in clear beside them."""
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u200b-\u200d\u00ad])*")


def date_offset_days(key: bytes) -> int:
    """How far this key moves dates, in days: whole weeks, never 0."""
    number = keyed_number(key, "date offset")
    days = (number % _FARTHEST_WEEKS + 1) * 7
    return days if number & (1 << 40) else -days


def surrogates(key: bytes, dates: Iterable[str] = ()) -> Replace:
    """A replacer for one key. dates: all date expressions of the document, which settle how to read each."""
    offset = date_offset_days(key)
    reading = _reading(tuple(dates))

    def surrogate(span: Span, value: str) -> str:
        if span.type is PhiType.DATE:
            moved = moved_date(value, offset, reading)
            return f"[{span.type}]" if moved is None or moved == value else moved
        if span.type is PhiType.AGE:
            return OLDEST_CATEGORY
        if span.recognizer == SPOKEN_NUMBER:
            return f"[{span.type}]"  # of words no other number can be made letter by letter
        for attempt in range(_ATTEMPTS):
            made = _made(span, value, key, f"{span.type}\x00{attempt}\x00")
            if not _shows(value, made, span.type):
                return made
        return f"[{span.type}]"

    return surrogate


_ATTEMPTS: Final = 8
"""Tries before a tag is given instead; one is nearly always enough."""


def _shows(value: str, made: str, type_: PhiType) -> bool:
    """True where the surrogate holds the value, or a name one of its words."""
    if folded(value) and folded(value) in folded(made):
        return True
    words = {folded(word) for word in _WORD.findall(value) if len(word) > 1}
    return type_ is PhiType.NAME and not words.isdisjoint(folded(word) for word in _WORD.findall(made))


def _made(span: Span, value: str, key: bytes, salt: str) -> str:
    if span.recognizer == ZIP:
        return _zip(value, key, salt)
    make = _MAKERS.get(span.type, digits)
    return make(value, key, salt)


def _name(value: str, key: bytes, salt: str) -> str:
    """Word for word, so that Doe in John Doe and Doe alone become the same."""
    named = _WORD.sub(lambda word: _name_word(word.group(), key, salt), value)
    return re.sub(r"\d+", lambda figures: digits(figures.group(), key, salt), named)


def _name_word(word: str, key: bytes, salt: str) -> str:
    plain = folded(word)
    if len(plain) < 2:
        shift = keyed_number(key, salt + plain) % 25 + 1
        return chr((ord(plain) - 97 + shift) % 26 + 65) if plain.isascii() and plain.isalpha() else "X"
    choices = [name for name in ordered(_names_like(plain)) if folded(name) != plain]
    return _cased(_pick(choices, key, salt + plain), word)


def _names_like(plain: str) -> str:
    """The list of surrogates for a name: of women, of men, of anyone, of families."""
    if plain in lexicon("given_women"):
        return "surrogate_women"
    if plain in lexicon("given_men"):
        return "surrogate_men"
    return "surrogate_given" if plain in lexicon("first_names") else "surrogate_family"


def _zip(value: str, key: bytes, salt: str) -> str:
    """The first three digits as the law lets them stand. Source: 45 CFR 164.514(b)(2)(i)(B)."""
    area = "000" if value[:3] in RESTRICTED_ZIP3 else value[:3]
    return area + digits(value[3:], key, salt + value)


def _place(value: str, key: bytes, salt: str) -> str:
    plain = salt + value.casefold()
    if _ZIP.fullmatch(value):
        return _zip(value, key, salt)
    if any(sign.isdigit() for sign in value):
        number = keyed_number(key, plain) % 9800 + 101
        return f"{number} {_pick(ordered('surrogate_streets'), key, plain)} Street"
    return _cased(_pick(ordered("surrogate_towns"), key, plain), value)


_ZIP: Final = re.compile(r"\d{5}(?:-\d{4})?")
_KINDS: Final = ("Associates", "Company", "Group", "Partners")
"""Of a facility whose own kind is not known."""


def _facility(value: str, key: bytes, salt: str) -> str:
    """Another name of the same kind, where the kind is written: a hospital for a hospital."""
    made = _pick(ordered("surrogate_towns"), key, salt + value.casefold())
    words = value.split()
    kinds = {
        *map(str.casefold, ordered("facility_endings")),
        *map(str.casefold, ordered("facility_weak_endings")),
    }
    for size in (3, 2, 1):
        kind = " ".join(words[-size:])
        if len(words) > size and kind.casefold() in kinds:
            return f"{_cased(made, value)} {kind}"
    return _cased(f"{made} {_pick(_KINDS, key, salt + value.casefold())}", value)


def _email(value: str, key: bytes, salt: str) -> str:
    return f"person{keyed_number(key, salt + value.casefold()) % 10**5:05d}@example.org"


def _url(value: str, key: bytes, salt: str) -> str:
    return f"https://example.org/{keyed_number(key, salt + value) % 10**8:08d}"


def _ip(value: str, key: bytes, salt: str) -> str:
    """An address of the ranges kept for documentation. Source: RFC 5737, RFC 3849."""
    number = keyed_number(key, salt + value)
    return f"2001:db8::{number % 65535 + 1:x}" if value.count(":") > 1 else f"192.0.2.{number % 254 + 1}"


_MAKERS: Final[dict[PhiType, Callable[[str, bytes, str], str]]] = {
    PhiType.NAME: _name,
    PhiType.LOCATION: _place,
    PhiType.FACILITY: _facility,
    PhiType.EMAIL: _email,
    PhiType.URL: _url,
    PhiType.IP: _ip,
    PhiType.PHONE: phone,
    PhiType.FAX: phone,
    PhiType.SSN: social_security,
}
"""Numbers of every other type keep their shape."""


def _reading(dates: Sequence[str]) -> Reading:
    """The latest year of the document stands for those that are not named."""
    written = (read_date(value) for value in dates)
    years = [found.day.year for found in written if found is not None and found.has_year]
    return Reading(_writes_day_first(dates), max(years, default=LEAP_YEAR))


def _writes_day_first(dates: Iterable[str]) -> bool:
    """True where some date of the document can only have its day first, and none its month."""
    only_day = only_month = False
    for value in dates:
        written = read_date(value)
        if written is None or not value[:1].isdigit() or written.roles[0][2] == "y" or len(written.roles) < 3:
            continue
        numeric = all(value[start:end].isdigit() for start, end, _ in written.roles)
        only_day = only_day or (numeric and written.roles[0][2] == "d")
        only_month = only_month or (numeric and written.roles[0][2] == "m" and written.day.day > 12)
    return only_day and not only_month


def _cased(made: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return made.upper()
    return made.lower() if like.islower() else made


def _pick(choices: Sequence[str], key: bytes, value: str) -> str:
    return choices[keyed_number(key, value) % len(choices)]

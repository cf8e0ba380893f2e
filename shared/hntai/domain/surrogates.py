"""Made-up values in place of real ones: the same key and value always give the same surrogate.

Dates move by one number of days for each key, so that intervals and forms stay. A date that is no calendar day
(Christmas Eve, the 3rd, March 3-5) is replaced by the tag [DATE], never by stars: the reader sees that it was not moved.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from typing import Final

from hntai.domain.lexicons import lexicon, ordered
from hntai.domain.name_shapes import folded
from hntai.domain.operators import Replace
from hntai.domain.safe_harbor import OLDEST_CATEGORY, RESTRICTED_ZIP3, ZIP
from hntai.domain.spans import PhiType, Span
from hntai.domain.written_dates import read_date

_FARTHEST_DAYS: Final = 365
"""Dates move by 1 to 365 days, back or forth: far enough to hide, near enough to keep season and age plausible."""


def date_offset_days(key: bytes) -> int:
    """How far this key moves dates, in days; never 0."""
    number = _number(key, "date offset")
    days = number % _FARTHEST_DAYS + 1
    return days if number & (1 << 40) else -days


def surrogates(key: bytes, dates: Iterable[str] = ()) -> Replace:
    """A replacer for one key. dates: all date expressions of the document, to settle whether days come first."""
    offset = date_offset_days(key)
    day_first = _writes_day_first(dates)

    def surrogate(span: Span, value: str) -> str:
        if span.type is PhiType.DATE:
            return _moved(value, offset, day_first=day_first)
        if span.type is PhiType.AGE:
            return OLDEST_CATEGORY
        for attempt in range(8):
            made = _made(span, value, key, attempt)
            if folded(value) not in folded(made) or not folded(value):
                return made
        return f"[{span.type}]"

    return surrogate


def _made(span: Span, value: str, key: bytes, attempt: int) -> str:
    salt = f"{span.type}\x00{attempt}\x00"
    if span.type is PhiType.NAME:
        return _name(value, key, attempt)
    if span.recognizer == ZIP:
        area = "000" if value[:3] in RESTRICTED_ZIP3 else value[:3]
        return area + _digits(value[3:], key, salt + value)
    if span.type is PhiType.LOCATION:
        return _place(value, key, salt)
    if span.type is PhiType.FACILITY:
        return _cased(_pick(ordered("surrogate_facilities"), key, salt + value.casefold()), value)
    if span.type is PhiType.EMAIL:
        return f"person{_number(key, salt + value.casefold()) % 100000:05d}@example.org"
    if span.type is PhiType.URL:
        return f"https://example.org/{_number(key, salt + value) % 10**8:08d}"
    if span.type is PhiType.IP:
        return (
            f"192.0.2.{_number(key, salt + value) % 254 + 1}"
            if ":" not in value
            else f"2001:db8::{_number(key, salt + value) % 65535 + 1:x}"
        )
    return _digits(value, key, salt + value.casefold())


def _name(value: str, key: bytes, attempt: int) -> str:
    """Word for word, so that Doe in John Doe and Doe alone become the same."""
    words: list[str] = []
    word = ""
    for sign in [*value, ""]:
        if sign and (sign.isalpha() or not sign.isascii() and not sign.isspace()):
            word += sign
            continue
        if word:
            words.append(_name_word(word, key, attempt))
            word = ""
        words.append("" if sign.isdigit() else sign)
    return "".join(words)


def _name_word(word: str, key: bytes, attempt: int) -> str:
    plain = folded(word)
    if len(plain) < 2:
        shift = _number(key, f"initial\x00{attempt}\x00{plain}") % 25 + 1
        return chr((ord(plain) - 97 + shift) % 26 + 65) if plain.isascii() and plain.isalpha() else "X"
    choices = [
        name for name in ordered(source) if folded(name) != plain
    ]
    return _cased(_pick(choices, key, f"name\x00{attempt}\x00{plain}"), word)


def _place(value: str, key: bytes, salt: str) -> str:
    plain = value.casefold()
    if any(sign.isdigit() for sign in value):
        number = _number(key, salt + plain)
        return f"{number % 9800 + 101} {_pick(ordered('surrogate_streets'), key, salt + plain)} Street"
    return _cased(_pick(ordered("surrogate_towns"), key, salt + plain), value)


def _digits(value: str, key: bytes, salt: str) -> str:
    """Another letter for a letter and another digit for a digit, signs kept; the whole differs from the value."""
    made: list[str] = []
    for place, sign in enumerate(value):
        number = _number(key, f"{salt}\x00{place}")
        if sign.isdigit():
            first = place == 0 or not value[place - 1].isdigit()
            made.append(
                str((int(sign) + number % 9 + 1) % 10)
                if not first or sign == "0"
                else str((int(sign) + number % 8) % 9 + 1)
            )
        elif sign.isalpha():
            letter = chr(number % 26 + 97)
            made.append(letter.upper() if sign.isupper() else letter)
        else:
            made.append(sign)
    return "".join(made)


def _moved(value: str, offset: int, *, day_first: bool) -> str:
    written = read_date(value, day_first=day_first)
    moved = written.shifted(offset) if written else None
    if moved is None or moved == value:
        return "[DATE]"
    return moved


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
    return choices[_number(key, value) % len(choices)]


def _number(key: bytes, value: str) -> int:
    return int.from_bytes(hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256")[:8], "big")

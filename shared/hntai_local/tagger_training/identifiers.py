"""Identifiers put in place of identifiers, in the form of those they stand for."""

from __future__ import annotations

import random
import re
from calendar import month_abbr, month_name
from collections.abc import Callable
from typing import Final

from hntai.domain.lexicons import ordered
from hntai_local.tagger_training.pools import Pools, words

_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_SHORT_MONTHS: Final = [name for name in month_abbr if name not in ("", "May")]
_MONTHS: Final = [*month_name[1:], *_SHORT_MONTHS[:8], "Sept", *_SHORT_MONTHS[8:]]
_ADDRESS_WORDS: Final = frozenset(words("address_words"))
_FACILITY_WORDS: Final = (
    frozenset(ordered("facility_words"))
    | frozenset(words("facility_words"))
    | {word for entry in ordered("facility_endings") for word in entry.lower().split()}
)
_FACILITY_ENDS: Final = words("facility_ends")


def like(new: str, old: str) -> str:
    if old.isupper() and len(old) > 1:
        return new.upper()
    return new.lower() if old.islower() else new


def _refill_name(old: str, pools: Pools, cast: dict[str, str]) -> str:
    chance = pools.chance
    words = _WORD.findall(old)
    if not words:
        return old
    comma = old.find(",")
    count = sum(len(word) > 1 for word in words)
    seen = 0

    def another(match: re.Match[str]) -> str:
        nonlocal seen
        word = match[0]
        if len(word) == 1:
            return like(chance.choice("ABCDEFGHIJKLMNOPRSTVWYZ"), word)
        if word.islower() and len(word) <= 3 and not old.islower():
            return word
        if word.isupper() and len(word) <= 3 and not old.replace(" ", "").isalpha():
            return "".join(chance.choice("ABCDEFGHIJKLMNOPRSTVWYZ") for _ in word)
        seen += 1
        key = word.casefold()
        if key not in cast:
            family = (
                (match.end() <= comma)
                if comma > 0
                else (seen == count if count > 1 else chance.random() < 0.5)
            )
            cast[key] = pools.name(not family)
        return like(cast[key], word)

    return _WORD.sub(another, old)


def _refill_place(old: str, pools: Pools, _cast: dict[str, str]) -> str:
    chance = pools.chance

    def another(match: re.Match[str]) -> str:
        word = match[0]
        if word.casefold() in _ADDRESS_WORDS or len(word) < 3 or chance.random() < 0.3:
            return word
        return like(pools.town() if chance.random() < 0.7 else pools.name(False), word)

    return _digits(_WORD.sub(another, old), chance)


def _refill_facility(old: str, pools: Pools, _cast: dict[str, str]) -> str:
    chance = pools.chance
    if chance.random() < 0.25:
        front = chance.choice((pools.town, lambda: pools.name(False), lambda: f"St {pools.name(True)}'s"))()
        new = f"{front} {chance.choice(_FACILITY_ENDS)}"
        return new.lower() if old.islower() else new.upper() if old.isupper() and " " in old else new

    def another(match: re.Match[str]) -> str:
        word = match[0]
        if word.casefold() in _FACILITY_WORDS or len(word) < 3 or (word.isupper() and not old.isupper()):
            return word
        return like(pools.town() if chance.random() < 0.5 else pools.name(False), word)

    return _digits(_WORD.sub(another, old), chance)


def _digits(old: str, chance: random.Random) -> str:
    return re.sub(r"\d", lambda _: str(chance.randrange(10)), old)


def _refill_code(old: str, pools: Pools, _cast: dict[str, str]) -> str:
    chance = pools.chance
    new = _digits(old, chance)
    if chance.random() < 0.5 and any(sign.isdigit() for sign in old):
        new = re.sub(r"[A-Z]", lambda _: chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ"), new)
        if chance.random() < 0.15:
            new = re.sub(r"[-/. ]", chance.choice(("-", "", "/", " ")), new)
    if chance.random() < 0.1:
        new = _code(chance)
    return new


def _code(chance: random.Random) -> str:
    def piece() -> str:
        if chance.random() < 0.35:
            return "".join(chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(chance.randint(1, 3)))
        return "".join(chance.choice("0123456789") for _ in range(chance.randint(2, 8)))

    pieces = [piece() for _ in range(chance.randint(1, 3))] + [str(chance.randrange(1000, 999999))]
    return chance.choice(("-", "", "-", " ")).join(pieces)


def _refill_phone(old: str, pools: Pools, _cast: dict[str, str]) -> str:
    return _digits(old, pools.chance)


def _refill_date(old: str, pools: Pools, _cast: dict[str, str]) -> str:
    chance = pools.chance
    if chance.random() < 0.3:
        return _date(chance)

    def number(match: re.Match[str]) -> str:
        digits = match[0]
        if len(digits) == 4:
            return str(chance.randint(1925, 2026))
        if len(digits) > 2:
            return _digits(digits, chance)
        value = chance.randint(1, 12) if int(digits) <= 12 else chance.randint(1, 31)
        return f"{value:02d}" if digits[0] == "0" else str(value)

    def month(match: re.Match[str]) -> str:
        word = match[0]
        if word.capitalize() not in _MONTHS:
            return word
        return like(chance.choice(_MONTHS), word)

    return _WORD.sub(month, _DIGITS.sub(number, old))


def _date(chance: random.Random) -> str:
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1930, 2026)
    name = chance.choice(_MONTHS)
    end = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
    return chance.choice(
        (
            f"{month}/{day}",
            f"{month}/{day}/{year % 100:02d}",
            f"{month:02d}/{day:02d}/{year}",
            f"{month}-{day}-{year % 100:02d}",
            f"{day} {name} {year}",
            f"{name} {day}",
            f"{name} {day}, {year}",
            f"{name} {day}{end}",
            f"the {day}{end} of {name}",
            f"{day}.{month}.{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{year}{month:02d}{day:02d}",
            f"{name} {year}",
            f"{day}-{name[:3]}-{year}",
            f"{month}-{day}",
            f"{name.lower()} {day}",
            f"{day}{end} {name}",
            f"{month:02d}/{year}",
            f"the {day}{end}",
            f"{day:02d}.{month:02d}.",
            f"{name[:3].upper()} {day} {year}",
        )
    )


def _refill_age(old: str, pools: Pools, _cast: dict[str, str]) -> str:
    return _DIGITS.sub(lambda _: str(pools.chance.randint(90, 106)), old)


REFILL: Final[dict[str, Callable[[str, Pools, dict[str, str]], str]]] = {
    "NAME": _refill_name,
    "LOCATION": _refill_place,
    "FACILITY": _refill_facility,
    "DATE": _refill_date,
    "AGE": _refill_age,
    "PHONE": _refill_phone,
    "EMAIL": _refill_name,
    "URL": _refill_code,
    "IP": _refill_phone,
    "ID": _refill_code,
}
"""For each type: an identifier, where to draw from, who is called what in its text -> another one."""

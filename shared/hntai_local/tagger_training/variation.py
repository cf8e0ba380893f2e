"""Texts made into others: identifiers put in place of identifiers, case and signs changed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

from hntai.domain.lexicons import ordered
from hntai_local.tagger_training.texts import Part, Text

_KEEP: Final = {
    "NAME": 0.3,
    "LOCATION": 0.4,
    "FACILITY": 0.5,
    "DATE": 0.5,
    "AGE": 0.5,
    "PHONE": 0.3,
    "EMAIL": 0.5,
    "URL": 0.6,
    "IP": 0.3,
    "ID": 0.3,
}
"""Share of identifiers left as they were written."""
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_EPONYM = re.compile(
    r"\b([A-Z][a-zé]{3,})((?:['’]s)?[ -](?:sign|disease|syndrome|test|maneuver|palsy|criteria|"
    r"score|reflex|fracture|procedure|incision|"
    r"drain|catheter|lymphoma|sarcoma|thyroiditis|classification|stage|phenomenon|contracture|"
    r"hernia|cyst|node|retractor|clamp|forceps)\b)"
)
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Sept",
    "Oct",
    "Nov",
    "Dec",
]
_KEPT_WORDS: Final = frozenset(
    [
        "st",
        "street",
        "rd",
        "road",
        "ave",
        "avenue",
        "dr",
        "drive",
        "ln",
        "lane",
        "ct",
        "court",
        "blvd",
        "way",
        "apt",
        "suite",
        "ste",
        "unit",
        "box",
        "po",
        "p",
        "o",
        "hwy",
        "highway",
        "route",
        "pkwy",
        "place",
        "pl",
        "sq",
        "square",
        "terrace",
        "close",
        "crescent",
        "floor",
        "fl",
        "county",
        "city",
        "town",
        "village",
        "north",
        "south",
        "east",
        "west",
        "n",
        "s",
        "e",
        "w",
        "ne",
        "nw",
        "se",
        "sw",
        "of",
        "the",
        "and",
        "at",
        "near",
        "in",
        "al",
        "ak",
        "az",
        "ar",
        "ca",
        "co",
        "ct",
        "de",
        "ga",
        "hi",
        "id",
        "il",
        "ia",
        "ks",
        "ky",
        "la",
        "me",
        "md",
        "ma",
        "mi",
        "mn",
        "ms",
        "mo",
        "mt",
        "nc",
        "nd",
        "ne",
        "nh",
        "nj",
        "nm",
        "nv",
        "ny",
        "oh",
        "ok",
        "or",
        "pa",
        "ri",
        "sc",
        "sd",
        "tn",
        "tx",
        "ut",
        "va",
        "vt",
        "wa",
        "wi",
        "wv",
        "wy",
        "dc",
        "uk",
        "usa",
    ]
)
_FACILITY_WORDS: Final = (
    frozenset(ordered("facility_words"))
    | {word for entry in ordered("facility_endings") for word in entry.lower().split()}
    | {
        "of",
        "the",
        "and",
        "for",
        "at",
        "st",
        "saint",
        "inc",
        "llc",
        "co",
        "company",
        "school",
        "high",
        "elementary",
        "church",
        "university",
        "college",
    }
)
_TOWN_ENDS: Final = [
    "ville",
    "ton",
    "burg",
    "ford",
    "field",
    "wood",
    "mont",
    "dale",
    "port",
    "haven",
    "brook",
    "ridge",
    "bury",
    "ham",
    "stead",
    "worth",
    "view",
    "creek",
    "falls",
    "hill",
]
_TOWN_STEMS: Final = [
    "Harrow",
    "Ash",
    "Elm",
    "Pine",
    "Mill",
    "Stone",
    "Cedar",
    "Oak",
    "Wynd",
    "Lark",
    "Fair",
    "Clear",
    "Deer",
    "Fox",
    "Glen",
    "Brig",
    "Cald",
    "Thorn",
    "Marl",
    "Penn",
    "Rock",
    "Wald",
    "Kings",
    "Queens",
    "Bex",
    "Hart",
    "Lang",
    "Nor",
    "Sut",
    "Wes",
    "Eas",
    "Bram",
    "Hazel",
    "Birch",
    "Copper",
    "Silver",
    "Red",
    "White",
    "Black",
    "Green",
    "Otter",
    "Raven",
    "Sand",
    "Salt",
    "Winter",
]
_ENDINGS: Final = [
    "Hospital",
    "Medical Center",
    "Clinic",
    "Family Practice",
    "Pharmacy",
    "Nursing Home",
    "Health Center",
    "General",
    "Memorial Hospital",
    "Surgery Center",
    "Dialysis",
    "Rehab",
    "Care Home",
    "Elementary",
    "High School",
    "University",
    "Logistics",
    "Foods",
    "Roofing",
    "Bank",
    "Insurance",
    "Church",
    "Labs",
    "Urgent Care",
    "Hospice",
    "Infirmary",
    "Orthopedics",
    "Cardiology Associates",
    "Steel",
    "Motors",
    "Tire",
    "Bakery",
    "Shelter",
    "Manor",
    "Assisted Living",
    "Terrace",
    "VA",
    "ER",
    "Physio",
    "Medical Group",
]


_CHANGED: Final = 0.3
"""Share of ordinary stretches in which a word or number is changed."""


class Pools:
    """Names and places to draw from."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.given = list(ordered("first_names"))
        self.family = list(ordered("surnames"))
        self.places = [place.title() for place in ordered("places")]
        self._pairs = {True: _followers(self.given), False: _followers(self.family)}
        self.frequent = _frequent()
        names = {name.lower() for name in (*self.frequent[True], *self.frequent[False])}
        words = set(ordered("common_words")) | set(ordered("rare_words"))
        self.also_words = sorted((names & words) | set(ordered("eponyms")))
        self.words = [
            ordered(name) for name in ("common_words", "rare_words", "drugs", "drugs", "common_words")
        ]
        self.cues = frozenset(
            word
            for name in (
                "id_labels",
                "person_roles",
                "name_labels",
                "name_acts",
                "countries",
                "facility_endings",
            )
            for entry in ordered(name)
            for word in entry.lower().split()
        ) | {"from", "with", "years", "year", "aged"}

    def name(self, is_given: bool) -> str:
        """A listed name, a frequent one, or one invented letter by letter."""
        draw = self.chance.random()
        if draw < 0.12:
            return self.chance.choice(self.also_words).capitalize()
        if draw < 0.35:
            return self.chance.choice(self.frequent[is_given])
        if draw < 0.7:
            return self.chance.choice(self.given if is_given else self.family).capitalize()
        return self._invented(is_given)

    def _invented(self, is_given: bool) -> str:
        after = self._pairs[is_given]
        while True:
            word = "^^^"
            while len(word) < 16:
                sign = self.chance.choice(after[word[-3:]])
                if sign == "$":
                    break
                word += sign
            if len(word) > 5:
                return word[3:].capitalize()

    def town(self) -> str:
        draw = self.chance.random()
        if draw < 0.55:
            return self.chance.choice(self.places)
        stem = self.chance.choice(_TOWN_STEMS) if draw < 0.8 else self.name(False)
        end = self.chance.choice(_TOWN_ENDS)
        return stem + end if draw < 0.9 else f"{stem} {end.capitalize()}"


def _frequent() -> dict[bool, list[str]]:
    from faker.providers.person.en_US import Provider

    given = list(Provider.first_names)
    return {True: given, False: list(Provider.last_names)}


def _followers(names: list[str]) -> dict[str, str]:
    after: dict[str, list[str]] = {}
    for name in names:
        line = f"^^^{name}$"
        for place in range(3, len(line)):
            after.setdefault(line[place - 3 : place], []).append(line[place])
    return {key: "".join(signs) for key, signs in after.items()}


def varied(text: Text, pools: Pools) -> Text:
    """The text with other identifiers in the places of its own, perhaps in another case or layout."""
    chance = pools.chance
    cast: dict[str, str] = {}
    parts = []
    for part in text:
        if part.type in _KEEP and chance.random() > _KEEP[part.type]:
            parts.append(Part(part.type, _REFILL[part.type](part.text, pools, cast)))
        elif part.type == "O" and chance.random() < _CHANGED:
            parts.append(Part("O", _other_words(part.text, pools)))
        else:
            parts.append(part)
    if chance.random() < 0.08:
        parts = [
            Part("O", "[REDACTED]") if part.type in _KEEP and chance.random() < 0.7 else part
            for part in parts
        ]
    return _dressed(tuple(parts), chance)


def _other_words(old: str, pools: Pools) -> str:
    """Ordinary text with a few words and numbers changed: anything may stand where no identifier does."""
    chance = pools.chance

    def word(match: re.Match[str]) -> str:
        draw = chance.random()
        if draw > 0.01 or len(match[0]) < 4 or match[0].lower() in pools.cues:
            return match[0]
        if draw < 0.003:
            return match[0].capitalize()
        if draw < 0.005:
            return match[0].upper()
        return _like(chance.choice(chance.choice(pools.words)), match[0])

    def number(match: re.Match[str]) -> str:
        if chance.random() < 0.5 or len(match[0]) > 3:
            return match[0]
        return str(chance.randint(1, 8)) + "".join(chance.choice("0123456789") for _ in match[0][1:])

    def eponym(match: re.Match[str]) -> str:
        return pools.name(False) + match[2] if chance.random() < 0.5 else match[0]

    return _DIGITS.sub(number, _WORD.sub(word, _EPONYM.sub(eponym, old)))


def _like(new: str, old: str) -> str:
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
            return _like(chance.choice("ABCDEFGHIJKLMNOPRSTVWYZ"), word)
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
        return _like(cast[key], word)

    return _WORD.sub(another, old)


def _refill_place(old: str, pools: Pools, _cast: dict[str, str]) -> str:
    chance = pools.chance

    def another(match: re.Match[str]) -> str:
        word = match[0]
        if word.casefold() in _KEPT_WORDS or len(word) < 3 or chance.random() < 0.3:
            return word
        return _like(pools.town() if chance.random() < 0.7 else pools.name(False), word)

    return _digits(_WORD.sub(another, old), chance)


def _refill_facility(old: str, pools: Pools, _cast: dict[str, str]) -> str:
    chance = pools.chance
    if chance.random() < 0.25:
        front = chance.choice((pools.town, lambda: pools.name(False), lambda: f"St {pools.name(True)}'s"))()
        new = f"{front} {chance.choice(_ENDINGS)}"
        return new.lower() if old.islower() else new.upper() if old.isupper() and " " in old else new

    def another(match: re.Match[str]) -> str:
        word = match[0]
        if word.casefold() in _FACILITY_WORDS or len(word) < 3 or (word.isupper() and not old.isupper()):
            return word
        return _like(pools.town() if chance.random() < 0.5 else pools.name(False), word)

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
        return _like(chance.choice(_MONTHS), word)

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


_REFILL: Final[dict[str, Callable[[str, Pools, dict[str, str]], str]]] = {
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


_TAG: Final = "[REDACTED]"


def _dressed(text: Text, chance: random.Random) -> Text:
    """All small, all capitals, without signs, over lines, misspelt, on one line; or as it was."""
    dress = chance.choices(_DRESSES, _DRESS_WEIGHTS)[0]
    return tuple(part if part.text == _TAG else Part(part.type, dress(part, chance)) for part in text)


def _unpointed(part: Part, _: random.Random) -> str:
    return re.sub(r"[.,;:]", "", part.text) if part.type == "O" else part.text


def _over_lines(part: Part, chance: random.Random) -> str:
    return re.sub(r"(?<=[a-z,.]) (?=\w)", lambda _: "\n" if chance.random() < 0.06 else " ", part.text)


def _misspelt(part: Part, chance: random.Random) -> str:
    signs = list(part.text)
    for place in range(len(signs) - 1):
        if chance.random() < 0.01 and signs[place].isalpha() and signs[place + 1].isalpha():
            signs[place], signs[place + 1] = signs[place + 1], signs[place]
    return "".join(signs)


_DRESSES: Final[tuple[Callable[[Part, random.Random], str], ...]] = (
    lambda part, _: part.text,
    lambda part, _: part.text.lower(),
    lambda part, _: part.text.upper(),
    _unpointed,
    _over_lines,
    _misspelt,
    lambda part, _: part.text.replace("\n", " "),
)
_DRESS_WEIGHTS: Final = (66, 13, 7, 4, 4, 3, 3)

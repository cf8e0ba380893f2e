"""Dates as notes write them: read into a calendar day, written back in the same form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

MONTHS: Final = (
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
)
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_SIGNS: Final = ("st", "nd", "rd", "th")
LEAP_YEAR: Final = 2000
"""Stands in for a missing year, so that 29 February can be read."""
_TWO_DIGIT_PIVOT: Final = 1950
"""Two-digit years are read as 1950 to 2049; only month lengths and distances depend on it."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date expression and the calendar day it stands for."""

    text: str
    day: date
    roles: tuple[tuple[int, int, str], ...]
    """Where day, month and year stand in the text: start, end, one of d m y."""

    @property
    def has_year(self) -> bool:
        return any(role == "y" for _, _, role in self.roles)

    @property
    def has_day(self) -> bool:
        return any(role == "d" for _, _, role in self.roles)

    def shifted(self, days: int) -> str | None:
        """The same form with the day moved; None where the calendar ends."""
        try:
            moved = self.day + timedelta(days=days)
        except OverflowError:
            return None
        result = self.text
        padded = self.roles[0][2] == "y" or any(
            self.text[a] == "0" for a, _, role in self.roles if role != "y"
        )
        for start, end, role in sorted(self.roles, reverse=True):
            result = result[:start] + _written(self.text[start:end], role, moved, padded) + result[end:]
        return _ordinals_mended(result)


def read_date(text: str, *, day_first: bool = False, year: int = LEAP_YEAR) -> WrittenDate | None:
    """The date a whole expression writes; None where it is no calendar day (Christmas Eve, the 3rd).

    day_first settles 4/5/2020, unless one of the two is over 12. year: of an expression that names none.
    """
    pieces = list(_PIECE.finditer(text))
    if any(piece.group() == "T" for piece in pieces):
        pieces = pieces[: next(i for i, piece in enumerate(pieces) if piece.group() == "T")]
    roles = _roles(text, pieces, day_first)
    if roles is None:
        return None
    placed = tuple((pieces[i].start(), pieces[i].end(), role) for i, role in roles)
    values = {role: pieces[i].group() for i, role in roles}
    if len(roles) == 1 and roles[0][1] == "c":
        return _compact(text, pieces[0])
    for of_year in (_year(values["y"]),) if "y" in values else (year, LEAP_YEAR):
        try:
            day = date(of_year, _month(values["m"]), int(values.get("d", "15")))
        except ValueError:
            continue
        return WrittenDate(text, day, placed)
    return None


def notations(day: date) -> tuple[str, ...]:
    """The bare-digit notations of a day that no punctuation gives away: 19610506, 05061961, 050661."""
    return (f"{day:%Y%m%d}", f"{day:%m%d%Y}", f"{day:%d%m%Y}", f"{day:%m%d%y}")


Roles = list[tuple[int, str]]


def _roles(text: str, pieces: list[re.Match[str]], day_first: bool) -> Roles | None:
    """Which piece is day, month, year: the first that say so; a time of day after them is left alone."""
    words = [piece.group() for piece in pieces]
    named = [i for i, word in enumerate(words) if word[0].isalpha() and _month_named(word)]
    numbers = [i for i, word in enumerate(words) if word.isdigit()]
    if named:
        return _roles_around(text, pieces, named[0], numbers)
    if not numbers or any(word[0].isalpha() for word in words[: numbers[-1]]):
        return None
    return _roles_of_numbers([words[i] for i in numbers], day_first)


def _roles_of_numbers(values: list[str], day_first: bool) -> Roles | None:
    if len(values) == 1:
        return [(0, "c")] if len(values[0]) in (6, 8, 12, 14) else None
    if len(values) >= 3 and len(values[0]) == 4:
        return [(0, "y"), (1, "m"), (2, "d")]
    if len(values) == 2 and 4 in (len(values[0]), len(values[1])):
        return [(0, "y"), (1, "m")] if len(values[0]) == 4 else [(1, "y"), (0, "m")]
    if len(values) == 2 or (len(values) >= 3 and len(values[2]) in (2, 4) and len(values) != 4):
        swap = int(values[0]) > 12 or (day_first and int(values[1]) <= 12)
        return [(0, "d" if swap else "m"), (1, "m" if swap else "d"), (2, "y")][: len(values)]
    return None


def _roles_around(text: str, pieces: list[re.Match[str]], month: int, numbers: list[int]) -> Roles | None:
    """Roles beside a named month; a range of days (March 3-5) has none."""
    roles: Roles = [(month, "m")]
    for i in numbers:
        apostrophe = text[pieces[i].start() - 1 : pieces[i].start()] in ("'", "’")
        if len(pieces[i].group()) <= 2 and not apostrophe and all(role != "d" for _, role in roles):
            roles.append((i, "d"))
        elif len(roles) < 3 and all(role != "y" for _, role in roles) and _is_year(text, pieces, month, i):
            roles.append((i, "y"))
        else:
            return None
    return roles if len(roles) > 1 else None


def _is_year(text: str, pieces: list[re.Match[str]], month: int, i: int) -> bool:
    if len(pieces[i].group()) != 2:
        return len(pieces[i].group()) == 4
    before = text[pieces[i - 1].end() : pieces[i].start()]
    after_month = text[pieces[month].end() : pieces[month + 1].start()]
    return i - 1 == month or "'" in before or "’" in before or "," in before or before == after_month


def _compact(text: str, piece: re.Match[str]) -> WrittenDate | None:
    digits, start = piece.group(), piece.start()
    orders = ("ymd", "mdy", "dmy") if len(digits) != 6 else ("mdy",)
    for order in orders:
        place, roles = start, []
        for role in order:
            width = (4 if len(digits) != 6 else 2) if role == "y" else 2
            roles.append((place, place + width, role))
            place += width
        values = {role: text[a:b] for a, b, role in roles}
        try:
            day = date(_year(values["y"]), int(values["m"]), int(values["d"]))
        except ValueError:
            continue
        if 1800 < day.year < 2200:
            return WrittenDate(text, day, tuple(roles))
    return None


def _month_named(piece: str) -> int:
    low = piece.lower()
    return next(
        (
            i
            for i, name in enumerate(MONTHS, 1)
            if len(low) >= 3 and (name.lower().startswith(low) or (low == "sept" and i == 9))
        ),
        0,
    )


def _month(piece: str) -> int:
    return int(piece) if piece.isdigit() else _month_named(piece)


def _year(piece: str) -> int:
    year = int(piece)
    return year if len(piece) > 2 else _TWO_DIGIT_PIVOT + (year - _TWO_DIGIT_PIVOT) % 100


def _written(old: str, role: str, moved: date, padded: bool) -> str:
    if role == "y":
        return f"{moved.year:04d}" if len(old) == 4 else f"{moved.year % 100:02d}"
    value = moved.day if role == "d" else moved.month
    if old.isdigit():
        return f"{value:02d}" if padded else str(value)
    name = MONTHS[value - 1]
    if len(old) <= 4 and len(old) < len(MONTHS[_month_named(old) - 1]):
        name = name[:3]
    return name.upper() if old.isupper() else name.lower() if old.islower() else name


def with_ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    sign = "th" if 10 < number % 100 < 14 else _SIGNS[(number % 10 - 1) if 0 < number % 10 < 4 else 3]
    return f"{number}{sign}"


def _ordinals_mended(text: str) -> str:
    """1th becomes 1st after a shift."""

    def mend(match: re.Match[str]) -> str:
        mended = with_ordinal(int(match[1]))[-2:]
        return match[1] + (mended.upper() if match[2].isupper() else mended)

    return re.sub(r"(?i)(?<!\d)(\d{1,2})(st|nd|rd|th)(?![^\W_])", mend, text)

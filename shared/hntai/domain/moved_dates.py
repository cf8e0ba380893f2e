"""Date expressions moved by a number of days, whatever their form: days, ranges, months, seasons, holidays.

What is left after a move is written as it was before. A form too coarse for the move to show (the spring that
is still the same spring) keeps its year alone, which the safe harbor lets stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Final, NamedTuple

from hntai.domain.lexicons import ordered
from hntai.domain.written_dates import LEAP_YEAR, MONTHS, read_date, with_ordinal

_BETWEEN: Final = re.compile(r"[ ]?(?:[-–—/]|\bto\b|\bthrough\b|\bthru\b|\band\b|\buntil\b)[ ]?")
_SAME_MONTH: Final = re.compile(r"(\d{1,2})/(\d{1,2})([-–])(\d{1,2})/(\d{4}|\d{2})")
_TIME: Final = re.compile(r"T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?")
_DAYS: Final = re.compile(
    r"(?P<month>[^\W\d_]{3,9}\.?)(?P<gap>[ ])(?P<first>\d{1,2})(?P<between>[ ]?(?:[-–]|to|through)[ ]?)"
    r"(?P<last>\d{1,2})(?P<year>,?[ ]\d{4})?"
)
_SEASON: Final = re.compile(
    r"(?i)(?P<part>(?:early|mid|late)[ -]?)?(?P<season>spring|summer|fall|autumn|winter)(?P<gap>,? (?:of )?)"
    r"(?P<year>\d{4})"
)
_SEASON_MONTHS: Final = {"spring": 4, "summer": 7, "fall": 10, "autumn": 10, "winter": 1}
"""The month in the middle of each."""
_PART_DAYS: Final = {"early": -30, "late": 30}
_ORDINAL: Final = re.compile(r"(?i)(?P<before>(?:the )?)(?P<day>\d{1,2})(?:st|nd|rd|th)")
_SHORTEST_MONTH: Final = 28
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_MIDDLE: Final = 15


class Reading(NamedTuple):
    """How a document writes dates."""

    day_first: bool = False
    """4/5/2020 is the fourth of May."""
    year: int = LEAP_YEAR
    """Of dates that name none."""


def moved_date(value: str, days: int, reading: Reading = Reading()) -> str | None:
    """The expression moved; None where it is none that is known, or the calendar ends."""
    for move in (_days_of_month, _plain, _range, _season, _holiday, _ordinal):
        moved = move(value, days, reading)
        if moved is not None:
            return moved if moved != value else _coarser(value, days, reading)
    return None


def _plain(value: str, days: int, reading: Reading) -> str | None:
    """One day or month; None where figures are left that are neither of it nor of a time."""
    written = read_date(value, day_first=reading.day_first, year=reading.year)
    if written is None:
        return None
    read = [(start, end) for start, end, _ in written.roles] + [
        match.span() for match in _TIME.finditer(value)
    ]
    figures = (match.start() for match in re.finditer(r"\d", value))
    if any(not any(start <= place < end for start, end in read) for place in figures):
        return None
    return written.shifted(days)


def _coarser(value: str, days: int, reading: Reading) -> str | None:
    """The year alone, moved; for months, whose middle may have stayed in them."""
    year = _YEAR.search(value)
    written = read_date(value, day_first=reading.day_first)
    day = written.day if written else date(int(year[0]), 7, 1) if year else None
    return str((day + timedelta(days=days)).year) if day and year else None


def _days_of_month(value: str, days: int, reading: Reading) -> str | None:
    """March 3-5, 2020."""
    match = _DAYS.fullmatch(value)
    if match is None:
        return None
    year = match["year"] or ""
    first, last = (
        _plain(f"{match['month']}{match['gap']}{match[day]}{year}", days, reading)
        for day in ("first", "last")
    )
    if first is None or last is None:
        return None
    if year:
        first = first[: -len(year)] if first[-4:] == last[-4:] else first
    month, _, rest = last.partition(match["gap"])
    if first.startswith(f"{month}{match['gap']}"):
        last = rest
    return f"{first}{match['between']}{last}"


def _range(value: str, days: int, reading: Reading) -> str | None:
    """5/3-5/9, 2020-03-01 to 2020-03-04: two dates, each moved."""
    if short := _SAME_MONTH.fullmatch(value):
        month, first, between, last, year = short.groups()
        value = f"{month}/{first}{between}{month}/{last}/{year}"
    for between_ in _BETWEEN.finditer(value):
        parts = value[: between_.start()], value[between_.end() :]
        moved = [_plain(part, days, _with_year_of(parts[1], reading)) for part in parts]
        if moved[0] is not None and moved[1] is not None:
            return f"{moved[0]}{between_[0]}{moved[1]}"
    return None


def _with_year_of(last: str, reading: Reading) -> Reading:
    """A range's first day is of the year its last one names."""
    written = read_date(last, day_first=reading.day_first)
    return reading._replace(year=written.day.year) if written and written.has_year else reading


def _season(value: str, days: int, reading: Reading) -> str | None:  # noqa: ARG001
    match = _SEASON.fullmatch(value)
    if match is None:
        return None
    part = (match["part"] or "").strip(" -").lower()
    middle = date(int(match["year"]), _SEASON_MONTHS[match["season"].lower()], _MIDDLE)
    moved = _plus(middle, days + _PART_DAYS.get(part, 0))
    if moved is None:
        return None
    named = ("winter", "spring", "summer", "fall")[moved.month % 12 // 3]
    if named == "fall" and match["season"].lower() == "autumn":
        named = "autumn"
    return f"{_cased(named, match['season'])}{match['gap']}{moved.year}"


@cache
def _holidays() -> dict[str, tuple[int, str]]:
    """Folded names, and the month and day of each as holidays.txt writes them."""
    rows = (row.split("\t") for row in ordered("holidays"))
    return {name: (int(month), day) for name, month, day in rows}


_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _falls_on(name: str, year: int) -> date:
    month, day = _holidays()[name]
    if day.startswith("Easter"):
        return _easter(year) + timedelta(days=int(day.removeprefix("Easter") or 0))
    if day[-3:] not in _WEEKDAYS:
        return date(year, month, int(day))
    number, weekday = int(day[:-3]), _WEEKDAYS.index(day[-3:])
    if number < 0:
        last = date(year, month + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _easter(year: int) -> date:
    """Easter Sunday. Source: the Gregorian computus (Meeus, Astronomical Algorithms, chapter 8)."""
    century, of_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _holiday(value: str, days: int, reading: Reading) -> str | None:
    """Christmas Eve 2020 becomes the day itself: November 5, 2020; without its year too."""
    year = _YEAR.search(value)
    name = " ".join(re.sub(r"[^a-z ]|\bthe\b|\bday\b", "", _YEAR.sub("", value).lower()).split())
    if name not in _holidays():
        return None
    moved = _plus(_falls_on(name, int(year[0]) if year else reading.year), days)
    if moved is None:
        return None
    written = f"{MONTHS[moved.month - 1]} {moved.day}"
    return f"{written}, {moved.year}" if year else written


def _ordinal(value: str, days: int, reading: Reading) -> str | None:  # noqa: ARG001
    """The 3rd, of a month nobody names: days apart stay apart inside four weeks."""
    match = _ORDINAL.fullmatch(value)
    if match is None or not 1 <= int(match["day"]) <= 31:
        return None
    day = (int(match["day"]) - 1 + days) % _SHORTEST_MONTH + 1
    if day == int(match["day"]):
        day = day % _SHORTEST_MONTH + 1
    return f"{match['before']}{with_ordinal(day)}"


def _plus(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _cased(made: str, like: str) -> str:
    forms: tuple[tuple[bool, Callable[[str], str]], ...] = (
        (like.isupper(), str.upper),
        (like[:1].isupper(), str.capitalize),
    )
    return next((form(made) for holds, form in forms if holds), made)

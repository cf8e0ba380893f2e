"""When something happened, as precisely as the record says, and how that may be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

_FHIR_DATE_TIME = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})(?:[Tt ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?"
    r"(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?)?)?\Z"
)
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
_NINETY_YEARS_IN_DAYS = 90 * 365


class DateStyle(StrEnum):
    ABSOLUTE = "absolute"
    """ISO days as recorded: limited data set, 45 CFR 164.514(e)."""
    RELATIVE = "relative"
    """Days from the newest encounter, no calendar date: safe harbor, 45 CFR 164.514(b)(2)(i)(C)."""


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A point in the record: sortable by instant, shown as written."""

    instant: int
    """Seconds since 0001-01-01 UTC; a partial date counts from its first day."""
    written: str
    """`2026`, `2026-03` or `2026-03-31`: the calendar day the source wrote, in the source's own zone."""

    @property
    def is_exact(self) -> bool:
        """Whether the day is known."""
        return len(self.written) == 10

    @property
    def day(self) -> date:
        """The day, or the first day of the month or year where only that is known."""
        return date.fromisoformat((self.written + "-01-01")[:10])


def parse_moment(value: object) -> Moment | None:
    """The moment a FHIR date, dateTime or instant names; None where it names none."""
    found = _FHIR_DATE_TIME.match(value.strip()) if isinstance(value, str) else None
    if not found:
        return None
    written = "-".join(part for part in found.group("year", "month", "day") if part)
    try:
        return Moment(_instant(written, found["time"], found["zone"]), written)
    except (ValueError, OverflowError):
        return None


def _instant(written: str, clock: str | None, zone: str | None) -> int:
    day = (written + "-01-01")[:10]
    offset = "+00:00" if zone in (None, "Z", "z") else zone
    moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}{offset}")
    since = moment - _EPOCH
    return since.days * 86_400 + since.seconds


def days_between(earlier: Moment, later: Moment) -> int:
    """Whole calendar days from one to the other."""
    return (later.day - earlier.day).days


def shown_moment(moment: Moment | None, style: DateStyle, anchor: Moment | None) -> str:
    """How a moment may be written in an answer; anchor is the newest encounter, day 0."""
    if moment is None:
        return "date not recorded"
    if style is DateStyle.ABSOLUTE:
        return moment.written
    if anchor is None or not moment.is_exact:
        return "day not known"
    days = days_between(anchor, moment)
    return f"day {days}" if abs(days) < _NINETY_YEARS_IN_DAYS else "more than 89 years before"


def age_in_years(birth: Moment | None, on: date) -> int | None:
    """Completed years; None where the birth date is missing or after the day asked for.

    Of a year alone the lower of the two ages it may be: nobody is treated as older than the record proves.
    """
    if birth is None or birth.day > on:
        return None
    born = birth.day
    if is_year(birth):
        return max(on.year - born.year - 1, 0)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def is_year(moment: Moment | None) -> bool:
    """Whether only the year is known."""
    return moment is not None and len(moment.written) == 4


def shown_age(age: int | None) -> str:
    """The age as it may be shown. Source: 45 CFR 164.514(b)(2)(i)(C); ages over 89 become one category."""
    if age is None:
        return "age not recorded"
    return "90+" if age >= 90 else str(age)

"""When a document was written, and when what one of its lines tells was measured, as far as it says so."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from typing import Final

from hntai.domain.dates import Moment, parse_moment
from hntai.domain.written_dates import MONTHS, read_date

_MONTH: Final = "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|Sept"
_DATE: Final = re.compile(
    r"(?<![\w/.-])(?:(?:19|20)\d\d-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d\d"
    rf"|(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:{_MONTH})\.?,?\s+(?:19|20)\d\d"
    rf"|(?:{_MONTH})\.?,?\s+(?:19|20)\d\d)(?![\w/]|[.-]\d)",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"\b(?:in|since|from|of)\s+((?:19|20)\d\d)\b(?!-)", re.IGNORECASE)
_ONSET: Final = re.compile(
    r"[\s,(–-]{0,3}(?:(?:first )?(?:diagnosed|dx(?:[\'’]?d)?|found|onset|began|started|known)[\s:,]{1,2}"
    r"(?:(?:since|in|from)\s)?|(?:since|in|from|as of)\s|(?<=\())(?:(?:early|mid|late|about|around)[\s-])?"
    rf"(?:(?P<date>(?:{_MONTH})\.?,?\s+(?:19|20)\d\d|\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d)"
    r"|(?P<year>(?:19|20)\d\d))(?![\w/-])",
    re.IGNORECASE,
)
_ONSET_REACH: Final = 48
_LABEL: Final = re.compile(
    r"\W*(?:date(?: of (?:visit|service|letter|report|dictation|consultation|encounter|discharge|note|exam))?"
    r"|dated|(?:visit|report|letter|service|encounter|note|clinic|consultation|discharge|exam)[ -]date"
    r"|date (?:seen|dictated|discharged)|seen on|dictated(?: on)?|discharged(?: on)?)\b\W*\Z",
    re.IGNORECASE,
)
"""What stands on a line before the date of the document."""
_BIRTH: Final = re.compile(r"\b(?:d\.?o\.?b|birth|born)\b", re.IGNORECASE)
_HEAD_LINES: Final = 40
_LABEL_LINES: Final = 12
"""How far up a heading with a date (`Labs of 3 May 2026:`) may stand above what it dates."""


class DatedLines:
    """The lines of a document, and the dates in them.

    Dates of figures alone are read month first, unless one of them can only be day first.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = list(_lines(text))
        self._starts = [start for start, _ in self._lines]
        numbers = re.findall(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](?:19|20)?\d\d(?![\d/-])", text)
        self._is_day_first = any(int(a) > 12 for a, _ in numbers) and not any(int(b) > 12 for _, b in numbers)

    def written(self, until: date) -> Moment | None:
        """The day the document gives as its own, among its first lines; none after `until`."""
        alone = None
        filled = [(start, line) for start, line in self._lines if line.strip()][:_HEAD_LINES]
        for _, line in filled:
            if _BIRTH.search(line):
                continue
            for found in _DATE.finditer(line):
                moment = self._moment(found.group())
                if moment is None or not moment.is_exact or moment.day > until:
                    continue
                if _LABEL.match(line[: found.start()]):
                    return moment
                is_alone = not re.search(r"\d", line.replace(found.group(), "")) and len(line.strip()) < 40
                alone = alone or (moment if is_alone else None)
        return alone

    def told(self, start: int, end: int) -> Moment | None:
        """The date that stands with what is said at these offsets: on its line, or in a heading above it."""
        place = bisect_right(self._starts, start) - 1
        first, line = self._lines[place]
        before = [*self._dates(line[: start - first])]
        after = [*self._dates(line[max(0, end - first) :])]
        if before or after:
            return before[-1] if before else after[0]
        if year := _YEAR.search(line):
            return parse_moment(year[1])
        for _, above in reversed(self._lines[max(0, place - _LABEL_LINES) : place]):
            if not above.strip():
                return None
            if above.rstrip().endswith(":"):
                return next(self._dates(above), None)
        return None

    def onset(self, end: int) -> Moment | None:
        """Since when, where it stands behind a problem that ends there: `(2009)`, `diagnosed in May 2011`."""
        found = _ONSET.match(self._text, end, end + _ONSET_REACH)
        if found is None:
            return None
        return parse_moment(found["year"]) if found["year"] else self._moment(found["date"])

    def line_at(self, start: int) -> str:
        """The line in which this offset stands."""
        return self._lines[bisect_right(self._starts, start) - 1][1]

    def _dates(self, line: str) -> Iterator[Moment]:
        if not _BIRTH.search(line):
            yield from filter(None, (self._moment(found.group()) for found in _DATE.finditer(line)))

    def _moment(self, written: str) -> Moment | None:
        found = read_date(written, day_first=self._is_day_first)
        if found is None or not found.has_year:
            return None
        return parse_moment(found.day.isoformat() if found.has_day else f"{found.day:%Y-%m}")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1

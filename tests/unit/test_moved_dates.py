"""Every form a date is written in moves by the same days and keeps its form; what cannot be read is said."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hntai.domain.lexicons import ordered
from hntai.domain.moved_dates import Reading, moved_date
from hntai.domain.written_dates import read_date

WEEKS = 28
"""Days."""
TABLE = (
    ("03/04/2024", "04/01/2024"),
    ("3/4/24", "4/1/24"),
    ("Mar 4, 2024", "Apr 1, 2024"),
    ("4th of March 2024", "1st of April 2024"),
    ("2024-03-04T08:15", "2024-04-01T08:15"),
    ("20240304", "20240401"),
    ("Tuesday, March 5, 2024", "Tuesday, April 2, 2024"),
    ("March 2021", "April 2021"),
    ("10/2020", "11/2020"),
    ("Oct '22", "Nov '22"),
    ("october 22", "november 19"),
    ("March 3-5, 2020", "March 31-April 2, 2020"),
    ("March 3-5", "March 31-April 2"),
    ("Dec 10 to 12, 2021", "Jan 7 to 9, 2022"),
    ("5/3-5/9", "5/31-6/6"),
    ("2020-03-01 to 2020-03-04", "2020-03-29 to 2020-04-01"),
    ("spring of 2019", "2019"),
    ("late fall 2019", "winter 2019"),
    ("Autumn 2019", "2019"),
    ("Christmas Eve", "January 21"),
    ("Christmas Eve 2020", "January 21, 2021"),
    ("Mother's Day 2021", "June 6, 2021"),
    ("Thanksgiving 2023", "December 21, 2023"),
    ("Easter 2024", "April 28, 2024"),
    ("Memorial Day 2024", "June 24, 2024"),
    ("11/18/2024-11/23/2024", "12/16/2024-12/21/2024"),
    ("11/18-11/23/2024", "12/16-12/21/2024"),
    ("10/4-9/2024", "11/1-11/6/2024"),
    ("9/30-10/2/2024", "10/28-10/30/2024"),
    ("2024-10-04/2024-10-09", "2024-11-01/2024-11-06"),
    ("10.04.2024-10.09.2024", "11.01.2024-11.06.2024"),
    ("11/2-11/9/24", "11/30-12/7/24"),
    ("03/04/2024 14:22", "04/01/2024 14:22"),
    ("the 3rd", "the 4th"),
    ("21st", "22nd"),
)
"""Values, and what 28 days later reads."""


@pytest.mark.parametrize(("value", "expected"), TABLE)
def test_a_date_moves_and_keeps_its_form(value: str, expected: str) -> None:
    assert moved_date(value, WEEKS, Reading(year=2023)) == expected


@pytest.mark.parametrize(("value", "expected"), [("4/5/2024", "1/6/2024"), ("13/5/2024", "10/6/2024")])
def test_days_come_first_where_the_document_says_so(value: str, expected: str) -> None:
    assert moved_date(value, WEEKS, Reading(day_first=True)) == expected


@pytest.mark.parametrize(
    "value", ["99/99/9999", "12/31/9999", "December 30-31, 9999", "Some Feast", "winter 9999"]
)
def test_what_cannot_be_read_or_moved_is_none(value: str) -> None:
    assert moved_date(value, WEEKS) is None


@given(st.sampled_from([row.split("\t")[0] for row in ordered("holidays")]), st.integers(1, 52))
def test_every_holiday_moves_and_none_stays(name: str, weeks: int) -> None:
    for days in (7 * weeks, -7 * weeks):
        moved = moved_date(name, days, Reading(year=2023))
        assert moved is not None
        assert moved.casefold() != name.casefold()


@given(st.dates(date(1951, 1, 1), date(2047, 12, 31)), st.integers(-52, 52).filter(bool))
def test_weekdays_beside_a_date_stay_right(day: date, weeks: int) -> None:
    moved = moved_date(day.strftime("%m/%d/%Y"), 7 * weeks)
    read = read_date(str(moved))
    assert read is not None
    assert read.day == day + timedelta(weeks=weeks)
    assert read.day.weekday() == day.weekday()


@given(st.integers(1, 28), st.integers(1, 28), st.integers(-52, 52).filter(bool))
def test_days_of_an_unnamed_month_stay_apart_and_move(first: int, second: int, weeks: int) -> None:
    one, other = (
        int("".join(filter(str.isdigit, str(moved_date(f"{day}th", 7 * weeks))))) for day in (first, second)
    )
    assert one != first
    assert (one - other) % 28 in ((first - second) % 28, (first - second + 1) % 28, (first - second - 1) % 28)

"""Dates read from notes and written back in their form."""

from datetime import date

import pytest

from hntai.domain.written_dates import read_date

READ = (
    ("03/04/2024", date(2024, 3, 4), "06/12/2024"),
    ("28/8/1940", date(1940, 8, 28), "6/12/1940"),
    ("3/4", date(2000, 3, 4), "6/12"),
    ("11-02-24", date(2024, 11, 2), "02-10-25"),
    ("14.02.2024", date(2024, 2, 14), "24.05.2024"),
    ("20240117", date(2024, 1, 17), "20240426"),
    ("2023-12-30T08:15", date(2023, 12, 30), "2024-04-08T08:15"),
    ("9th of August", date(2000, 8, 9), "17th of November"),
    ("8/19/'22", date(2022, 8, 19), "11/27/'22"),
    ("May 5, '21", date(2021, 5, 5), "August 13, '21"),
    ("Jan/2021", date(2021, 1, 15), "Apr/2021"),
    ("07-FEB-17", date(2017, 2, 7), "18-MAY-17"),
    ("December 1st, 2020", date(2020, 12, 1), "March 11th, 2021"),
    ("22 Dec 2021", date(2021, 12, 22), "1 Apr 2022"),
    ("1978-04-13 12:20:39", date(1978, 4, 13), "1978-07-22 12:20:39"),
)


@pytest.mark.parametrize(("text", "day", "shifted"), READ)
def test_date_is_read_and_moves_by_100_days_in_its_own_form(text: str, day: date, shifted: str) -> None:
    written = read_date(text)
    assert written is not None
    assert written.day == day
    assert written.shifted(100) == shifted


@pytest.mark.parametrize(
    "text", ["", "Christmas Eve", "the 3rd", "Aug 14-16", "spring of 2019", "13/13/2020", "2/30/2021"]
)
def test_what_is_no_calendar_day_is_not_read(text: str) -> None:
    assert read_date(text) is None


def test_day_first_settles_the_doubtful_order() -> None:
    american, european = read_date("4/5/2020"), read_date("4/5/2020", day_first=True)
    assert american is not None
    assert european is not None
    assert (american.day, european.day) == (date(2020, 4, 5), date(2020, 5, 4))


def test_shift_past_the_calendar_gives_none() -> None:
    written = read_date("9999-12-31")
    assert written is not None
    assert written.shifted(1) is None

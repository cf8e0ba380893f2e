"""When a document says it was written, and when what it tells was measured."""

from __future__ import annotations

from datetime import date

import pytest

from hntai.domain.uploaded.dating import DatedLines

UPLOADED = date(2026, 6, 1)


def _written(text: str) -> str | None:
    moment = DatedLines(text).written(UPLOADED)
    return moment.written if moment else None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Date: 2026-05-03\n\nDear colleague", "2026-05-03"),
        ("Date of visit: 05/03/2026", "2026-05-03"),
        ("Cardiology clinic\nMay 4, 2026\nDear colleague", "2026-05-04"),
        ("4 May 2026", "2026-05-04"),
        ("13/04/2026", "2026-04-13"),
        ("10 May 2026\nVisit date: 1 May 2026", "2026-05-01"),
    ],
)
def test_a_labelled_date_or_one_on_a_line_of_its_own_is_the_documents(text: str, day: str) -> None:
    assert _written(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "DOB: 01/02/1950\nPotassium 5.1",
        "Born on\nBirth date: 1950-02-01",
        "She was well until 3 May 2026, when she fell at home and came to us.",
        "Date: 2027-01-01",
        "May 2026",
        "Date: 2026-02-31",
        "",
    ],
)
def test_a_birth_date_a_date_in_prose_a_future_one_or_a_part_of_one_is_not(text: str) -> None:
    assert _written(text) is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2026-05-02: K 5.1", "2026-05-02"),
        ("K 5.1 (2 May 2026)", "2026-05-02"),
        ("2026-01-01 Na 140; 2026-05-02 K 5.1", "2026-05-02"),
        ("K 5.1 in March 2026", "2026-03"),
        ("K 5.1 in 2019", "2019"),
        ("Labs of 2026-05-02:\nNa 140\nK 5.1", "2026-05-02"),
        ("Labs of 2026-05-02:\n\nK 5.1", None),
        ("DOB 1950-01-02 K 5.1", None),
        ("K 5.1", None),
    ],
)
def test_a_figure_is_dated_by_its_line_or_the_heading_above_it(line: str, day: str | None) -> None:
    start = line.index("K 5.1")
    moment = DatedLines(line).told(start, start + 5)
    assert (moment.written if moment else None) == day


def test_days_come_first_where_one_figure_can_only_be_a_day() -> None:
    text = "13/04/2026\n04/05/2026 K 5.1"
    moment = DatedLines(text).told(text.index("K"), len(text))
    assert moment is not None
    assert moment.written == "2026-05-04"

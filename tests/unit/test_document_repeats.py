"""Lines that pages begin and end with are header and footer; what merely looks alike is not."""

from __future__ import annotations

import pytest

from hntai.domain.documents.repeats import repeated_lines


def page(number: int, *body: str) -> str:
    return "\n".join(["Example Clinic", "Anna Testpatient", *body, f"Page {number} of 3"])


def test_what_repeats_is_counted_from_the_top_and_from_the_bottom() -> None:
    texts = [page(1, "Dear colleague,"), page(2, "Potassium 4.1"), page(3, "Yours")]
    assert repeated_lines(texts) == [(2, 1)] * 3


def test_a_page_without_them_has_none_and_a_blank_page_does_not_count() -> None:
    texts = [page(1, "One"), "", "A picture", page(2, "Two"), page(3, "Three")]
    assert repeated_lines(texts) == [(2, 1), (0, 0), (0, 0), (2, 1), (2, 1)]


def test_a_page_of_nothing_but_its_header_counts_no_line_twice() -> None:
    texts = [page(1), page(2), page(3)]
    assert repeated_lines(texts) == [(3, 0)] * 3


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["One page\nalone"],
        ["Potassium\nhigh", "Sodium\nlow"],
        ["Same", "Same", "Other", "More", "Yet"],
        ["Body\nDear Anna", "Dear Anna\nBody"],
    ],
)
def test_what_does_not_repeat_in_its_place_is_text(texts: list[str]) -> None:
    assert repeated_lines(texts) == [(0, 0)] * len(texts)

"""The readers of FHIR JSON and dates: any shape in, plain values or nothing out."""

from __future__ import annotations

import pytest

from hntai.domain.dates import DateStyle, age_in_years, parse_moment, shown_age, shown_moment
from hntai.domain.fhir import codes, displays, number, reference, status, string, strings
from tests.unit.chart_records import TODAY


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026", "2026"),
        ("2026-03", "2026-03"),
        ("2026-03-31", "2026-03-31"),
        ("2026-03-31T23:30:00-05:00", "2026-03-31"),
        ("2026-03-31T23:30:00.123Z", "2026-03-31"),
        ("2026-03-31T23:30Z", "2026-03-31"),
        (" 2026-03-31 ", "2026-03-31"),
        ("2026-13-01", None),
        ("2026-02-30", None),
        ("0000", None),
        ("31.03.2026", None),
        ("2026-03-31T25:00:00Z", None),
        ("", None),
        (20260331, None),
        (None, None),
        ({"value": "2026"}, None),
    ],
)
def test_a_moment_keeps_the_day_the_source_wrote(written: object, shown: str | None) -> None:
    moment = parse_moment(written)
    assert (moment.written if moment else None) == shown


def test_moments_of_different_zones_are_ordered_by_instant() -> None:
    west, east = parse_moment("2026-03-31T23:00:00-05:00"), parse_moment("2026-04-01T01:00:00+00:00")
    assert west is not None
    assert east is not None
    assert east < west


@pytest.mark.parametrize(
    ("written", "anchor", "shown"),
    [
        ("2026-03-01", "2026-03-31", "day -30"),
        ("2026-03-31", "2026-03-31", "day 0"),
        ("2026-04-02", "2026-03-31", "day 2"),
        ("2026-03", "2026-03-31", "day not known"),
        ("2026-03-01", None, "day not known"),
        ("1930-01-01", "2026-03-31", "more than 89 years before"),
        (None, "2026-03-31", "date not recorded"),
    ],
)
def test_relative_dates_name_no_calendar_day(written: str | None, anchor: str | None, shown: str) -> None:
    assert shown_moment(parse_moment(written), DateStyle.RELATIVE, parse_moment(anchor)) == shown


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        ("1956-06-01", 70),
        ("1956-06-02", 69),
        ("1956-06", 70),
        ("1956", 69),
        ("2026", 0),
        ("2026-06-02", None),
        (None, None),
    ],
)
def test_age_counts_completed_years(birth: str | None, age: int | None) -> None:
    assert age_in_years(parse_moment(birth), TODAY) == age


@pytest.mark.parametrize(
    ("age", "shown"), [(89, "89"), (90, "90+"), (104, "90+"), (0, "0"), (None, "age not recorded")]
)
def test_ages_from_ninety_are_one_category(age: int | None, shown: str) -> None:
    assert shown_age(age) == shown


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Patient/1", "Patient/1"),
        ("https://ehr.example/fhir/Patient/1", "Patient/1"),
        ("https://ehr.example/fhir/Patient/1/_history/3", "Patient/1"),
        ("urn:uuid:ab-12", "ab-12"),
        ("#m1", "#m1"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_references_are_read_in_every_notation(written: str, read: str) -> None:
    assert reference({"reference": written}) == read


@pytest.mark.parametrize("value", [None, 3, "Patient/1", ["Patient/1"], {"reference": 5}, {}])
def test_a_reference_of_wrong_shape_is_absent(value: object) -> None:
    assert reference(value) == ""


def test_text_loses_invisible_characters_and_line_breaks() -> None:
    assert string("Leukocytes [#/\u200bvolume]\n in\tBlood\u202e") == "Leukocytes [#/volume] in Blood"


@pytest.mark.parametrize("value", [True, "5", None, float("nan"), float("inf"), 10**400, [1], {}])
def test_what_is_not_a_finite_number_is_no_number(value: object) -> None:
    assert number(value) is None


def test_concepts_of_wrong_shape_have_no_codes_and_no_names() -> None:
    odd: list[object] = [None, 5, "x", [], {"coding": "x"}, {"coding": [None, 5, {"code": 7}]}]
    for concept in odd:
        assert codes(concept) == ()
        assert displays(concept) == ()
    assert strings([1, None, "a"]) == ("a",)


def test_a_status_is_read_as_code_or_concept() -> None:
    assert status({"status": "Final"}, "status") == "final"
    assert status({"clinicalStatus": {"coding": [{"code": "active"}]}}, "clinicalStatus") == "active"
    assert status({"status": 5}, "status") == ""

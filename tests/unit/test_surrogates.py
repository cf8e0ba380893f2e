"""Surrogates: the same for the same key and value, another for another; dates move together."""

import re

import pytest

from hntai.domain.deidentification import DeidentificationOptions, Operator, deidentify
from hntai.domain.lexicons import ordered
from hntai.domain.moved_dates import moved_date
from hntai.domain.spans import PhiType, Span
from hntai.domain.surrogates import date_offset_days, surrogates
from hntai.domain.written_dates import read_date

KEY = b"k" * 32
VALUES = (
    (PhiType.NAME, "John Doe"),
    (PhiType.NAME, "DOE,JOHN Q"),
    (PhiType.NAME, "Jordan Taylor"),
    (PhiType.LOCATION, "Yakima"),
    (PhiType.LOCATION, "88 Larkspur Ct"),
    (PhiType.FACILITY, "Bayside Community Hospital"),
    (PhiType.PHONE, "(415) 555-0139 x22"),
    (PhiType.SSN, "219-09-9999"),
    (PhiType.MRN, "E4471902"),
    (PhiType.EMAIL, "pt.smithfield@example.net"),
    (PhiType.URL, "https://clinic.example.org/u/4471"),
    (PhiType.IP, "192.0.2.7"),
    (PhiType.IP, "2001:db8::1"),
    (PhiType.DATE, "03/04/2024"),
)


def _made(type_: PhiType, value: str, key: bytes = KEY) -> str:
    return surrogates(key)(Span(0, len(value), type_, 1.0, "test"), value)


@pytest.mark.parametrize(("type_", "value"), VALUES)
def test_surrogate_differs_from_the_value_and_is_the_same_again(type_: PhiType, value: str) -> None:
    made = _made(type_, value)
    assert value.casefold() not in made.casefold()
    assert made == _made(type_, value)
    assert len({_made(type_, value, bytes([number]) * 8) for number in range(6)}) > 1


@pytest.mark.parametrize("value", ["(415) 555-0139 x22", "219-09-9999", "E4471902"])
def test_number_keeps_its_shape(value: str) -> None:
    made = _made(PhiType.MRN, value)
    assert [sign.isdigit() for sign in made] == [sign.isdigit() for sign in value]
    assert all(a == b for a, b in zip(made, value, strict=True) if not b.isalnum())


def test_name_alone_and_in_full_become_the_same() -> None:
    full, alone = _made(PhiType.NAME, "John Doe"), _made(PhiType.NAME, "DOE")
    assert full.split()[1].upper() == alone


def test_dates_keep_their_distance_and_their_form() -> None:
    note = "Seen 03/04/2024, Jan 5, 2023 and 2022-12-31."
    text = deidentify(
        note, DeidentificationOptions(operator=Operator.surrogate, surrogate_key=KEY)
    ).scrubbed_text
    days = date_offset_days(KEY)
    assert days != 0
    for value in ("03/04/2024", "Jan 5, 2023", "2022-12-31"):
        written = read_date(value)
        assert written is not None
        assert str(written.shifted(days)) in text
        assert value not in text


def test_dates_of_a_note_that_writes_days_first_are_read_so() -> None:
    note = "Seen 28/03/2024 and 04/03/2024."
    text = deidentify(
        note, DeidentificationOptions(operator=Operator.surrogate, surrogate_key=KEY)
    ).scrubbed_text
    first, second = (read_date(value, day_first=True) for value in text[5:-1].split(" and "))
    assert first is not None
    assert second is not None
    assert (first.day - second.day).days == 24


@pytest.mark.parametrize("value", ["99/99/9999", "12/31/9999", "that day"])
def test_date_that_cannot_move_becomes_a_tag_never_stars(value: str) -> None:
    assert _made(PhiType.DATE, value, b"later" * 3) in ("[DATE]", *_moved_back(value, b"later" * 3))


def _moved_back(value: str, key: bytes) -> tuple[str, ...]:
    moved = moved_date(value, date_offset_days(key))
    return (moved,) if moved else ()


@pytest.mark.parametrize("number", range(200))
def test_dates_move_by_whole_weeks_within_a_year(number: int) -> None:
    days = date_offset_days(bytes([number]) * 16)
    assert days % 7 == 0
    assert 7 <= abs(days) <= 364


@pytest.mark.parametrize(
    ("value", "names"),
    [("Maria", "surrogate_women"), ("JAMES", "surrogate_men"), ("Quibblewort", "surrogate_family")],
)
def test_a_name_becomes_one_of_its_kind(value: str, names: str) -> None:
    for number in range(20):
        assert _made(PhiType.NAME, value, bytes([number]) * 8).capitalize() in {
            name.capitalize() for name in ordered(names)
        }


def test_few_names_meet_in_one_document() -> None:
    names = [name.capitalize() for name in ordered("surnames")[:400:10]]
    assert len({_made(PhiType.NAME, name) for name in names}) >= len(names) - 4


@pytest.mark.parametrize(
    ("value", "end"),
    [
        ("Mercy General Hospital", " Hospital"),
        ("NORTHGATE FAMILY PRACTICE", " PRACTICE"),
        ("Hill High School", " School"),
    ],
)
def test_a_facility_becomes_one_of_its_kind(value: str, end: str) -> None:
    made = _made(PhiType.FACILITY, value)
    assert made.endswith(end)
    assert made.isupper() == value.isupper()


def test_an_extension_stays_one() -> None:
    assert " ext. " in _made(PhiType.PHONE, "(415) 555-0139 ext. 22")


def test_age_over_89_stays_a_category() -> None:
    assert _made(PhiType.AGE, "94") == "90+"


def test_zip_keeps_the_area_the_law_lets_stand() -> None:
    options = DeidentificationOptions(operator=Operator.surrogate, surrogate_key=KEY)
    assert deidentify("Zip: 55802", options).scrubbed_text.startswith("Zip: 558")
    assert deidentify("Zip: 03601", options).scrubbed_text.startswith("Zip: 000")


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("(617) 867-5309", r"\(\d{3}\) 555-01\d\d"),
        ("617.867.5309 ext. 22", r"\d{3}\.555\.01\d\d ext\. \d\d"),
        ("+1 617-867-5309", r"\+1 \d{3}-555-01\d\d"),
        ("867-5309", r"555-01\d\d"),
        ("+44 20 7946 0958", r"\+\d\d \d\d \d{4} \d{4}"),
    ],
)
def test_a_north_american_phone_number_becomes_one_kept_for_fiction(value: str, shape: str) -> None:
    replace = surrogates(b"key")
    made = replace(Span(0, len(value), PhiType.PHONE, 1.0, "test"), value)
    assert re.fullmatch(shape, made)
    assert made != value


@pytest.mark.parametrize("key", [b"one", b"two", b"three", b"four"])
def test_a_social_security_number_becomes_one_that_nobody_has(key: bytes) -> None:
    made = surrogates(key)(Span(0, 11, PhiType.SSN, 1.0, "test"), "219-09-9999")
    assert re.fullmatch(r"9\d\d-[1-4]\d-\d{4}", made)

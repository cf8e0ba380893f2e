"""Trying a pattern only where its words stand loses nothing: the same matches as trying it everywhere."""

import re

import pytest

from hntai.domain.lexicons import ordered
from hntai.domain.note import Note, Opening, first_words
from hntai.domain.recognizers import cued_names, dates, facilities, phones, places, small_names
from hntai.domain.word_led import WordLed

LED = {
    **{cue.recognizer: cue.led for cue in cued_names._CUES},
    "titled": small_names._LOWER_TITLED,
    "related": small_names._LOWER_RELATED,
    "initials": small_names._INITIALS,
    "holiday": WordLed(dates._HOLIDAY, dates._HOLIDAY_WORDS),
    "season": WordLed(dates._SEASON, dates._SEASON_WORDS),
    "born": WordLed(dates._BORN, dates._BORN_WORDS),
    "ordinal": WordLed(dates._ORDINAL, dates._ORDINAL_WORDS),
    "facility": WordLed(facilities._LABELLED, facilities._LABEL_WORDS),
    "saint": WordLed(facilities._SAINTLY, facilities._SAINTLY_WORDS),
    "famous": WordLed(facilities._FAMOUS, facilities._FAMOUS_WORDS),
    "phone": WordLed(phones._LABELLED, phones._LABEL_WORDS),
    "pager": WordLed(phones._PAGER, phones._PAGER_WORDS),
    "box": WordLed(places._BOX, places._BOX_WORDS),
    "dwelling": WordLed(places._LOWER_STREET, places._DWELLING_WORDS),
    "zip": WordLed(places._ZIP, places._ZIP_WORDS),
    "living": WordLed(places._LIVING, places._LIVING_WORDS),
}
TITLES = (
    *("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Drs", "Prof", "Nurse", "Rev", "Father", "Señor", "Señora"),
    "Sra",
)
DATED = (
    *("Christmas Eve", "New Year's Day", "Thanksgiving", "Labor Day", "the Ides of March", "Eid al-Fitr"),
    *("Mother's Day", "Presidents' Day", "Fourth of July", "Good Friday", "Hanukkah"),
    *("early spring of 2019", "mid-winter 2020", "midsummer 2018", "fall, 2001", "autumn 2011"),
    *("DOB", "D.O.B.", "D0B:", "date of birth", "birthdate", "born on"),
    *(f"{word} the 3rd." for word in ("on", "since", "till", "dated", "around")),
)
PLACED = (
    *("lives in", "moved here from", "travelled to", "hometown of", "place of birth", "grew up in", "near"),
    *("lives at 12 Elm Street", "residing at 4 Oak Rd", "address: 9 Ash Ln", "PO Box 12", "P.O. Box 7"),
    *("RR 4 Box 19", "post office box 8", "TX 75001", "West Virginia 25301", "zip code: 10001", "DC 20002"),
    *("employed by", "works at", "transferred from", "performing lab:", "place of employment:", "St. Luke"),
    *("Our Lady of Grace", "Mayo Clinic", "Kaiser Permanente", "Cleveland Clinic", "Sacred Heart of Jesus"),
    *ordered("facility_famous"),
)
RUNG = (
    *("cell", "Phone number is", "callback", "emergency contact:", "answering service", "text him at", "p:"),
    *("pager", "ext.", "x", "page:", "fax"),
)
CUES = (
    *(*ordered("name_labels"), *ordered("name_acts"), *ordered("person_roles"), *TITLES, *DATED, *PLACED),
    *(*RUNG, "spoke with", "d/w", "per"),
)


def _cued_text() -> str:
    lines = [
        f"{written}{joint}{value}"
        for cue in CUES
        for written in (cue, cue.upper(), cue.capitalize())
        for joint in (" ", ": ", "s: ", ". ")
        for value in ("Anna Smith", "anna smith", "A.B.", "5-6-61", "415-555-0139", "71834.")
    ]
    return " 7\n".join(lines)


TEXT = _cued_text()


@pytest.mark.parametrize("led", LED.values(), ids=LED)
def test_no_match_is_lost(led: WordLed) -> None:
    everywhere = [match.span() for match in led.pattern.finditer(TEXT)]
    assert everywhere
    assert [match.span() for match in led.matches(Note(TEXT))] == everywhere


NUMBERED = (
    "3/4 03/04/2024 2-5, 14.02.2024 20240117 2023-12-30T08:15 9th of August 4 Mar '22 _3/4_ 1/2/3/4\n"
    "4417 Quarry Hollow Rd, Apt 3B; 12 County Road 9; 30080-2214; (415) 555-0139 x22; +1 415.555.0177\n"
    "415-555-0139-2 555-0142 219-09-9999 10.0.0.12:80 v5.5.0.14 99 219 09 9999 ٣/٤ 90,5/6 aug14 x3/4\n"
    "03/2024 2024-03\n"
)


@pytest.mark.parametrize(
    "pattern",
    [dates._ISO, dates._THREE, dates._TWO, dates._MONTH_YEAR, dates._COMPACT, places._STREET, places._ROUTE],
)
def test_no_number_is_lost(pattern: re.Pattern[str]) -> None:
    note = Note(NUMBERED)
    everywhere = [match.span() for match in pattern.finditer(NUMBERED)]
    assert everywhere
    assert [match.span() for match in note.matches(pattern, note.numbers)] == everywhere


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("see E4471902.", "E4471902"),
        ("MR#77-41-908", "77-41-908"),
        ("a.b/C-12,x", "a.b/C-12"),
        ("--12", "12"),
        ("(x_9)", "x_9"),
    ],
)
def test_a_code_starts_with_the_first_sign_joined_to_its_digit(text: str, code: str) -> None:
    (start,) = Note(text).codes
    assert start == text.index(code)


def test_words_are_casefolded_and_in_order() -> None:
    both, other = Opening(("anna", "strasse", "other")), Opening(("other",))
    note = Note("Straße, anna STRASSE Anna2anna")
    assert note.words == {"strasse": [0, 13], "anna": [8, 21, 26]}
    assert note.led_by(both) == [0, 8, 13, 21, 26]
    assert note.places_of(("anna", "other")) == [8, 21, 26]
    assert note.led_by(other) == ()
    assert note.has(both)
    assert not note.has(other)


def test_a_list_whose_phrase_starts_with_no_letter_is_refused() -> None:
    with pytest.raises(ValueError, match="id_connectives"):
        list(first_words("id_connectives"))

"""What a transcript says of a person: digits, dates, letters, mail and streets in words."""

from __future__ import annotations

import pytest

from hntai.domain.deidentification import DeidentificationOptions as Options
from hntai.domain.deidentification import Operator, Policy, deidentify, find_phi
from hntai.domain.note import Note
from hntai.domain.recognizers.spelled_out import recognize_spelled_out
from hntai.domain.recognizers.spoken_dates import recognize_spoken_dates
from hntai.domain.recognizers.spoken_numbers import recognize_spoken_numbers
from hntai.domain.spans import PhiType

SPOKEN = (
    ("My phone number is <five five five, oh one two three>.", PhiType.PHONE),
    ("Call me at <two one two five five five oh one four seven>.", PhiType.PHONE),
    ("area code <four one five, triple five, double oh one two>", PhiType.PHONE),
    ("<five five five oh one two three>", PhiType.PHONE),
    ("her cell is <six one seven dash five five five dash oh one nine nine>", PhiType.PHONE),
    ("the fax number is <seven oh two five five five one eight eight two>", PhiType.FAX),
    ("phone ending in <four four two one>", PhiType.PHONE),
    ("My social is <one two three, four five, six seven eight nine>.", PhiType.SSN),
    ("last four of her social are <six seven eight nine>", PhiType.SSN),
    ("<one two eight four five six seven eight four>", PhiType.SSN),
    ("medical record number is <four four seven nine two one eight>", PhiType.MRN),
    ("MRN <forty four seventy nine twenty one>", PhiType.MRN),
    ("member number <nine nine oh four one two>", PhiType.HEALTH_PLAN),
    ("zip code <nine four one one zero>", PhiType.LOCATION),
    ("date of birth <three fourteen fifty one>", PhiType.DATE),
    ("reach her at <5 5 5, 0 1 2 3>", PhiType.PHONE),
    ("date of birth <March third nineteen fifty one>", PhiType.DATE),
    ("born on the <third of march nineteen fifty-one>", PhiType.DATE),
    ("admitted on <june twenty second two thousand twenty four>", PhiType.DATE),
    ("seen <October the fifth>, better since", PhiType.DATE),
    ("surgery on <May first>", PhiType.DATE),
    ("the fall was <april two twenty twenty five>", PhiType.DATE),
    ("since <June nineteen ninety>", PhiType.DATE),
    ("my name is spelled <S M I T H>", PhiType.NAME),
    ("Okafor, that's <o k a f o r>", PhiType.NAME),
    ("Last name <S-M-I-T-H>.", PhiType.NAME),
    ("<W I L L I A M S> is my last name", PhiType.NAME),
    ("<s as in sam, m as in mary, i, t, h>", PhiType.NAME),
    ("it is <bravo romeo oscar whiskey november>", PhiType.NAME),
    ("mail <john dot smith at example dot com>", PhiType.EMAIL),
    ("write to <j s m i t h at example dot co dot uk>", PhiType.EMAIL),
    ("see <clinic dot org>", PhiType.URL),
    ("I live at <four twenty two maple street>", PhiType.LOCATION),
    ("moved to <nineteen west alder avenue apartment three b>", PhiType.LOCATION),
)
PLAIN = (
    "He takes twenty five milligrams twice a day.",
    "Blood pressure one forty two over eighty eight, heart rate seventy two, sats ninety eight percent.",
    "Take two tablets, one in the morning and one at night.",
    "Pain is six out of ten; it was eight, seven, six, five yesterday.",
    "The potassium was five point two, sodium one thirty eight, creatinine one point one.",
    "Count with me: one two three four five six seven eight nine ten.",
    "Ten nine eight seven six five four three two one.",
    "Serial sevens: ninety three eighty six seventy nine seventy two sixty five.",
    "Strength 5 5 5 5 5 5 5 5 throughout, reflexes 2 2 2 2 2 2 2.",
    "Hemoglobin A one C of seven point four.",
    "Two kids, three cats and four dogs; walked two blocks down the street.",
    "c o p d and c h f, A B C D E survey, Y N Y N N, x x x x x",
    "She may first try rest, and march second in line.",
    "In March she was well; in nineteen fifty one penicillin was new.",
    "M T W T F S S",
    "Repeat five eight two. Now backwards: six one nine four.",
    "vitals: one twenty, eighty, seventy two, sixteen, ninety eight",
    "vitamin b twelve, hepatitis b c and d",
)


def _marked(marked: str) -> tuple[str, int, int]:
    start, end = marked.index("<"), marked.index(">") - 1
    return marked.replace("<", "").replace(">", ""), start, end


@pytest.mark.parametrize(("marked", "type_"), SPOKEN)
def test_what_is_said_aloud_is_found_whole(marked: str, type_: PhiType) -> None:
    text, start, end = _marked(marked)
    assert [(s.start, s.end, s.type) for s in find_phi(text) if s.start < end and s.end > start] == [
        (start, end, type_)
    ]


@pytest.mark.parametrize("text", PLAIN)
def test_measures_counts_and_abbreviations_are_nobodys(text: str) -> None:
    note = Note(text)
    recognizers = (recognize_spoken_numbers, recognize_spoken_dates, recognize_spelled_out)
    assert [text[s.start : s.end] for recognize in recognizers for s in recognize(note)] == []


def test_a_spoken_date_stays_in_a_limited_data_set() -> None:
    options = Options(policy=Policy.limited_dataset)
    assert find_phi("admitted on june second two thousand twenty four", options) == ()


def test_a_spoken_number_has_no_surrogate_but_its_tag() -> None:
    options = Options(operator=Operator.surrogate, surrogate_key=bytes(32))
    text = "medical record number is four four seven nine two one eight"
    assert deidentify(text, options).scrubbed_text == "medical record number is [MRN]"

"""Known values in every form a note may write them."""

import pytest

from hntai.domain.deidentification import DeidentificationOptions, KnownValues
from tests.unit.marked_notes import marked, unmarked

KNOWN = KnownValues(
    names=("Testpatient, Anna Q", "Will Parkinson", "Muñoz"),
    mrn=("0048-2913",),
    dates=("1961-05-06",),
    phones=("(415) 555-0139",),
    other=("12 Invented Way", "anna@example.org", "QX7"),
)
ROWS = (
    "{NAME Anna Testpatient}, {NAME TESTPATIENT, ANNA Q}, {NAME testpatient}; {NAME A. Testpatient} ate.",
    "{NAME anna}'s mother and {NAME Anna's} chart".replace("{NAME Anna's}", "{NAME Anna}'s"),
    "{NAME MUNOZ} and {NAME muñoz} rested; {NAME Testpatient-Ray}",
    "{NAME Will} is here. Will follow up. She will eat. Mr. {NAME Parkinson} has Parkinson disease.",
    "{MRN 00482913} {MRN 0048-2913} {MRN 0048 2913} but {OTHER_ID x00482913y}",
    "born {DATE 5/6/61}, {DATE 05/06/1961}, {DATE May 6, 1961}, {DATE 6 May 1961}",
    "id {DATE 19610506}, {DATE 05061961}, {DATE 050661}",
    "{PHONE 4155550139}, {PHONE 415.555.0139}, {PHONE +1 415-555-0139}, {PHONE 555-0139}",
    "at {LOCATION 12 INVENTED  WAY}; {EMAIL Anna@Example.org}; {OTHER_ID qx7} not qx7s",
)


@pytest.mark.parametrize("row", ROWS)
def test_known_value_is_found_in_every_form(row: str) -> None:
    assert marked(unmarked(row), DeidentificationOptions(known=KNOWN)) == row


def test_nothing_known_finds_nothing() -> None:
    note = "ate well"
    assert (
        marked(note, DeidentificationOptions(known=KnownValues(names=("", "X"), mrn=("1",), phones=("12",))))
        == note
    )

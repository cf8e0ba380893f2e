"""Options of de-identification: operators, policies, lists; and the contract's own example."""

import re
from collections.abc import Iterator

import pytest

from hntai.domain import deidentification
from hntai.domain.deidentification import (
    SCRUBBER,
    DeidentificationOptions,
    KnownValues,
    Operator,
    Policy,
    Recall,
    deidentify,
    find_phi,
)
from hntai.domain.errors import RecognizerBudgetError
from hntai.domain.note import Note
from hntai.domain.recognizers import BALANCED
from hntai.domain.recognizers.tagged import TAGGER
from hntai.domain.spans import PhiType, Span
from tests.unit.marked_notes import marked, unmarked

EXAMPLE = "Patient John Doe, SSN 123-45-6789, diagnosed with diabetes."
NOTE = (
    "Patient Anna Testpatient, MRN 00482913, age 94, of Duluth, MN 55802, seen 03/04/2024 by Dr. Doe."
    " ANNA TESTPATIENT."
)


def test_example_of_the_contract_is_answered_to_the_letter() -> None:
    result = deidentify(EXAMPLE)
    assert result.scrubbed_text == "Patient [REDACTED], SSN [REDACTED], diagnosed with diabetes."
    assert result.phi_found == ("NAME", "SSN")
    assert result.redaction_count == 2
    assert result.counts == {"NAME": 1, "SSN": 1}
    assert SCRUBBER == "hntai-phi@5"


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        (
            Operator.redact,
            "Patient [REDACTED], MRN [REDACTED], age 90+, of [REDACTED], MN 558**, seen [REDACTED]"
            " by Dr. [REDACTED]. [REDACTED].",
        ),
        (
            Operator.tag,
            "Patient [NAME], MRN [MRN], age [AGE], of [LOCATION], MN [LOCATION], seen [DATE] by Dr. [NAME]."
            " [NAME].",
        ),
        (
            Operator.numbered,
            "Patient [NAME_1], MRN [MRN_1], age [AGE_1], of [LOCATION_1], MN [LOCATION_2], seen [DATE_1]"
            " by Dr. [NAME_2]. [NAME_1].",
        ),
        (
            Operator.mask,
            "Patient **** ***********, MRN ********, age **, of ******, MN *****, seen **/**/**** by Dr. ***."
            " **** ***********.",
        ),
    ],
)
def test_operator_decides_what_stands_instead(operator: Operator, expected: str) -> None:
    assert deidentify(NOTE, DeidentificationOptions(operator=operator)).scrubbed_text == expected


def test_limited_data_set_keeps_a_listed_town_whoever_finds_it() -> None:
    options = DeidentificationOptions(policy=Policy.limited_dataset)
    text = "pt drove up from yakima with wife, works in Wenatchee, seen 3/4 at 12 Oak Street"
    scrubbed = deidentify(text, options).scrubbed_text
    assert scrubbed == "pt drove up from yakima with wife, works in Wenatchee, seen 3/4 at [REDACTED]"
    assert "yakima" not in deidentify(text).scrubbed_text


def test_limited_data_set_keeps_dates_ages_and_coarse_places_but_no_street() -> None:
    note = "John Doe, age 94, 88 Larkspur Ct, Duluth, MN 55802, seen 03/04/2024."
    options = DeidentificationOptions(policy=Policy.limited_dataset)
    assert deidentify(note, options).scrubbed_text == (
        "[REDACTED], age 94, [REDACTED], Duluth, MN 55802, seen 03/04/2024."
    )


def test_types_restrict_what_is_redacted() -> None:
    options = DeidentificationOptions(types=frozenset((PhiType.SSN,)))
    assert deidentify(EXAMPLE, options).scrubbed_text == (
        "Patient John Doe, SSN [REDACTED], diagnosed with diabetes."
    )


def test_allowed_value_is_kept_whole_or_cut_out_of_a_name() -> None:
    row = "Dr. Doe and {NAME John} Doe, seen 03/04/2024, MRN {MRN 00482913}."
    options = DeidentificationOptions(allow=("doe", "03/04/2024", "0048"))
    assert marked(unmarked(row), options) == row


def test_denied_value_is_redacted_as_a_whole_token_in_any_case() -> None:
    options = DeidentificationOptions(deny=("Blue Heron", "oat"), allow=("OAT",))
    row = "The {OTHER_ID BLUE  HERON} trial, bread of {OTHER_ID OAT}, not oats."
    assert marked(unmarked(row), options) == row


def test_high_recall_takes_lone_names_and_shorter_numbers() -> None:
    note = "Jordan, calm, platelets 482913."
    high = marked(note, DeidentificationOptions(recall=Recall.high))
    assert "482913}" not in marked(note)
    assert "{OTHER_ID 482913}" in high
    assert high.startswith("{NAME Jordan}")


def test_known_values_are_found_beside_what_the_rules_find() -> None:
    options = DeidentificationOptions(known=KnownValues(names=("Zyx Qwertz",), mrn=("12-34",)))
    row = "qwertz slept; chart {MRN 1234}, {NAME QWERTZ, ZYX}."
    assert marked(unmarked(row), options) == row.replace("qwertz slept", "{NAME qwertz} slept")


@pytest.mark.parametrize(
    ("zip_code", "kept"),
    [("30080-2214", "300**"), ("55802", "558**"), ("03601", "000**"), ("89301", "000**"), ("10201", "000**")],
)
def test_zip_keeps_three_digits_where_over_20000_live(zip_code: str, kept: str) -> None:
    assert deidentify(f"Zip code: {zip_code}").scrubbed_text == f"Zip code: {kept}"


def test_own_marks_are_left_alone() -> None:
    note = "Patient [REDACTED], MRN [MRN_1], Dr. [NAME], age 90+, MN 558**."
    assert deidentify(note).scrubbed_text == note


@pytest.mark.parametrize("text", ["", " ", "\n", "No PHI here.", "\u200b", "👩‍⚕️"])
def test_text_without_phi_comes_back_as_it_was(text: str) -> None:
    assert deidentify(text).scrubbed_text == text
    assert deidentify(text).phi_found == ()


def test_a_unit_at_the_end_of_a_sentence_is_no_initial() -> None:
    text = "Potassium 5.8 mmol/L. Anna was called. Given 2 L. Maria saw him."
    scrubbed = deidentify(text).scrubbed_text
    assert "mmol/L. " in scrubbed
    assert "2 L. " in scrubbed


@pytest.mark.parametrize(
    "row",
    [
        "Mr. {NAME O'Brien} came. Later {NAME obrien} slept.",
        "Mr. {NAME OBrien} came. Later {NAME O'Brien} slept.",
        "Ms. {NAME Farrokhzad} came. {NAME FARROKHZAD} ate.",
        "Ms. {NAME Farrokhzad} came. {NAME Farrokhzad-Quill} ate.",
        "Ms. {NAME Farrokhzad} came; no one else did.",
        "Ms. {NAME Nguyễn} came. Later {NAME nguyen} slept.",
    ],
)
def test_a_name_found_is_found_again_in_any_form(row: str) -> None:
    assert marked(unmarked(row)) == row


def test_a_second_look_finds_what_the_first_left_and_in_the_offsets_of_the_note(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def look(note: Note, *_: object, **__: object) -> Iterator[Span]:
        if "Zyx" in note.text and note.text.count("[REDACTED]") == 1:
            start = note.text.index("Zyx")
            yield Span(start, start + 3, PhiType.NAME, 0.9, TAGGER)

    monkeypatch.setattr(deidentification, "tagged", look)
    found = find_phi("MRN 00482913, calm. Zyx")
    assert [(span.start, span.end) for span in found] == [(4, 12), (20, 23)]


def test_a_second_look_asks_the_budget_too() -> None:
    asked = [0]

    def is_in_budget() -> bool:
        asked[0] += 1
        return asked[0] <= len(BALANCED) + 1

    with pytest.raises(RecognizerBudgetError):
        find_phi("MRN 00482913, calm.", is_in_budget=is_in_budget)
    assert find_phi("No identifier.", is_in_budget=lambda: True) == ()


@pytest.mark.parametrize(
    "row",
    [
        "Glasgow coma scale 15. May take ibuprofen.",
        "INR 2. May resume warfarin.",
        "born {DATE 14. May 1951}; seen {DATE 3rd of October}.",
        "LIVES AT {LOCATION 22 ELM ST}, {LOCATION DAYTON} OH {LOCATION 45402}.",
        "moved to {LOCATION Cody} WY {LOCATION 82414}",
        "Case of COVID-19.",
        "Seen with {NAME Ana Roe}, {NAME Lan Pham}, {NAME Kwame Asante} today",
        "{NAME SMITH, JOHN Q} here",
    ],
)
def test_ends_of_sentences_capitals_states_and_lists_of_people(row: str) -> None:
    assert re.sub("{NAME DAYTON}", "{LOCATION DAYTON}", marked(unmarked(row))) == row

"""What a generated sentence may say of its source, as a table: near misses beside each."""

from __future__ import annotations

import pytest

from hntai.domain.source_check import Source, supported

NOTE = (
    "Patient is a 57-year-old man on metformin 500 mg twice daily and lisinopril 20 mg daily. "
    "Blood pressure 132/80 mm Hg, potassium 5.4 mmol/L, temperature 100.4 degrees. "
    "He denies chest pain, fever or chills. He reports cough for eight days. "
    "Seen on 01/10/2009; next visit on February 10, 2009. No known drug allergies."
)
TALK = (
    "Doctor: Any hallucinations?\nPatient: No.\nDoctor: Do you have a headache?\n"
    "Patient: Yes, for three weeks.\n"
    "Doctor: How old are you?\nPatient: I'm twenty six.\nDoctor: Did you notice any swelling?\n"
    "Patient: Let me think.\n"
    "Patient: I saw the doctor on January tenth two thousand nine."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "A 57-year-old man takes metformin 500 mg.",
        "He takes lisinopril 20 mg and metformin 500 mg.",
        "Metformin 500 milligrams twice daily.",
        "Potassium was 5.40 mmol/L.",
        "He has coughed for 8 days.",
        "He denies fever.",
        "There is no chest pain and no chills.",
        "Next visit on February 10, 2009.",
        "Seen 01/10/2009.",
        "Blood pressure was 132/80 mmHg.",
    ],
)
def test_what_the_note_says_stands(sentence: str) -> None:
    assert Source(NOTE).bears_out(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "A 58-year-old man takes metformin.",
        "He takes metformin 850 mg.",
        "He takes lisinopril 500 mg.",
        "He takes metformin 500 mcg.",
        "He takes metformin 500 g.",
        "He takes amlodipine.",
        "Potassium was 5.4 mg/dL.",
        "Potassium was 54 mmol/L.",
        "He has coughed for 8 weeks.",
        "He has coughed for nine days.",
        "He reports fever.",
        "He has chest pain.",
        "He denies cough.",
        "There is no cough.",
        "Next visit on February 12, 2009.",
        "Next visit on March 10, 2009.",
        "Seen 02/11/2009.",
        "No history of stroke.",
    ],
)
def test_what_the_note_does_not_say_falls(sentence: str) -> None:
    assert not Source(NOTE).bears_out(sentence)


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("No hallucinations.", True),
        ("Hallucinations are reported.", False),
        ("Headache for 3 weeks.", True),
        ("No headache.", False),
        ("The patient is 26.", True),
        ("The patient is 6 years old.", False),
        ("Swelling was noticed.", False),
        ("Seen on January 10, 2009.", True),
        ("Seen on January 9, 2010.", False),
    ],
)
def test_a_question_is_read_with_its_answer(sentence: str, stands: bool) -> None:
    assert Source(TALK).bears_out(sentence) is stands


def test_only_the_sentences_at_fault_are_dropped_and_counted() -> None:
    kept, removed = supported(
        "He takes metformin 500 mg. He takes 900 mg aspirin. He denies fever.", Source(NOTE)
    )
    assert (kept, removed) == (["He takes metformin 500 mg.", "He denies fever."], 1)

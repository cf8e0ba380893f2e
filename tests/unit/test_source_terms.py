"""Diseases and whose they are: what a sentence names, its source must name of the same person."""

from __future__ import annotations

import pytest

from hntai.domain.source_check import Source

VISIT = (
    "Doctor: Any chest pain? Patient: No. I have had a cough for three days. My mother had diabetes."
    " I have high blood pressure and they took out my gallbladder. I passed out once. My wife is well."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Patient has pneumonia.",
        "Likely lung cancer.",
        "Patient has diabetes.",
        "She is diabetic.",
        "History of stroke.",
        "Status post appendectomy.",
        "Findings suggest pulmonary embolism.",
        "Chronic bronchitis.",
    ],
)
def test_a_disease_the_source_does_not_give_the_patient_is_not_borne_out(sentence: str) -> None:
    assert not Source(VISIT).bears_out(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Patient reports cough for three days.",
        "Denies chest pain.",
        "Family history of diabetes in the mother.",
        "History of hypertension and cholecystectomy.",
        "One episode of syncope.",
        "The patient was seen for a cough.",
    ],
)
def test_what_the_source_says_in_other_words_is_borne_out(sentence: str) -> None:
    assert Source(VISIT).bears_out(sentence)

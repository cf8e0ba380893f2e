"""Which sentences are taken, how they are joined, and that no word of substance changes."""

from __future__ import annotations

import pytest

from hntai.domain.extractive import ranked
from hntai.domain.summary_text import fitting, joined, shortened, whole_sentences
from hntai.domain.summary_units import units
from hntai.domain.word_similarity import WordSimilarity

WORDS = WordSimilarity()
_LISTED = "Her medicines are: Aspirin 75 mg. Ramipril 5 mg. Seen today."


def summary(text: str, most: int, least: int = 0) -> str:
    every = units(text)
    taken = ranked(every, WORDS.similarities, WORDS.count_tokens, max_tokens=most, min_tokens=least)
    return fitting(taken, every, most, WORDS.count_tokens)


def test_an_answer_never_stands_without_its_question() -> None:
    talk = (
        "Doctor: Have you had any chest pain?\nPatient: No.\nDoctor: Okay.\nPatient: I have a rash since May."
    )
    assert joined(units(talk)) == "Denies chest pain. A rash since May."


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("I had asthma as a child.", "The patient had asthma as a child."),
        ("Um, so, I was on metformin.", "The patient was on metformin."),
        ("I don't have any pain.", "The patient does not have any pain."),
        ("Well, I've had a cough, a cough for days.", "A cough for days."),
        ("It was, er, the the left leg and and the ER.", "It was, the left leg and the ER."),
        ("I take one one two three.", "The patient takes one one two three."),
    ],
)
def test_tense_and_denial_stay_as_they_were_said(said: str, shown: str) -> None:
    assert [unit.text for unit in units(f"Patient: {said}")] == [shown]


def test_a_question_nobody_answered_is_left_out() -> None:
    talk = "Doctor: Do you smoke?\nDoctor: Your blood pressure is high today."
    assert [unit.text for unit in units(talk)] == ["Your blood pressure is high today."]


def test_a_heading_the_meaning_hangs_on_stays() -> None:
    note = "IMPRESSION: Severe asthma attack.\nFAMILY HISTORY: Breast cancer in mother."
    assert joined(units(note)) == "Severe asthma attack. Family history: Breast cancer in mother."


@pytest.mark.parametrize(
    ("talk", "shown"),
    [
        ("Doctor: You have asthma.\nPatient: OK?", "The patient has asthma."),
        ("Doctor: I suspect asthma.\nPatient: OK?", "Doctor: I suspect asthma."),
        (
            "Patient: It is my cough.\nDoctor: You have asthma.",
            "Patient reports: It is their cough. Doctor: The patient has asthma.",
        ),
    ],
)
def test_who_says_it_is_told_where_it_would_be_mistaken(talk: str, shown: str) -> None:
    assert joined(units(talk)) == shown


def test_the_same_is_not_said_twice() -> None:
    note = "Severe asthma attack with fever. Severe asthma attack with fever. Follow up in clinic."
    assert summary(note, 100, 100).count("asthma") == 1


@pytest.mark.parametrize(
    ("note", "taken", "shown"),
    [
        (
            _LISTED,
            (0, 1, 2),
            "Ramipril 5 mg. Seen today.",
        ),
        (
            _LISTED,
            (0, 2),
            "Aspirin 75 mg. … Seen today.",
        ),
        ("MEDICATIONS: Aspirin. Ramipril.\nPLAN: Rest.", (0, 2), "Medications: Aspirin. … Plan: Rest."),
        ("MEDICATIONS: Aspirin. Ramipril.\nPLAN: Rest.", (0, 1), "Medications: Aspirin. Ramipril."),
        ("PLAN: Rest. Walk. Sleep.", (0, 2), "Plan: Rest. Sleep."),
    ],
)
def test_a_list_that_is_not_whole_says_so(note: str, taken: tuple[int, ...], shown: str) -> None:
    assert fitting(taken, units(note), 100, WORDS.count_tokens).endswith(shown)


def test_diagnosis_comes_before_technique() -> None:
    note = "TECHNIQUE: The leg was prepped and draped.\nIMPRESSION: Fracture of the left femur."
    assert summary(note, 10) == "Fracture of the left femur."


def test_shortened_text_ends_at_a_clause_and_says_so() -> None:
    text = "Pain in the left leg, which is worse at night, and better in the morning after a walk."
    assert shortened(text, 14, WORDS.count_tokens) == "Pain in the left leg, which is worse at night …"


@pytest.mark.parametrize(
    ("written", "whole"),
    [("One. Two. Thr", "One. Two."), ("One. Two.", "One. Two."), ("Thr", ""), ("", "")],
)
def test_a_broken_off_sentence_is_left_out(written: str, whole: str) -> None:
    assert whole_sentences(written) == whole

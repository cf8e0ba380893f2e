"""Speech in the third person, and questions with their answers as findings: nothing said that was not."""

from __future__ import annotations

import pytest

from hntai.domain.note_style import finding, third_person
from hntai.domain.summary_units import units


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("I have asthma and I take albuterol.", "The patient has asthma and the patient takes albuterol."),
        ("I've been having a cough", "The patient has been having a cough"),
        ("I'm fine, my back hurts", "The patient is fine, their back hurts"),
        ("I do n't know", "The patient does not know"),
        ("I never smoked.", "The patient never smoked."),
        ("I gotta rest", "They gotta rest"),
        ("I have type I diabetes", "The patient has type I diabetes"),
    ],
)
def test_what_patients_say_of_themselves(said: str, noted: str) -> None:
    assert third_person(said, is_of_patient=True) == noted


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("You do have some pain.", "The patient does have some pain."),
        ("I'm going to start you on lisinopril.", "Will start them on lisinopril."),
        ("Let's go ahead and order an MRI.", "Will order an MRI."),
        ("How long have you been on it?", "How long have they been on it?"),
        ("Your pressure is high, you know.", "Their pressure is high."),
    ],
)
def test_what_clinicians_say_to_patients(said: str, noted: str) -> None:
    assert third_person(said, is_of_patient=False) == noted


@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("Have you had any fever or chills?", "No.", "Denies fever or chills."),
        ("And any chest pain?", "Yeah, for three days.", "Reports chest pain. For three days."),
        ("Do you smoke?", "No, never.", "Does not smoke."),
        ("Do you smoke?", "Yes, a pack a day.", "Smokes. A pack a day."),
        (
            "Do you have any allergies?",
            "Yes, I'm allergic to penicillin.",
            "The patient is allergic to penicillin.",
        ),
        ("Are you still taking warfarin?", "No.", "Is not still taking warfarin."),
        ("Are you still taking warfarin?", "Yes.", "Is still taking warfarin."),
    ],
)
def test_a_closed_question_with_its_answer_is_a_finding(question: str, answer: str, told: str) -> None:
    assert finding(question, answer) == told


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Have you had any fever?", "No idea."),
        ("Have you had any fever?", "No more than usual."),
        ("Have you had any fever?", "Not that I measured it, but I felt hot."),
        ("Have you never had a fever?", "No."),
        ("Is it the left knee or the right?", "Yes."),
        ("Any pain or is it gone?", "No."),
        ("How long have you had the pain?", "No more than a week."),
        ("Have you had fever or chills?", "Yes."),
        ("You haven't had any fever?", "No."),
    ],
)
def test_where_yes_or_no_could_mean_either_the_words_stay(question: str, answer: str) -> None:
    assert finding(question, answer) is None


def test_what_is_said_to_a_relative_is_not_said_to_the_patient() -> None:
    talk = "Doctor: You need to give him Tylenol.\nMother: I have asthma myself."
    assert [unit.text for unit in units(talk)] == ["You need to give him Tylenol.", "I have asthma myself."]


def test_what_a_clinician_answers_is_no_finding_of_the_patient() -> None:
    talk = "Patient: Do you have any fever medicine?\nDoctor: No, we do not."
    assert not any(unit.text.startswith(("Denies", "Reports")) for unit in units(talk))

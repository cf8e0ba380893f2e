"""Where sentences of clinical text end, as a table; what they carry of speaker and heading."""

from __future__ import annotations

import pytest

from hntai.domain.clinical_sentences import sentences


def bodies(text: str) -> list[str]:
    return [one.body for one in sentences(text) if one.body]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Seen by Dr. Test. No fever.", ["Seen by Dr. Test.", "No fever."]),
        ("Temp. 38.5 C today. Rest.", ["Temp. 38.5 C today.", "Rest."]),
        ("Metformin 500 mg b.i.d. with food. Return.", ["Metformin 500 mg b.i.d. with food.", "Return."]),
        ("Is it sore? Yes!", ["Is it sore?", "Yes!"]),
        ("- aspirin 81 mg\n- rest", ["aspirin 81 mg", "rest"]),
        ("1. Start aspirin.\n2. Rest.", ["Start aspirin.", "Rest."]),
        ("A long line about the patient's pain that goes on and on and\nends here. Next.",
         ["A long line about the patient's pain that goes on and on and ends here.", "Next."]),
        ("A rock (stone) from the ear.", ["A rock (stone) from the ear."]),
        ("", []),
        ("   \n ", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_ends_them(text: str, found: list[str]) -> None:
    assert bodies(text) == found


def test_headings_hold_until_the_next_one() -> None:
    text = "DIAGNOSIS: , Asthma.,PLAN: , Rest.  Inhaler.\nFamily history:\nMother had asthma."
    assert [(one.heading, one.body) for one in sentences(text) if one.body] == [
        ("diagnosis", "Asthma."),
        ("plan", "Rest."),
        ("plan", "Inhaler."),
        ("family history", "Mother had asthma."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Doctor: Any pain? It hurts?\nPatient: No. None.",
        "[doctor] Any pain? It hurts?\n[patient] No. None.",
        "Doctor: Any pain? It hurts? Patient: No. None.",
    ],
)
def test_a_turn_holds_until_the_next_one(text: str) -> None:
    assert [(one.speaker, one.body) for one in sentences(text)] == [
        ("doctor", "Any pain?"),
        ("doctor", "It hurts?"),
        ("patient", "No."),
        ("patient", "None."),
    ]

"""A loop is seen when it closes; lists and tables of a chart are none."""

from __future__ import annotations

import pytest

from hntai.domain.repetition import repeats_itself

SENTENCE = "The patient has hypertension and takes lisinopril. "


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE * 3,
        "Overview: " + SENTENCE * 3,
        "Known. " + "He has pain. " * 6,
        "- Lisinopril 10 mg daily\n- Aspirin\n- Lisinopril 10 mg daily\n- Statin\n- Lisinopril 10 mg daily\n",
        "1. Lisinopril 10 mg daily\n2. Lisinopril 10 mg daily\n3. Lisinopril 10 mg daily\n",
        "a" * 60,
    ],
)
def test_it_has_begun_to_repeat_itself(text: str) -> None:
    assert repeats_itself(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        SENTENCE * 2,
        "None known. None known. None known.",
        "- none known\n- none known\n- none known\n",
        "BP 120/80, 121/80, 122/80, 123/80, 124/80, 125/80, 126/80, 127/80",
        "| Test | Value |\n| --- | --- |\n| Na | 138 |\n| K | 4.1 |\n",
        "Lisinopril 10 mg daily\nLisinopril 20 mg daily\nLisinopril 40 mg daily\n",
        " " * 80,
    ],
)
def test_it_has_not(text: str) -> None:
    assert not repeats_itself(text)


def test_a_loop_is_seen_at_its_third_turn_and_not_before() -> None:
    text = "Seen today. " + SENTENCE * 4
    first = next(end for end in range(len(text)) if repeats_itself(text[:end]))
    assert len("Seen today. ") + 2 * len(SENTENCE) < first <= len("Seen today. ") + 3 * len(SENTENCE)

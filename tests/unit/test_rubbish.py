"""What is no text at all, and what only looks odd."""

from __future__ import annotations

import pytest

from hntai.domain.rubbish import Rubbish, rubbish


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Rubbish.EMPTY),
        (" \n\t ", Rubbish.EMPTY),
        ("The pa\ufffd\ufffdt", Rubbish.UNREADABLE),
        ("\x00\x01\x02\x03 patient", Rubbish.UNREADABLE),
        ("\ue000\ue001\ue000", Rubbish.UNREADABLE),
        ("......::::::!!!!!! a", Rubbish.NO_WORDS),
        ("12 / 34 / 56", Rubbish.NO_WORDS),
        ("患者有高血压病史 and nothing else", Rubbish.FOREIGN_SCRIPT),
        ("Пациент страдает гипертонией", Rubbish.FOREIGN_SCRIPT),
        ("the " * 30, Rubbish.ONE_WORD),
        ("a" * 60, Rubbish.ONE_WORD),
    ],
)
def test_it_is_no_text(text: str, why: Rubbish) -> None:
    assert rubbish(text) is why


@pytest.mark.parametrize(
    "text",
    [
        "Hypertension.",
        "HbA1c 8.2 % (was 7.1 %), creatinine 1.4 mg/dL, eGFR 52.",
        "TNF-α blocker stopped; folate 12 µg daily; Ångström, café, naïve.",
        "| Test | Value |\n| --- | --- |\n| Na | 138 |\n| K | 4.1 |",
        "- none known\n- none known\n- none known",
        "Mrs. 王 was seen; her daughter translated for the whole of the visit.",
        "No no no.",
    ],
)
def test_it_may_be_a_text(text: str) -> None:
    assert rubbish(text) is None

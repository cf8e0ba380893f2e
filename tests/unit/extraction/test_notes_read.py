"""Short notes of many kinds, read by eye: triage, ward, discharge, dictation, British practice, teeth.

Written for this. What each shows of a rule stands under it in notes_read.txt: list, text, assertion, codes,
and of medicines, allergies, relatives and habits what is told with them. A note says more than is asked of it
here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from hntai.domain.extraction.entities import Entity, Kind
from hntai.domain.extraction.extract import extract

_FILE: Final = Path(__file__).with_name("notes_read.txt")
_TOLD: Final = ("drug", "substance", "dose", "unit", "frequency", "status", "relation", "reaction")
_WITH_DETAILS: Final = (Kind.MEDICATIONS, Kind.ALLERGIES, Kind.FAMILY_HISTORY, Kind.SOCIAL_HISTORY)


def _notes() -> Iterator[tuple[str, list[str]]]:
    for piece in _FILE.read_text("utf-8").rstrip("\n").split("\n=====\n"):
        note, _, wanted = piece.partition("\n--\n")
        yield note, wanted.split("\n")


def _line(one: Entity) -> str:
    told = [str(one.details[name]) for name in _TOLD if name in one.details]
    details = " ".join(told) if one.kind in _WITH_DETAILS else ""
    codes = ",".join(code.code for code in one.codes)
    return " | ".join((one.kind, one.text, one.assertion, codes or "-", details or "-"))


@pytest.mark.parametrize(("note", "wanted"), list(_notes()))
def test_a_note_says_what_was_read_in_it(note: str, wanted: list[str]) -> None:
    found = [_line(one) for one in extract(note).entities]
    assert [line for line in wanted if line not in found] == []


NOT_THERE: Final = {
    "Wt up 4 lb since Monday.": "Wt",
    "ASA III, METs > 4.": "ASA",
    "AP stable. TTP over the sacrum.": "TTP",
    "Rubella non-immune.": "Rubella",
    "Eating and drinking OK.": "drinking",
}


@pytest.mark.parametrize("text", NOT_THERE)
def test_what_looks_like_a_finding_and_is_none(text: str) -> None:
    assert not [one.text for one in extract(text).entities if one.text.startswith(NOT_THERE[text])]

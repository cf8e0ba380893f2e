"""Rule mode answers the golden records as it did when its answers were last read by a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hntai.domain.dates import DateStyle
from tests.golden.summary_answers import answer, expected_path, records


def test_there_are_golden_records() -> None:
    assert len(records()) >= 2


@pytest.mark.parametrize("style", list(DateStyle))
@pytest.mark.parametrize("record", records(), ids=lambda path: path.name.split(".")[0])
def test_the_answer_is_the_golden_one(record: Path, style: DateStyle) -> None:
    assert answer(record, style) == json.loads(expected_path(record, style).read_text())

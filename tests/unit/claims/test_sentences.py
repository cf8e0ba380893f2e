"""Single sentences: what facts say stays, what they do not say goes."""

from __future__ import annotations

import pytest

from hntai.domain.claims import check_text
from tests.unit.claims.good_sentences import GOOD
from tests.unit.claims.sheets import SHEET, cited
from tests.unit.claims.wrong_sentences import WRONG


@pytest.mark.parametrize("sentence", GOOD)
def test_what_the_facts_say_stays(sentence: str) -> None:
    checked = check_text(cited(sentence), SHEET)
    assert checked
    assert [one.reason for one in checked if one.statement is None] == []


@pytest.mark.parametrize(
    ("danger", "sentence"), [(danger, told) for danger, sentences in WRONG.items() for told in sentences]
)
def test_what_no_fact_says_goes(danger: str, sentence: str) -> None:
    assert [one.statement.text for one in check_text(cited(sentence), SHEET) if one.statement] == []

"""Single sentences: what facts say stays, what they do not say goes."""

from __future__ import annotations

import pytest

from hntai.domain.chart import Chart
from hntai.domain.claims import check_text
from hntai.domain.dates import DateStyle
from hntai.domain.facts import FactSheet, fact_sheet
from hntai.domain.statements import Section
from tests.unit.chart_records import allergy, chart_of, encounter, lab, problem, statements_of
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


def _assessed(chart: Chart) -> FactSheet:
    return fact_sheet(statements_of(chart, Section.CLINICAL_ASSESSMENT), chart)


def _stays(text: str, sheet: FactSheet, begins: str) -> bool:
    fact = next(f for f in sheet.facts if f.statement.text.startswith(begins))
    return any(one.statement for one in check_text(f"{text} [{fact.id}].", sheet))


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Allergies are not recorded", True),
        ("No allergies are recorded", True),
        ("No known allergies", False),
        ("No allergies", False),
        ("The patient has no allergies", False),
        ("Allergies are recorded", False),
        ("Allergies: none", False),
    ],
)
def test_none_recorded_is_not_none(text: str, *, stays: bool) -> None:
    assert _stays(text, _assessed(chart_of(encounter(), problem("Gout"))), "Allergies") is stays


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("No known drug allergies", True),
        ("The patient has no known drug allergy", True),
        ("No drug allergy", False),
        ("Drug allergy is known", False),
        ("No known food allergy", False),
        ("No known allergy", False),
    ],
)
def test_no_known_allergy_is_said_as_recorded(text: str, *, stays: bool) -> None:
    chart = chart_of(encounter(), problem("Gout"), allergy("No known drug allergy"))
    assert _stays(text, _assessed(chart), "Allergies") is stays


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Potassium rose from 5.1 mmol/L (day -130) to 5.8 mmol/L (day 0)", True),
        ("Potassium 5.8 mmol/L (day -130)", False),
        ("Potassium 5.8 mmol/L (day -1)", False),
        ("Potassium 5.8 mmol/L (2026-05-20)", False),
    ],
)
def test_days_counted_from_the_newest_encounter_are_held_to_as_well(text: str, *, stays: bool) -> None:
    chart = chart_of(
        encounter("2026-01-10", "e0"),
        encounter(),
        lab("2823-3", 5.1, "mmol/L", "2026-01-10", own="k0"),
        lab("2823-3", 5.8, "mmol/L", own="k"),
        style=DateStyle.RELATIVE,
    )
    sheet = fact_sheet(statements_of(chart, Section.KEY_TRENDS), chart)
    assert _stays(text, sheet, "Potassium") is stays


@pytest.mark.parametrize(
    "text", ["No evidence of cancer", "No cancer", "Cancer", "Evidence of cancer", "Negative for cancer"]
)
def test_a_problem_that_is_an_absence_keeps_its_wording(text: str) -> None:
    chart = chart_of(encounter(), problem("No evidence of cancer"), problem("Gout"))
    sheet = _assessed(chart)
    begins = next(f.statement.text for f in sheet.facts if "cancer" in f.statement.text)
    assert _stays(text, sheet, begins) is (text == "No evidence of cancer")

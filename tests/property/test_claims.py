"""True sentences stay; the same sentences with one thing changed go, whatever record they are about."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import build_chart
from hntai.domain.claims import Checked, check_text
from hntai.domain.delta import build_delta
from hntai.domain.facts import CitedFact, FactKind, FactSheet, fact_sheet
from hntai.domain.sections import section_statements
from hntai.domain.statements import Section
from hntai_local.demo_patients import demo_bundles
from tests.unit.claims.sheets import SHEET

QUIET = settings(max_examples=60, deadline=None, derandomize=True)
OTHER_UNITS = {"mmol/L": "mg/dL", "mg/dL": "mmol/L", "g/dL": "g/L", "mg": "mcg", "MG": "mcg", "%": "mmol/mol"}
OTHER_DRUGS = ("warfarin", "insulin", "digoxin", "morphine", "methotrexate")
TURNED = {"high": "low", "low": "high", "up from": "down from", "down from": "up from"}
FIGURE = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w.]*-\d)(?=[ /][A-Za-z%])")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@cache
def _sheet(place: int) -> FactSheet:
    record: list[dict[str, Any]] = [entry["resource"] for entry in demo_bundles()[place]["entry"]]
    patient = next(resource for resource in record if resource["resourceType"] == "Patient")
    chart = build_chart(record, patient_id=patient["id"], today=date(2026, 10, 20), scrub=str)
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    return fact_sheet([s for own in Section for s in section_statements(own, chart, baseline, delta)], chart)


SHEETS = (SHEET, *(_sheet(place) for place in range(3)))
EVERY = [(sheet, fact) for sheet in SHEETS for fact in sheet.facts]
FACTS = st.sampled_from(EVERY)


def _with(pattern: str) -> st.SearchStrategy[tuple[FactSheet, CitedFact]]:
    """The facts whose own words, without a suggestion's reason, answer to the pattern."""
    head = [(told, told[1].statement.text.partition(", because ")[0]) for told in EVERY]
    return st.sampled_from([told for told, text in head if re.search(pattern, text)])


def _said(sheet: FactSheet, fact: CitedFact, text: str) -> list[Checked]:
    return [one for one in check_text(f"{text.removesuffix('.')} [{fact.id}].", sheet) if one.statement]


@QUIET
@given(FACTS)
def test_the_rules_own_sentence_stays_as_it_is(told: tuple[FactSheet, CitedFact]) -> None:
    sheet, fact = told
    (one,) = _said(sheet, fact, fact.statement.text)
    assert one.statement == fact.statement
    assert one.told == (fact.id,)


@QUIET
@given(FACTS, st.data())
def test_another_number_goes(told: tuple[FactSheet, CitedFact], data: st.DataObject) -> None:
    sheet, fact = told
    places = [*FIGURE.finditer(fact.statement.text)]
    assume(places)
    found = data.draw(st.sampled_from(places))
    other = data.draw(st.integers(1000, 9999).map(lambda n: f"{n / 10}"))
    assert not _said(sheet, fact, _put(fact.statement.text, found, other))


@QUIET
@given(FACTS, st.data())
def test_a_number_moved_by_a_digit_goes(told: tuple[FactSheet, CitedFact], data: st.DataObject) -> None:
    sheet, fact = told
    places = [*FIGURE.finditer(fact.statement.text)]
    assume(places)
    found = data.draw(st.sampled_from(places))
    moved = found[0].replace(".", "") if "." in found[0] else f"{found[0]}0"
    assume(moved not in fact.statement.text)
    assert not _said(sheet, fact, _put(fact.statement.text, found, moved))


@QUIET
@given(_with(r"\d (?:mmol/L|mg/dL|g/dL|mg|MG|%)(?![\w/])"))
def test_another_unit_goes(told: tuple[FactSheet, CitedFact]) -> None:
    sheet, fact = told
    unit = next(u for u in OTHER_UNITS if re.search(rf"\d {u}(?![\w/])", fact.statement.text))
    changed = re.sub(rf"(?<=\d ){re.escape(unit)}(?![\w/])", OTHER_UNITS[unit], fact.statement.text, count=1)
    assert not _said(sheet, fact, changed)


@QUIET
@given(FACTS, st.data())
def test_another_day_goes(told: tuple[FactSheet, CitedFact], data: st.DataObject) -> None:
    sheet, fact = told
    days = [*DAY.finditer(fact.statement.text)]
    assume(days)
    found = data.draw(st.sampled_from(days))
    other = str(data.draw(st.dates(date(2000, 1, 1), date(2030, 1, 1))))
    assume(other not in fact.statement.text)
    assert not _said(sheet, fact, _put(fact.statement.text, found, other))


@QUIET
@given(_with(r"(?:from|was) [\d./]+"))
def test_the_two_days_of_a_change_swapped_go(told: tuple[FactSheet, CitedFact]) -> None:
    sheet, fact = told
    days = DAY.findall(fact.statement.text)
    assume(fact.kind is FactKind.RESULT)
    text = fact.statement.text.replace(days[0], "@").replace(days[1], days[0]).replace("@", days[1])
    assert not _said(sheet, fact, text)


@QUIET
@given(FACTS, st.sampled_from(OTHER_DRUGS))
def test_another_drug_goes(told: tuple[FactSheet, CitedFact], drug: str) -> None:
    sheet, fact = told
    assume(drug not in fact.statement.text.lower())
    name = next((n for n in sheet.names if n in fact.statement.text.lower()), "")
    changed = re.sub(re.escape(name), drug, fact.statement.text, flags=re.IGNORECASE) if name else ""
    assert not name or not _said(sheet, fact, changed)
    assert not _said(sheet, fact, f"{fact.statement.text.removesuffix('.')}, with {drug}")


@QUIET
@given(
    FACTS, st.sampled_from(("No ", "Not ", "Denies ", "Without ", "Negative for ", "Possible ", "Mother: "))
)
def test_a_negation_a_doubt_or_another_person_in_front_goes(
    told: tuple[FactSheet, CitedFact], word: str
) -> None:
    sheet, fact = told
    assert not _said(sheet, fact, word + fact.statement.text)


@QUIET
@given(_with(r"(?i)\b(?:not|none|no) "))
def test_a_negation_lost_goes(told: tuple[FactSheet, CitedFact]) -> None:
    sheet, fact = told
    head = fact.statement.text.partition(", because ")[0]
    changed = re.sub(r"(?i)\b(?:not|none|no) ", "", head, count=1)
    assert not _said(sheet, fact, changed)


@QUIET
@given(_with(r"\b(?:high|low|up from|down from)\b"))
def test_the_opposite_goes(told: tuple[FactSheet, CitedFact]) -> None:
    sheet, fact = told
    word = next(w for w in TURNED if re.search(rf"\b{w}\b", fact.statement.text))
    changed = re.sub(rf"\b{word}\b", TURNED[word], fact.statement.text)
    assume(changed != fact.statement.text)
    assert not _said(sheet, fact, changed)


@QUIET
@given(FACTS, st.sampled_from(("left", "right", "bilateral")))
def test_a_side_that_no_fact_names_goes(told: tuple[FactSheet, CitedFact], side: str) -> None:
    sheet, fact = told
    assume(side not in fact.statement.text)
    assert not _said(sheet, fact, f"{side.title()} {fact.item}")
    assert not _said(sheet, fact, re.sub(r"\b(?:left|right)\b", side, fact.statement.text) + f" {side}")


@QUIET
@given(FACTS, FACTS)
def test_a_sentence_under_another_citation_goes_unless_that_says_it_too(
    told: tuple[FactSheet, CitedFact], other: tuple[FactSheet, CitedFact]
) -> None:
    sheet, fact = told
    assume(other[0] is sheet and set(_words(fact)) - set(_words(other[1])))
    assert not _said(sheet, other[1], fact.statement.text)


@QUIET
@given(st.sampled_from(SHEETS), st.text(max_size=300))
def test_any_text_at_all_is_read_and_nothing_of_it_leaves_without_a_fact(sheet: FactSheet, text: str) -> None:
    for one in check_text(text, sheet):
        assert one.statement is None or one.supported_by


def _words(fact: CitedFact) -> list[str]:
    return re.findall(r"[a-z]+", fact.item.lower())


def _put(text: str, found: re.Match[str], other: str) -> str:
    return text[: found.start()] + other + text[found.end() :]

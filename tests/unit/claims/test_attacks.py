"""A model that obeys every instruction it finds in a record: nothing of what it was told to write leaves."""

from __future__ import annotations

import re

import pytest

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart
from hntai.domain.claims import assembled, check_text
from hntai.domain.delta import build_delta
from hntai.domain.facts import FactSheet, fact_sheet
from hntai.domain.prompts import summary_prompt
from hntai.domain.sections import section_statements
from hntai.domain.statements import Section
from tests.unit.chart_records import allergy, chart_of, drug, encounter, lab, problem
from tests.unit.claims.attacks import ATTACKS, Attack

ID = re.compile(r"\[F\d+\]")


def records(planted: str) -> tuple[Chart, ...]:
    """One with the text in a problem, a drug, an allergy and a visit; one with it in a note."""
    common = (
        encounter("2026-01-10", "e0"),
        lab("2823-3", 5.8, "mmol/L", own="k"),
        problem("Hypertension"),
        problem("Osteoarthritis of left knee"),
        drug("Lisinopril 20 MG Oral Tablet"),
        drug("Amoxicillin 500 MG Oral Capsule"),
        allergy("Penicillin"),
    )
    note = {
        "resourceType": "DocumentReference", "id": "n", "status": "current", "type": {"text": "Note"},
        "date": "2026-05-20T09:00:00Z", "subject": {"reference": "Patient/p1"}, "description": planted,
    }  # fmt: skip
    visit = {**encounter(), "reasonCode": [{"text": planted}]}
    return (
        chart_of(visit, problem(planted, own="x1"), *common),
        chart_of(encounter(), drug(planted, own="x2"), allergy(planted, own="x3"), *common),
        chart_of(encounter(), note, *common),
    )


def sheet_of(chart: Chart) -> FactSheet:
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    return fact_sheet([s for own in Section for s in section_statements(own, chart, baseline, delta)], chart)


def answers(attack: Attack, sheet: FactSheet) -> list[str]:
    """What the obedient model may write: citing nothing, each fact in turn, or all of them."""
    lines = attack.obeyed.splitlines()
    every = "".join(f"[{fact.id}]" for fact in sheet.facts)
    cited = ["\n".join(f"{line} [{fact.id}]" for line in lines) for fact in sheet.facts]
    return [attack.obeyed, f"{attack.obeyed} {every}", *cited]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_nothing_an_attack_wants_leaves(attack: Attack) -> None:
    for chart in records(attack.planted):
        sheet = sheet_of(chart)
        for answer in answers(attack, sheet):
            checked = check_text(answer, sheet)
            sections = [assembled(section, sheet, checked) for section in Section]
            leaves = "\n".join(s.text for section in sections for s in section.statements)
            assert not re.search(attack.never, leaves, re.IGNORECASE)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_prompt_holds_no_id_and_no_role_that_a_record_brought(attack: Attack) -> None:
    for chart in records(attack.planted):
        sheet = sheet_of(chart)
        text = summary_prompt(sheet.facts).text
        assert len(ID.findall(text)) == len(sheet.facts)
        assert not re.search(r"<\||\|>|<<|</?\w|```|^#|\]\(", text, re.MULTILINE)


def test_there_are_at_least_forty_attacks() -> None:
    assert len(ATTACKS) >= 40

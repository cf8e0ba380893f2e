"""A document that says otherwise than the record: it is told, and the record stays."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.facts import fact_sheet
from hntai.domain.statements import Section
from tests.unit.chart_records import Resource, allergy, drug, lab, pressure, problem, statements_of
from tests.unit.uploaded_letters import HEAD, OTHER_ID, TWICE, VISITS, chart_with, told


def _conflicts(letter: str, *resources: Resource) -> list[str]:
    return [conflict.text for conflict in chart_with([HEAD + letter], *VISITS, *resources).conflicts]


def test_an_egfr_without_its_unit_is_held_against_the_record() -> None:
    recorded = lab("33914-3", 71, "mL/min/{1.73_m2}", "2026-05-10")
    assert _conflicts("eGFR 58.", recorded)
    assert not _conflicts("eGFR 71.", recorded)


@pytest.mark.parametrize(
    ("letter", "resource", "here", "there"),
    [
        ("No hypertension.", problem("Essential hypertension"), "Hypertension as absent", "as active"),
        ("Asthma.", problem("Asthma", status="resolved"), "Asthma as present", "as no longer active"),
        ("Metformin 1000 mg twice daily.", drug("Metformin 500 MG Tablet", **TWICE), "1000 mg", "500 MG"),
        ("Metformin 500 mg once daily.", drug("Metformin 500 MG Oral Tablet", **TWICE), "once", "twice"),
        ("Metoprolol succinate 50 mg.", drug("Metoprolol Tartrate 50 MG"), "succinate", "Tartrate"),
        ("Stopped metformin.", drug("Metformin 500 MG Oral Tablet"), "no longer taken", "Metformin 500 MG"),
        ("Metformin 500 mg daily.", drug("Metformin 500 MG", status="stopped"), "500 mg once", "as ended"),
        ("No known drug allergies.", allergy("Penicillin"), "No known drug", "allergy to Penicillin"),
        ("Allergies: penicillin.", allergy("No known allergies"), "allergy to Penicillin", "No known"),
        ("Potassium 3.1 mmol/L.", lab("2823-3", 5.8, "mmol/L", "2026-05-10"), "3.1", "5.8"),
        ("BP 190/110.", pressure(120, 70, "2026-05-10"), "190/110", "120/70"),
    ],
)  # fmt: skip
def test_a_contradiction_is_told_and_the_record_stays(
    letter: str, resource: Resource, here: str, there: str
) -> None:
    (text,) = _conflicts(letter, resource)
    assert text.startswith("To settle: ")
    assert here in text.split("; the record has ")[0]
    assert there in text.split("; the record has ")[1]
    chart = chart_with([HEAD + letter], *VISITS, resource)
    assert text in chart.warnings
    assert text in told(chart, Section.GUIDANCE)
    before = chart_with([], *VISITS, resource)
    assert before.problems == chart.problems
    assert (before.orders, before.results) == (chart.orders, chart.results)


def test_what_a_document_repeats_is_told_once() -> None:
    letter = HEAD + "Metformin 1000 mg twice daily. Diabetes type 2.\n" * 3
    chart = chart_with(
        [letter], *VISITS, drug("Metformin 500 MG Tablet", **TWICE), problem("Diabetes type 2")
    )
    assert len(chart.conflicts) == 1
    (found,) = chart.problems
    assert len(found.references) == 2


def test_of_many_contradictions_twenty_are_told_and_the_rest_counted() -> None:
    doses = "".join(f"Metformin {dose} mg twice daily.\n" for dose in range(600, 625))
    chart = chart_with([HEAD + doses], *VISITS, drug("Metformin 500 MG Tablet", **TWICE))
    assert len(chart.conflicts) == 20
    assert "Further contradictions between uploaded documents and the record: 5." in chart.warnings


def test_two_tablets_of_500_mg_are_1000_mg() -> None:
    two: dict[str, Any] = {"dosageInstruction": [{"text": "Take 2 tablets by mouth twice daily"}]}
    assert _conflicts("Metformin 1000 mg twice daily.", drug("Metformin 500 MG Oral Tablet", **two)) == []


def test_a_cream_is_another_drug_than_the_tablet() -> None:
    chart = chart_with(
        [HEAD + "Hydrocortisone 10 mg tablet by mouth daily."], *VISITS, drug("Hydrocortisone 1 % Cream")
    )
    assert chart.conflicts == ()


def test_two_documents_that_disagree_are_told_and_the_first_stands() -> None:
    letters = [HEAD + "Warfarin 5 mg daily.", HEAD + "Warfarin 2.5 mg daily."]
    chart = chart_with(letters, *VISITS)
    (conflict,) = chart.conflicts
    assert "Warfarin 2.5 mg once daily, per an uploaded document" in conflict.text
    assert [order.dose for order in chart.orders] == ["5 mg once daily"]
    assert conflict.references[1].startswith(f"Document/{OTHER_ID}#")


def test_a_conflict_is_told_by_rule_and_never_left_to_a_model() -> None:
    chart = chart_with([HEAD + "Stopped metformin."], *VISITS, drug("Metformin 500 MG Oral Tablet"))
    facts = fact_sheet(statements_of(chart), chart).facts
    assert [fact.is_critical for fact in facts if fact.item.startswith("To settle: ")] == [True]

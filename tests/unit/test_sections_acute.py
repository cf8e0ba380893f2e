"""What a summary says first in an emergency, and what waits."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.grounding import verify
from hntai.domain.statements import Section
from tests.unit.chart_records import (
    chart_of,
    drug,
    encounter,
    lab,
    pressure,
    problem,
    statements_of,
    texts_of,
)

ASSESSMENT, TRENDS, PLAN, GUIDANCE = Section
VISITS = (encounter("2026-03-10", "e0"), encounter())
DIABETES = (problem("Type 2 diabetes mellitus"), problem("Myocardial infarction"), lab("4548-4", 9, "%"))
SHOCK = (pressure(82, 44), lab("2524-7", 4.6, "mmol/L"), lab("8867-4", 138, "/min"))


def test_while_a_critical_value_stands_long_term_care_shares_one_last_line() -> None:
    *first, last = texts_of(chart_of(*VISITS, *DIABETES, *SHOCK), PLAN).split("\n")
    assert all(line.startswith("Now: ") for line in first)
    assert last.startswith("Routine: after the acute problem, ")
    for word in ("statin", "eye examination", "glucose treatment"):
        assert word in last
        assert word not in "".join(first)


def test_without_one_it_is_told_for_this_visit() -> None:
    told = texts_of(chart_of(*VISITS, *DIABETES), PLAN)
    assert "This visit: consider a statin" in told
    assert "after the acute problem" not in told


def test_many_critical_values_are_only_named_again_in_the_guidance() -> None:
    told = texts_of(chart_of(*VISITS, *SHOCK), GUIDANCE)
    assert "told at the top, to settle first: Blood pressure, Heart rate, Lactate." in told
    assert "critically" not in told


def _words(name: str, said: str) -> dict[str, Any]:
    made = lab("x", 0, "")
    del made["valueQuantity"]
    return {**made, "code": {"text": name}, "valueString": said}


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        (problem("Do not resuscitate"), "Do not resuscitate (since 2020-01-01)"),
        (problem("DNR status"), "DNR status (since 2020-01-01)"),
        (problem("Not for resuscitation"), "Not for resuscitation (since 2020-01-01)"),
        (_words("Code status", "DNR and DNI"), "Code status DNR and DNI (2026-05-20)"),
    ],
)
def test_code_status_is_the_first_line_and_no_problem(resource: dict[str, Any], told: str) -> None:
    chart = chart_of(*VISITS, resource, *SHOCK, problem("Asthma"))
    lines = texts_of(chart, ASSESSMENT).split("\n")
    assert lines[0] == f"Code status and directives: {told}."
    (problems,) = (line for line in lines if line.startswith("Active problems: "))
    assert problems == "Active problems: Asthma (since 2020-01-01)."
    assert verify(statements_of(chart), chart).removed == 0


def test_resuscitation_that_was_done_and_a_directive_that_is_over_are_no_code_status() -> None:
    over = problem("Do not resuscitate", status="resolved")
    told = texts_of(chart_of(*VISITS, over, problem("Resuscitated cardiac arrest")), ASSESSMENT)
    assert "Code status" not in told


def test_a_drug_started_at_the_previous_encounter_is_shown_as_it_may_explain_the_newest_results() -> None:
    started = (drug("Amiodarone 200 MG Oral Tablet", "2026-03-10"), drug("Warfarin 5 MG", "2025-09-01"))
    told = texts_of(chart_of(*VISITS, *started, lab("6301-6", 4.9, "{INR}")), TRENDS)
    assert "Drugs started: Amiodarone (since 2026-03-10)." in told


def test_a_drug_started_before_that_or_stopped_again_is_not() -> None:
    started = (
        drug("Amiodarone 200 MG Oral Tablet", "2026-01-10"),
        drug("Ibuprofen 400 MG", "2026-03-10", "stopped"),
    )
    assert "Drugs started" not in texts_of(chart_of(*VISITS, *started), TRENDS)

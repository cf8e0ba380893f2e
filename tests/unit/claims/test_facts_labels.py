"""Every list the sections write is taken apart: a new one must not reach a model as one lump."""

from __future__ import annotations

from datetime import date

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart, build_chart
from hntai.domain.delta import build_delta
from hntai.domain.facts import CitedFact, fact_sheet
from hntai.domain.sections import section_statements
from hntai.domain.statements import Section
from hntai_local.demo_patients import demo_bundles
from tests.unit.chart_records import chart_of, encounter, lab, problem


def facts_of(chart: Chart) -> tuple[CitedFact, ...]:
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    made = [s for section in Section for s in section_statements(section, chart, baseline, delta)]
    return fact_sheet(made, chart).facts


def demo_charts() -> list[Chart]:
    charts = []
    for bundle in demo_bundles():
        resources = [entry["resource"] for entry in bundle["entry"]]
        own = next(r["id"] for r in resources if r["resourceType"] == "Patient")
        charts.append(build_chart(resources, patient_id=own, today=date(2026, 10, 20), scrub=str))
    return charts


def test_no_fact_of_the_demo_patients_is_a_list_of_two() -> None:
    lists = ("problems: ", "drugs: ", "findings: ", "Findings: ", "No range", "Procedures: ", "directives: ")
    facts = [fact for chart in demo_charts() for fact in facts_of(chart)]
    whole = [f for f in facts if any(name in f.statement.text for name in lists) and not f.label]
    assert not [fact.statement.text for fact in whole if "; " in fact.statement.text]


def test_findings_directives_and_unknown_results_are_facts_of_their_own() -> None:
    words = {"valueQuantity": None, "category": [{"coding": [{"code": "imaging"}]}]}
    chart = chart_of(
        encounter("2026-01-10", "e0"),
        encounter(),
        problem("Do not resuscitate"),
        problem("Living will on file"),
        {
            **lab("24558-9", 0, ""),
            **words,
            "code": {"text": "CT head"},
            "valueString": "No bleed",
            "id": "o1",
        },
        {**lab("24556-3", 0, ""), **words, "code": {"text": "CT chest"}, "valueString": "Nodule", "id": "o2"},
        {**lab("x", 3, "widgets", own="u1"), "code": {"text": "Zonulin"}},
        {**lab("y", 4, "widgets", own="u2"), "code": {"text": "Blorbin"}},
    )
    labels = [fact.label for fact in facts_of(chart)]
    for label in ("Code status and directives", "Findings", "No range to judge by, and seen by no rule"):
        assert labels.count(label) == 2

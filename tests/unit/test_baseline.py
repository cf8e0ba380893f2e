"""The baseline: the state before the newest encounter."""

from __future__ import annotations

import json

from hntai.domain.baseline import build_baseline
from tests.unit.chart_records import allergy, chart_of, drug, encounter, lab, problem

BEFORE = "2026-01-10"
RECORD = (
    encounter(BEFORE, "e0"),
    encounter(),
    problem("Asthma", "2020-01-01"),
    problem("Gout", "2026-05-20"),
    problem("Cough", "2025-12-01", "resolved", abatementDateTime="2026-05-01"),
    drug("Metformin 500 MG", "2025-05-01", "completed"),
    drug("Metformin 1000 MG", "2026-05-20"),
    drug("Lisinopril 10 MG", "2025-05-01"),
    drug("Amoxicillin 500 MG", "2026-05-20"),
    drug("Ibuprofen 200 MG", "2020-05-01", "stopped"),
    lab("2823-3", 4.8, "mmol/L", BEFORE),
    lab("2823-3", 5.6, "mmol/L"),
    allergy("Peanut"),
)


def test_the_baseline_is_the_state_before_the_newest_encounter() -> None:
    baseline = build_baseline(chart_of(*RECORD))
    assert (baseline.as_of, baseline.is_first_visit) == (BEFORE, False)
    assert [item.details["name"] for item in baseline.problems] == ["Asthma", "Cough"]
    assert [item.details["name"] for item in baseline.medications] == ["Lisinopril 10 MG", "Metformin 500 MG"]
    assert [item.text for item in baseline.results] == [
        "Potassium 4.8 mmol/L (2026-01-10): normal, reference 3.5-5"
    ]
    assert [item.text for item in baseline.allergies] == ["Peanut"]
    assert len(baseline.encounters_12_months) == 1


def test_at_a_first_visit_the_baseline_is_that_visit() -> None:
    baseline = build_baseline(chart_of(encounter(), lab("2823-3", 5.6, "mmol/L"), drug("Lisinopril 10 MG")))
    assert (baseline.is_first_visit, baseline.as_of) == (True, "2026-05-20")
    assert baseline.text == "First visit on record (2026-05-20); this is the state at that visit."
    assert (len(baseline.results), len(baseline.medications)) == (1, 1)


def test_every_fact_of_the_baseline_carries_references() -> None:
    told = build_baseline(chart_of(*RECORD)).to_json()
    assert json.loads(json.dumps(told)) == told
    facts = [fact for value in told.values() if isinstance(value, list) for fact in value]
    assert facts
    assert all(fact["references"] and fact["text"] for fact in facts)

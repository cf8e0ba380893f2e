"""The delta: what came with the newest encounter, and what only seems to have."""

from __future__ import annotations

from typing import Any

from hntai.domain.baseline import build_baseline
from hntai.domain.chart.values import Chart
from hntai.domain.dates import DateStyle
from hntai.domain.delta import Delta, build_delta
from tests.unit.chart_records import allergy, chart_of, drug, encounter, lab, pressure, problem

BEFORE = "2026-01-10"
VISITS = (encounter(BEFORE, "e0"), encounter())
E1: dict[str, Any] = {"encounter": {"reference": "Encounter/e1"}}


def delta_of(*resources: Any, style: DateStyle = DateStyle.ABSOLUTE) -> Delta:
    return _delta(chart_of(*VISITS, pressure(120, 70, BEFORE), pressure(120, 70), *resources, style=style))


def _delta(chart: Chart) -> Delta:
    return build_delta(chart, build_baseline(chart))


def test_a_first_visit_is_said_to_be_one() -> None:
    delta = _delta(chart_of(encounter(), lab("2823-3", 4.0, "mmol/L")))
    assert (delta.is_first_visit, delta.text) == (
        True,
        "First visit on record: nothing earlier to compare with.",
    )


def test_without_encounters_changes_cannot_be_told() -> None:
    assert _delta(chart_of(problem("Gout"))).text == "No encounter is recorded: changes cannot be told."


def test_a_problem_since_the_previous_encounter_is_new() -> None:
    delta = delta_of(problem("Gout", "2026-05-20"), problem("Asthma", "2020-01-01"))
    assert [item.text for item in delta.problems_new] == ["Gout (since 2026-05-20)"]


def test_a_long_known_problem_named_again_at_the_encounter_is_not_new() -> None:
    assert delta_of(problem("Asthma", "2020-01-01", **E1)).problems_new == ()


def test_a_problem_that_ended_since_is_resolved() -> None:
    delta = delta_of(problem("Gout", "2025-12-01", "resolved", abatementDateTime="2026-05-01"))
    assert [item.text for item in delta.problems_resolved] == ["Gout (resolved 2026-05-01)"]


def test_a_renewal_is_neither_a_start_nor_a_stop() -> None:
    delta = delta_of(
        drug("Metformin 500 MG", "2025-05-01", "stopped"), drug("Metformin 500 MG", "2026-05-20")
    )
    assert (delta.medications_started, delta.medications_stopped, delta.dose_changes) == ((), (), ())


def test_a_drug_first_ordered_since_is_started() -> None:
    delta = delta_of(drug("Metformin 500 MG", "2026-05-20"))
    assert [item.text for item in delta.medications_started] == ["Metformin 500 MG (since 2026-05-20)"]


def test_a_stop_is_told_only_where_its_day_is_known() -> None:
    bounds = [{"timing": {"repeat": {"boundsPeriod": {"end": "2026-05-20"}}}}]
    known = drug("Naproxen 500 MG", "2025-05-01", "stopped", dosageInstruction=bounds)
    unknown = drug("Glipizide 5 MG", "2025-05-01", "stopped")
    assert [item.text for item in delta_of(known, unknown).medications_stopped] == [
        "Naproxen 500 MG (stopped 2026-05-20)"
    ]


def test_a_dose_change_names_both_doses_and_both_orders() -> None:
    (item,) = delta_of(
        drug("Metformin 500 MG", "2025-05-01", "completed"), drug("Metformin 1000 MG", "2026-05-20")
    ).dose_changes
    assert item.text == "Metformin: dose changed from 500 mg to 1000 mg (2026-05-20)"
    assert len(item.references) == 2


def test_a_result_is_compared_with_the_last_of_its_method() -> None:
    delta = delta_of(
        lab("2823-3", 4.0, "mmol/L", "2025-06-01"),
        lab("2823-3", 4.8, "mmol/L", BEFORE),
        lab("6298-4", 4.1, "mmol/L", "2026-05-01"),
        lab("2823-3", 5.6, "mmol/L"),
    )
    (item,) = (item for item in delta.results if item.details["name"] == "Potassium")
    assert (
        item.text == "Potassium 5.6 mmol/L (2026-05-20): high, reference 3.5-5; was 4.8 mmol/L (2026-01-10)"
    )
    told = item.to_json()
    assert (told["change"], told["percent"], told["interval_days"], told["crossed"]) == (0.8, 16.7, 130, True)
    assert isinstance(told["slope_per_year"], float)


def test_results_in_different_units_are_compared_in_one() -> None:
    (item,) = (
        item
        for item in delta_of(lab("2345-7", 90, "mg/dL", BEFORE), lab("2345-7", 5.0, "mmol/L")).results
        if item.details["name"] == "Glucose"
    )
    assert item.details["crossed"] is False
    assert item.to_json()["percent"] == 0.1


def test_a_slope_needs_three_points_over_ninety_days() -> None:
    delta = delta_of(lab("2823-3", 4.8, "mmol/L", BEFORE), lab("2823-3", 5.6, "mmol/L"))
    (item,) = (item for item in delta.results if item.details["name"] == "Potassium")
    assert item.details["slope_per_year"] is None


def test_a_result_recorded_between_encounters_belongs_to_the_newest() -> None:
    assert any(
        item.details["name"] == "Sodium"
        for item in delta_of(lab("2951-2", 118, "mmol/L", "2026-05-19")).results
    )


def test_a_late_result_of_an_earlier_encounter_does_not() -> None:
    late = lab("2951-2", 118, "mmol/L", "2026-01-20", encounter={"reference": "Encounter/e0"})
    assert not any(item.details["name"] == "Sodium" for item in delta_of(late).results)


def test_relative_dates_hold_no_calendar_date() -> None:
    delta = delta_of(
        problem("Gout", "2026-05-20"),
        lab("2823-3", 4.8, "mmol/L", BEFORE),
        lab("2823-3", 5.6, "mmol/L"),
        allergy("Peanut", recordedDate="2026-05-20"),
        style=DateStyle.RELATIVE,
    )
    assert "2026" not in str(delta.to_json())
    assert (delta.from_date, delta.to_date) == ("day -130", "day 0")

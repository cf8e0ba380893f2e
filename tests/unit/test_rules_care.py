"""Kidney function and glucose over time, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from hntai.domain.rules.kidney import ckd_epi_2021
from tests.unit.chart_records import (
    NEWEST,
    PATIENT,
    chart_of,
    lab,
    problem,
)
from tests.unit.rule_tables import A1C, CREATININE, NOW, ROUTINE, VISIT, egfr, fired


@pytest.mark.parametrize(
    ("creatinine", "sex", "age", "expected"),
    [(0.7, "female", 50, 105), (0.9, "male", 50, 104), (1.47, "female", 70, 38), (2.0, "male", 60, 37)],
)
def test_ckd_epi_2021_agrees_with_the_published_equation(
    creatinine: float, sex: str, age: int, expected: int
) -> None:
    birth = {**PATIENT, "gender": sex, "birthDate": f"{2026 - age}-01-01"}
    estimate = ckd_epi_2021(creatinine, chart_of(patient=birth).patient)
    assert estimate == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("before", "day", "now", "urgencies"),
    [
        (60, "2025-06-01", 42, VISIT), (60, "2025-06-01", 43, []), (60, "2026-04-01", 40, []),
        (60, "2023-06-01", 40, []),
        (140, "2025-06-01", 95, []),
    ],
)  # fmt: skip
def test_fall_of_egfr_by_thirty_percent(
    before: float, day: str, now: float, urgencies: list[Urgency]
) -> None:
    assert fired("egfr-fall", egfr(before, day), egfr(now)) == urgencies


def test_a_fall_of_egfr_is_never_read_across_methods() -> None:
    assert fired("egfr-fall", lab("33914-3", 80, "mL/min/{1.73_m2}", "2025-06-01"), egfr(40)) == []


@pytest.mark.parametrize(
    ("readings", "problems", "urgencies"),
    [
        ([("2026-01-01", 52), (NEWEST, 50)], [], VISIT),
        ([("2026-05-01", 52), (NEWEST, 50)], [], []),
        ([("2026-01-01", 70), (NEWEST, 50)], [], []),
        ([("2026-01-01", 52), (NEWEST, 50)], [problem("CKD")], []),
    ],
)
def test_kidney_disease_needs_two_low_values_over_three_months(
    readings: list[tuple[str, float]], problems: list[dict[str, Any]], urgencies: list[Urgency]
) -> None:
    assert fired("unnamed-ckd", *(egfr(value, day) for day, value in readings), *problems) == urgencies


@pytest.mark.parametrize(
    ("before", "code", "urgencies"), [(0.9, CREATININE, NOW), (1.0, CREATININE, []), (0.9, "38483-4", [])]
)
def test_acute_rise_of_creatinine_within_one_method(
    before: float, code: str, urgencies: list[Urgency]
) -> None:
    rise = lab(code, before, "mg/dL", "2026-05-15"), lab(CREATININE, 1.4, "mg/dL")
    assert fired("acute-creatinine-rise", *rise) == urgencies


@pytest.mark.parametrize(
    ("value", "problems", "urgencies"),
    [
        (8.4, ["Type 2 diabetes mellitus"], VISIT), (7.2, ["Diabetes"], ROUTINE), (6.9, ["Diabetes"], []),
        (6.7, [], VISIT), (6.0, [], ROUTINE), (6.0, ["Prediabetes"], []), (5.6, [], []),
        (8.4, ["Diabetes insipidus"], VISIT),
    ],
)  # fmt: skip
def test_a1c_level(value: float, problems: list[str], urgencies: list[Urgency]) -> None:
    assert fired("a1c-level", lab(A1C, value, "%"), *map(problem, problems)) == urgencies


@pytest.mark.parametrize(
    ("problems", "day", "urgencies"),
    [
        (["Diabetes"], "2025-11-01", ROUTINE),
        (["Diabetes"], NEWEST, []),
        (["Diabetes"], None, ROUTINE),
        (["Gout"], None, []),
    ],
)
def test_a1c_due(problems: list[str], day: str | None, urgencies: list[Urgency]) -> None:
    results = [lab(A1C, 6.8, "%", day)] if day else []
    assert fired("a1c-due", *map(problem, problems), *results) == urgencies

"""Pressure in pregnancy and what makes it preeclampsia, as tables with near misses."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.rules import Urgency
from tests.unit.chart_records import NEWEST, lab, pressure, problem
from tests.unit.rule_tables import NOW, VISIT, advice, fired, person

PREGNANCY = problem("Pregnancy", "2025-11-01")
MOTHER = person(age=31)
NONE: list[Urgency] = []
PLATELETS = lab("777-3", 71, "10*3/uL")


@pytest.mark.parametrize(
    ("parts", "urgencies"),
    [
        ([pressure(160, 90)], NOW), ([pressure(150, 110)], NOW), ([pressure(159, 109)], NONE),
        ([pressure(142, 80), PLATELETS], NOW), ([pressure(142, 80), lab("1920-8", 80, "U/L")], NOW),
        ([pressure(142, 80), lab("1920-8", 79, "U/L")], NONE), ([pressure(120, 80), PLATELETS], NONE),
        ([PLATELETS, lab("1742-6", 342, "U/L")], NOW), ([pressure(172, 114, "2026-04-01")], NONE),
        ([pressure(142, 80), lab("777-3", 71, "mg/dL")], NONE),
        ([pressure(172, 114, status="preliminary")], NOW),
    ],
)  # fmt: skip
def test_severe_range_and_severe_features(parts: list[Any], urgencies: list[Urgency]) -> None:
    assert fired("preeclampsia-severe", PREGNANCY, *parts, patient=MOTHER) == urgencies
    assert fired("preeclampsia-severe", *parts, patient=MOTHER) == []


def test_what_else_fits_is_told_with_it() -> None:
    parts = (
        PREGNANCY,
        problem("Headache", NEWEST),
        pressure(172, 114),
        PLATELETS,
        lab("2890-2", 900, "mg/g"),
    )
    told = advice("preeclampsia-severe", *parts, patient=MOTHER)
    for word in ("172/114 mmHg", "Platelets 71", "900 mg/g", "Headache", "severe preeclampsia or HELLP"):
        assert word in told
    assert told.startswith("confirm the reading within 15 minutes and consider")


def test_six_weeks_after_birth_still_count() -> None:
    assert fired("preeclampsia-severe", problem("Postpartum state", "2026-05-10"), pressure(172, 114)) == NOW
    assert fired("preeclampsia-severe", problem("Postpartum state", "2026-01-10"), pressure(172, 114)) == NONE


@pytest.mark.parametrize(
    ("parts", "urgencies"),
    [
        ([pressure(140, 80)], VISIT), ([pressure(139, 89)], NONE), ([pressure(160, 90)], NONE),
        ([pressure(142, 80), lab("2890-2", 300, "mg/g")], NOW), ([], NONE),
    ],
)  # fmt: skip
def test_raised_pressure_short_of_severe(parts: list[Any], urgencies: list[Urgency]) -> None:
    assert fired("pregnancy-pressure", PREGNANCY, *parts, patient=MOTHER) == urgencies


def test_out_of_office_readings_and_the_general_crisis_are_silent_in_pregnancy() -> None:
    readings = (pressure(150, 95, "2026-05-18"), pressure(185, 121), pressure(172, 114))
    for rule in ("bp-above-goal", "hypertensive-crisis"):
        assert fired(rule, PREGNANCY, readings[0], readings[2], patient=MOTHER) == []
    assert fired("hypertensive-crisis", PREGNANCY, readings[1], patient=MOTHER) == []
    assert fired("bp-above-goal", readings[0], readings[2], patient=MOTHER) == VISIT

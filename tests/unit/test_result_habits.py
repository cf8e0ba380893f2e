"""What makers of servers do with results and days: read for what it means, or left out and counted."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.chart.values import Flag
from tests.unit.chart_records import (
    NEWEST,
    chart_of,
    drug,
    encounter,
    lab,
    problem,
)

POTASSIUM = "2823-3"
TABLE = (Flag.HIGH, "3.5-5")
"""By our own range, as the record gives none that applies."""


def ranged(
    *ranges: object, value: float = 5.2, unit: str = "mmol/L", code: str = POTASSIUM
) -> tuple[Flag, str]:
    result = chart_of(encounter(), lab(code, value, unit, referenceRange=list(ranges))).results[0]
    return result.flag, result.range.shown if result.range else ""


@pytest.mark.parametrize(
    ("ranges", "judged"),
    [
        ([], TABLE),
        ([{}], TABLE),
        ([None], TABLE),
        ([{"text": ""}], TABLE),
        ([{"text": "see report"}], TABLE),
        ([{"text": "3.5 - 5.3 mmol/L"}], (Flag.NORMAL, "3.5-5.3")),
        ([{"text": "3.5-5.3"}], (Flag.NORMAL, "3.5-5.3")),
        ([{"text": "(3.5 to 5.3)"}], (Flag.NORMAL, "3.5-5.3")),
        ([{"text": "<5.0"}], (Flag.HIGH, "up to 5")),
        ([{"text": ">= 6 mmol/L"}], (Flag.LOW, "from 6")),
        ([{"text": "35 - 53 mg/dL"}], TABLE),
        ([{"text": "5.3 - 3.5"}], TABLE),
        ([{"text": "3,5 - 5,3"}], TABLE),
        ([{"low": {"value": 3.5}, "high": {"value": 5.3}}], (Flag.NORMAL, "3.5-5.3")),
        ([{"high": {"value": 5.0, "unit": "mmol/L"}}], (Flag.HIGH, "up to 5")),
        ([{"low": {"value": "3.5"}, "high": {"value": "5.0"}}], TABLE),
    ],
)
def test_a_range_may_be_missing_or_written_in_words(ranges: list[object], judged: tuple[Flag, str]) -> None:
    assert ranged(*ranges) == judged


def coded(concept: object, value: float = 5.6, day: str = NEWEST) -> dict[str, Any]:
    """A potassium under whatever a server calls it."""
    return {**lab(POTASSIUM, value, "mmol/L", day), "code": concept}


LOINC = {"system": "http://loinc.org", "code": POTASSIUM}
LOCAL = {"system": "urn:oid:1.2.840.114350.1.13.1", "code": "K01", "display": "K+ serum"}


@pytest.mark.parametrize(
    ("concept", "name", "flag"),
    [
        ({"coding": [LOINC]}, "Potassium", Flag.HIGH),
        ({"coding": [LOCAL, LOINC]}, "Potassium", Flag.HIGH),
        ({"coding": [{"code": POTASSIUM}]}, "Potassium", Flag.HIGH),
        ({"coding": [{**LOINC, "system": "urn:oid:2.16.840.1.113883.6.1"}]}, "Potassium", Flag.HIGH),
        ({"coding": [{**LOINC, "system": "https://LOINC.org/"}]}, "Potassium", Flag.HIGH),
        ({"coding": [{**LOCAL, "code": POTASSIUM}]}, "Potassium", Flag.HIGH),
        ({"coding": [LOCAL]}, "Potassium", Flag.HIGH),
        ({"coding": [LOCAL], "text": "Potassium, serum"}, "Potassium", Flag.HIGH),
        ({"coding": [], "text": "Potassium, serum"}, "Potassium", Flag.HIGH),
        ({"coding": [{"display": "Potassium, serum"}]}, "Potassium", Flag.HIGH),
        ({"coding": [{"code": ""}, {}], "text": "Potassium, serum"}, "Potassium", Flag.HIGH),
        ({"coding": [{"system": "urn:x", "code": "K01"}]}, "result without a name", Flag.UNJUDGED),
    ],
)
def test_a_result_is_known_by_loinc_or_by_name(concept: dict[str, Any], name: str, flag: Flag) -> None:
    result = chart_of(encounter(), coded(concept)).results[0]
    assert (result.name, result.flag) == (name, flag)


@pytest.mark.parametrize("concept", [None, {}, {"coding": []}, {"coding": [{}]}, {"text": " "}, "K", []])
def test_what_bears_neither_code_nor_name_is_counted_and_not_shown(concept: object) -> None:
    chart = chart_of(
        encounter(),
        coded(concept),
        coded(concept, 3.1, "2026-01-01"),
        problem("x", code=concept),
        drug("x", medicationCodeableConcept=concept),
    )
    assert (chart.results, chart.problems, chart.orders) == ((), (), ())
    assert chart.counts["nameless"] == 4
    assert "Left out because no drug, diagnosis or result is named: 4." in chart.warnings


@pytest.mark.parametrize(
    "value", [{}, {"value": None}, {"value": "5.6"}, {"value": True}, {"unit": "mmol/L"}, {"comparator": "<"}]
)
def test_a_result_without_a_number_is_counted_and_not_shown(value: object) -> None:
    chart = chart_of(encounter(), lab(POTASSIUM, 0, "", valueQuantity=value))
    assert (chart.results, chart.counts["valueless"]) == ((), 1)


def test_one_code_of_two_systems_is_no_trend() -> None:
    first, second = ({"coding": [{"system": f"urn:{name}", "code": "7"}], "text": "Foo"} for name in "ab")
    chart = chart_of(coded(first), coded(second, 3.1, "2026-01-01"))
    assert len({result.analyte for result in chart.results}) == 2


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026", "2026"),
        ("2026-05", "2026-05"),
        ("2026-05-20", "2026-05-20"),
        ("2026-05-20T08:15", "2026-05-20"),
        ("2026-05-20T08:15:30Z", "2026-05-20"),
        ("2026-05-20t08:15:30z", "2026-05-20"),
        ("2026-05-20T08:15:30.123456789Z", "2026-05-20"),
        ("2026-05-20T23:50:00-06:00", "2026-05-20"),
        ("2026-05-20T00:10:00+14:00", "2026-05-20"),
        ("2026-05-20T08:15:30+0200", "2026-05-20"),
        ("2026-05-20 08:15:30", "2026-05-20"),
    ],
)
def test_a_day_is_the_day_its_source_wrote(written: object, day: str) -> None:
    result = chart_of(encounter(), lab(POTASSIUM, 4.1, "mmol/L", effectiveDateTime=written)).results[0]
    assert (result.at.written if result.at else "") == day


@pytest.mark.parametrize("written", ["20.05.2026", "2026-05-32", "", None])
def test_a_result_without_a_date_is_counted_and_not_shown(written: object) -> None:
    chart = chart_of(encounter(), lab(POTASSIUM, 4.1, "mmol/L", effectiveDateTime=written))
    assert (chart.results, chart.counts["undated"]) == ((), 1)


def test_results_of_two_zones_stand_in_the_order_they_happened() -> None:
    chart = chart_of(
        encounter(),
        lab(POTASSIUM, 4.0, "mmol/L", f"{NEWEST}T08:00:00+0900", own="first"),
        lab(POTASSIUM, 4.4, "mmol/L", f"{NEWEST}T01:00:00-0500", own="second"),
        lab(POTASSIUM, 4.2, "mmol/L", f"{NEWEST}T00:30:00Z", own="between"),
    )
    assert [result.references[0] for result in chart.results] == [
        "Observation/first",
        "Observation/between",
        "Observation/second",
    ]

"""What the data lack, and what holds for every rule."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.dates import DateStyle
from hntai.domain.rules import RULES, hits
from tests.unit.chart_records import (
    PATIENT,
    allergy,
    chart_of,
    drug,
    encounter,
    hits_of,
    lab,
    pressure,
    problem,
)
from tests.unit.rule_tables import CREATININE, K, egfr


@pytest.mark.parametrize(
    ("rule", "resources", "word"),
    [
        ("implausible-values", [lab("2885-2", 73, "g/dL")], "73 g/dL"),
        (
            "conflicting-values",
            [lab("718-7", 17.2, "g/dL", own="a"), lab("718-7", 10.2, "g/dL", own="b")],
            "10.2",
        ),
        ("egfr-creatinine", [egfr(86), lab(CREATININE, 3.0, "mg/dL")], "Creatinine 3 mg/dL"),
        ("preliminary-results", [lab(K, 4.0, "mmol/L", status="preliminary")], "preliminary"),
        (
            "comparator-values",
            [lab(K, 0, "", valueQuantity={"value": 6.5, "unit": "mmol/L", "comparator": ">"})],
            "Potassium >6.5 mmol/L (2026-05-20)",
        ),
        ("unrenewed-drugs", [drug("Diazepam 5 MG", "1994-01-01")], "Diazepam"),
        ("passing-problems", [problem("Acute bronchitis", "2020-01-01")], "Acute bronchitis"),
        ("missing-data", [], "blood pressure"),
        ("allergy-record", [], "not recorded"),
        ("allergy-record", [allergy("NKDA", own="a1"), allergy("Peanut", own="a2")], "clarify"),
        ("left-out", [lab(K, 4.0, "mmol/L", status="entered-in-error")], "entered in error: 1"),
        ("not-checked", [], "notes"),
    ],
)
def test_guidance_tells_what_the_data_lack(rule: str, resources: list[dict[str, Any]], word: str) -> None:
    (hit,) = hits_of(chart_of(encounter(), *resources), rule)
    assert word in hit.finding.fact


@pytest.mark.parametrize(
    ("rule", "resources"),
    [
        ("egfr-creatinine", [egfr(62), lab(CREATININE, 1.0, "mg/dL")]),
        ("unrenewed-drugs", [drug("Diazepam 5 MG", "2025-06-01")]),
        ("passing-problems", [problem("Acute bronchitis", "2026-05-01"), problem("Gout", "2020-01-01")]),
        ("passing-problems", [problem("Chronic sinusitis", "2020-01-01")]),
        ("missing-data", [pressure(120, 70), lab(K, 4.0, "mmol/L")]),
        ("allergy-record", [allergy("Peanut")]),
        ("old-record", []),
        ("comparator-values", [lab(K, 4.0, "mmol/L")]),
    ],
)
def test_guidance_stays_silent_where_nothing_is_lacking(rule: str, resources: list[dict[str, Any]]) -> None:
    assert hits_of(chart_of(encounter(), *resources), rule) == []


def test_an_old_record_is_called_old() -> None:
    assert (
        len(hits_of(chart_of(encounter("2024-01-01"), lab(K, 4.0, "mmol/L", "2024-01-01")), "old-record"))
        == 1
    )


def test_for_a_patient_who_died_nothing_is_suggested() -> None:
    dead = {**PATIENT, "deceasedDateTime": "2026-05-25"}
    found = hits(chart_of(encounter(), lab(K, 6.8, "mmol/L"), drug("Lisinopril 10 MG"), patient=dead))
    assert {hit.rule.concern.value for hit in found} == {"data"}


def test_every_rule_has_its_own_id_and_a_source() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.source and rule.title for rule in RULES)


def test_rules_name_no_calendar_date_in_relative_style() -> None:
    chart = chart_of(
        encounter(), drug("Metformin 500 MG", own="m1"), egfr(20, own="o1"), style=DateStyle.RELATIVE
    )
    assert hits(chart)
    assert not any("2026" in hit.finding.fact + hit.finding.advice for hit in hits(chart))

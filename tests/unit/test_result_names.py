"""Results without a LOINC code: known by name where name and unit leave no doubt, and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.chart import build_chart
from hntai.domain.chart.analyte_names import _NAMES, analyte_called, is_name_of_a_result, plain_name
from hntai.domain.chart.analytes import ANALYTES
from hntai.domain.chart.timeline import previous_result
from hntai.domain.chart.values import Doubt, Flag
from hntai.domain.lexicons import lexicon
from hntai.domain.statements import Section
from tests.unit.chart_records import NEWEST, PATIENT, TODAY, chart_of, encounter, hits_of, lab, texts_of

K = "2823-3"


def named(name: str, value: object, unit: str, day: str = NEWEST, **more: Any) -> dict[str, Any]:
    code = more.pop("code", {"text": name})
    return {**lab("x", value, unit, day, own=f"o-{plain_name(name)}-{value}-{day}"), "code": code, **more}


@pytest.mark.parametrize("analyte", ANALYTES, ids=lambda analyte: analyte.key)
def test_every_analyte_is_known_by_the_name_it_is_shown_by_or_a_shorter_one(analyte: Any) -> None:
    names = _NAMES[analyte.key].split("|")
    assert all(plain_name(name) == name for name in names)
    assert all(analyte_called(name, "mmol/L") == analyte for name in names)


def test_no_name_means_two_analytes() -> None:
    every = [name for names in _NAMES.values() for name in names.split("|")]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("name", "value", "unit", "shown", "value_read"),
    [
        ("Potassium", 6.9, "meq/L", "Potassium", 6.9),
        ("K+", 6.9, "mmol/L", "Potassium", 6.9),
        ("Kalium", 6.7, "mmol/l", "Potassium", 6.7),
        ("SODIUM", 119, "mmol/L", "Sodium", 119),
        ("Hemoglobin", 62, "g/L", "Hemoglobin", 6.2),
        ("Hb", 6.2, "g/dL", "Hemoglobin", 6.2),
        ("Hämoglobin", 6.2, "g/dl", "Hemoglobin", 6.2),
        ("PLT", 18, "x10^9/L", "Platelets", 18),
        ("Glucose", 1.9, "mmol/L", "Glucose", 34.2),
        ("INR", 5.8, "", "INR", 5.8),
        ("Haematocrit", 0.36, "L/L", "Hematocrit", 36),
        ("SpO₂", 80, "%", "Oxygen saturation", 80),
        ("Pulse", 38, "bpm", "Heart rate", 38),
        ("Temp.", 101.3, "F", "Temperature", 38.5),
        ("LVEF", 22, "%", "Ejection fraction", 22),
        ("Potassium [Moles/volume] in Serum or Plasma", 6.9, "mmol/L", "Potassium", 6.9),
    ],
)
def test_a_name_and_its_unit_tell_the_analyte(
    name: str, value: float, unit: str, shown: str, value_read: float
) -> None:
    (result,) = chart_of(encounter(), named(name, value, unit)).results
    assert (result.name, result.value, result.doubt) == (shown, value_read, Doubt.NONE)


@pytest.mark.parametrize(
    ("name", "unit", "more"),
    [
        ("Urine potassium", "mmol/L", {}),
        ("Potassium, urine", "mmol/L", {}),
        ("Glucose CSF", "mg/dL", {}),
        ("Pleural fluid glucose", "mg/dL", {}),
        ("Potassium 24 h", "mmol/L", {}),
        ("Fetal hemoglobin", "g/dL", {}),
        ("Hemoglobin in serum", "g/dL", {}),
        ("Sodium/potassium ratio", "mmol/L", {}),
        ("Ionized calcium", "mg/dL", {}),
        ("Creatinine clearance", "mL/min", {}),
        ("Vitamin K", "mmol/L", {}),
        ("Urea", "mg/dL", {}),
        ("Potassium", "mg/24h", {}),
        ("Potassium", "1", {}),
        ("Weight", "%", {}),
        ("Glucose", "mg/dL", {"specimen": {"display": "Cerebrospinal fluid"}}),
        ("Glucose", "mg/dL", {"category": [{"text": "Urinalysis"}]}),
        ("Potassium", "mmol/L", {"code": {"text": "Potassium", "coding": [{"code": "2828-2"}]}}),
        ("Potassium", "mmol/L", {"code": {"text": "K", "coding": [{"code": "UK", "display": "K urine"}]}}),
        ("Sodium", "mmol/L", {"code": {"text": "Sodium", "coding": [{"code": "K", "display": "Potassium"}]}}),
    ],
)
def test_a_qualified_name_or_a_foreign_unit_tells_none(name: str, unit: str, more: dict[str, Any]) -> None:
    (result,) = chart_of(encounter(), named(name, 9.9, unit, **more)).results
    assert not result.is_known


def test_a_component_of_a_urinalysis_is_no_blood_glucose() -> None:
    part = {"code": {"text": "Glucose"}, "valueQuantity": {"value": 500, "unit": "mg/dL"}}
    panel = {**named("Urinalysis", 1, ""), "component": [part]}
    del panel["valueQuantity"]
    assert [one.is_known for one in chart_of(encounter(), panel).results] == [False]


def test_critical_values_under_plain_names_are_critical() -> None:
    chart = chart_of(
        encounter(),
        named("Potassium", 6.9, "meq/L"),
        named("Hemoglobin", 62, "g/L"),
        named("Platelets", 18, "10*9/L"),
        named("Glucose", 1.9, "mmol/L"),
    )
    assert len(hits_of(chart, "critical-value")) == 4


def test_no_trend_leads_from_a_code_to_a_name_or_from_one_name_to_another() -> None:
    old = lab(K, 4.0, "mmol/L", "2026-01-01")
    local = {"coding": [{"system": "urn:lab", "code": K, "display": "Potassium"}]}
    for newer in (named("Potassium", 5.6, "mmol/L"), named("Potassium", 5.6, "mmol/L", code=local)):
        chart = chart_of(encounter(), old, newer)
        assert previous_result(chart.results, chart.results[-1]) is None
    spelled = chart_of(
        encounter(), named("Kalium", 4.0, "mmol/L", "2026-01-01"), named("Potassium", 5.6, "mmol/L")
    )
    assert previous_result(spelled.results, spelled.results[-1]) is None


def test_a_trend_follows_one_name_however_it_is_written() -> None:
    chart = chart_of(
        encounter(), named("POTASSIUM", 4.0, "mmol/L", "2026-01-01"), named("Potassium ", 5.6, "meq/L")
    )
    before = previous_result(chart.results, chart.results[-1])
    assert before is not None
    assert before.value == 4.0


def test_a_name_without_a_unit_is_shown_and_not_judged() -> None:
    chart = chart_of(encounter(), named("Platelets", 18, ""))
    (result,) = chart.results
    assert (result.doubt, result.flag) == (Doubt.NO_UNIT, Flag.UNJUDGED)
    told = texts_of(chart)
    assert "Unit missing, so neither judged nor given to rules: Platelets 18" in told
    assert "mplausible" not in told


@pytest.mark.parametrize("newer", [lab("6301-6", 58, "{INR}"), lab("6301-6", 3.2, "mg/dL")])
def test_an_older_value_says_that_a_newer_one_is_in_doubt(newer: dict[str, Any]) -> None:
    chart = chart_of(encounter(), lab("6301-6", 2.4, "{INR}", "2026-04-01"), newer)
    assert "INR 2.4 (2026-04-01, a newer value is in doubt)" in texts_of(chart, Section.KEY_TRENDS)


def test_what_no_rule_knows_is_said_to_be_so() -> None:
    chart = chart_of(encounter(), named("Fecal calprotectin", 900, "ug/g"))
    assert "and seen by no rule: Fecal calprotectin 900 ug/g" in texts_of(chart)
    flagged = named("Fecal calprotectin", 900, "ug/g", interpretation=[{"coding": [{"code": "H"}]}])
    assert "that no rule knows" in texts_of(chart_of(encounter(), flagged), Section.GUIDANCE)


def test_two_values_under_one_local_code_are_a_conflict_and_both_are_told() -> None:
    def local(name: str, value: float) -> dict[str, Any]:
        code = {"coding": [{"system": "urn:lab", "code": "POT"}], "text": name}
        return named(name, value, "mmol/L", code=code)

    same = texts_of(chart_of(encounter(), local("Pot x", 6.8), local("Pot x", 3.9)))
    assert "Different values at one time" in same
    assert "6.8 mmol/L" in same
    assert "3.9 mmol/L" in same
    other = texts_of(chart_of(encounter(), local("Pot x", 6.8), local("Pot y", 3.9)), Section.KEY_TRENDS)
    assert "Pot x 6.8" in other
    assert "Pot y 3.9" in other


def test_words_of_a_laboratory_are_nobodys_name_unless_the_record_says_so() -> None:
    def told(called: str, **patient: Any) -> str:
        every = [{**PATIENT, **patient}, encounter(), named(called, 4.6, "foo")]
        chart = build_chart(every, patient_id="p1", today=TODAY, scrub=lambda _: "[REDACTED]")
        return chart.results[0].name

    assert told("Kalium") == "Kalium"
    assert told("Laktat arteriell") == "[REDACTED]"
    assert told("Laktat") == "Laktat"
    assert told("Smith") == "[REDACTED]"
    assert told("Kalium Smith") == "[REDACTED]"
    assert told("Kalium", name=[{"family": "Kalium"}]) == "[REDACTED]"
    assert not is_name_of_a_result("Kalium 4711")


def test_no_result_word_is_a_name_people_bear() -> None:
    assert not lexicon("result_words") & (lexicon("surnames") | lexicon("first_names"))

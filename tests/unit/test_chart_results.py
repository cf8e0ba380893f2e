"""Results: units, ranges, comparators, pairs, repeats and doubt."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.chart.judging import shown_number
from hntai.domain.chart.values import Doubt, Flag, Result
from hntai.domain.units import converted, normal_unit, shown_unit
from tests.unit.chart_records import PATIENT, chart_of, encounter, lab, pressure

POTASSIUM, CREATININE, GLUCOSE = "2823-3", "2160-0", "2345-7"


def only(*resources: Any, **more: Any) -> Result:
    (result,) = chart_of(encounter(), *resources, **more).results
    return result


@pytest.mark.parametrize(
    ("value", "unit", "analyte", "wanted", "expected"),
    [
        (5.5, "mmol/L", "glucose", "mg/dL", 99.09),
        (88.42, "umol/L", "creatinine", "mg/dL", 1.0),
        (88.42, "µmol/L", "creatinine", "mg/dL", 1.0),
        (5.0, "mmol/L", "cholesterol", "mg/dL", 193.35),
        (140, "mEq/L", "sodium", "mmol/L", 140),
        (132, "g/L", "hemoglobin", "g/dL", 13.2),
        (7128, "/uL", "leukocytes", "10*3/uL", 7.128),
        (7.1, "10^9/L", "leukocytes", "10*3/uL", 7.1),
        (98.6, "[degF]", "temperature", "Cel", 37.0),
        (150, "lbs", "weight", "kg", 68.04),
        (60, "mL/min/1.73m²", "egfr", "mL/min/{1.73_m2}", 60),
    ],
)
def test_units_are_converted_by_analyte(
    value: float, unit: str, analyte: str, wanted: str, expected: float
) -> None:
    assert converted(value, unit, analyte, wanted) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("value", "unit", "analyte", "wanted"),
    [
        (5.5, "mmol/L", "sodium", "mg/dL"),
        (5.5, "", "potassium", "mmol/L"),
        (5.5, "furlong", "glucose", "mg/dL"),
    ],
)
def test_a_conversion_that_would_be_a_guess_is_refused(
    value: float, unit: str, analyte: str, wanted: str
) -> None:
    assert converted(value, unit, analyte, wanted) is None


def test_units_have_one_spelling_and_annotations_are_not_shown() -> None:
    assert normal_unit("MMOL/L") == "mmol/L"
    assert shown_unit("{score}") == ""
    assert shown_unit("Cel") == "°C"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (139.894, "139.9"), (118, "118"), (3.460032, "3.46"), (0.0859, "0.0859"), (0.05, "0.05"),
        (10.0, "10"), (7128.0, "7128"), (-2.5689, "-2.57"), (0, "0"), (1e9, "1000000000"),
    ],
)  # fmt: skip
def test_numbers_are_shown_short_and_without_exponent(value: float, shown: str) -> None:
    assert shown_number(value) == shown


@pytest.mark.parametrize(
    ("code", "value", "unit", "flag"),
    [
        (POTASSIUM, 5.0, "mmol/L", Flag.NORMAL),
        (POTASSIUM, 5.1, "mmol/L", Flag.HIGH),
        (POTASSIUM, 3.4, "mEq/L", Flag.LOW),
        (POTASSIUM, 5.004, "mmol/L", Flag.NORMAL),
        (CREATININE, 1.2, "mg/dL", Flag.HIGH),
        (CREATININE, 80, "umol/L", Flag.NORMAL),
        (GLUCOSE, 5.0, "mmol/L", Flag.NORMAL),
        (GLUCOSE, 9.0, "mmol/L", Flag.HIGH),
        ("99999-9", 5, "mmol/L", Flag.UNJUDGED),
    ],
)
def test_the_table_judges_what_brings_no_range(code: str, value: float, unit: str, flag: Flag) -> None:
    assert only(lab(code, value, unit)).flag is flag


def test_the_table_judges_by_sex_and_not_at_all_for_children_or_unknown_ages() -> None:
    result = lab(CREATININE, 1.2, "mg/dL")
    assert only(result, patient={**PATIENT, "gender": "male"}).flag is Flag.NORMAL
    assert only(result, patient={**PATIENT, "birthDate": "2020-01-01"}).flag is Flag.UNJUDGED
    assert only(result, patient={**PATIENT, "birthDate": None}).flag is Flag.UNJUDGED


def test_the_results_own_range_comes_before_the_table() -> None:
    own = [{"low": {"value": 3.0, "unit": "mmol/L"}, "high": {"value": 6.0, "unit": "mmol/L"}}]
    result = only(lab(POTASSIUM, 5.5, "mmol/L", referenceRange=own))
    assert (result.flag, result.range and result.range.shown) == (Flag.NORMAL, "3-6")


@pytest.mark.parametrize(
    "other",
    [
        {"appliesTo": [{"coding": [{"code": "M"}]}]},
        {"age": {"high": {"value": 12, "code": "a"}}},
        {"type": {"coding": [{"code": "therapeutic"}]}},
        {"high": {"value": 500, "unit": "mg/dL"}},
    ],
)
def test_a_range_meant_for_others_is_not_used(other: dict[str, Any]) -> None:
    own = {"low": {"value": 1.0, "unit": "mmol/L"}, "high": {"value": 9.0, "unit": "mmol/L"}, **other}
    assert only(lab(POTASSIUM, 5.5, "mmol/L", referenceRange=[own])).flag is Flag.HIGH


@pytest.mark.parametrize(
    ("comparator", "value", "flag"),
    [("<", 3.0, Flag.LOW), ("<", 4.0, Flag.UNJUDGED), (">", 7.0, Flag.HIGH), (">", 4.0, Flag.UNJUDGED)],
)
def test_a_comparator_stays_and_is_judged_only_without_doubt(
    comparator: str, value: float, flag: Flag
) -> None:
    quantity = {"value": value, "unit": "mmol/L", "comparator": comparator}
    result = only(lab(POTASSIUM, 0, "", valueQuantity=quantity))
    assert result.shown == f"{comparator}{value:g} mmol/L"
    assert (result.flag, result.is_comparable) == (flag, False)


@pytest.mark.parametrize(
    ("code", "value", "unit", "doubt"),
    [
        ("2885-2", 73.0, "g/dL", Doubt.IMPLAUSIBLE),
        ("4548-4", 3.01, "%", Doubt.IMPLAUSIBLE),
        (POTASSIUM, 4.1, "", Doubt.NO_UNIT),
        ("6301-6", 5.8, "", Doubt.NONE),
        ("6301-6", 5.8, "1", Doubt.NONE),
        ("6301-6", 5.8, "{ratio}", Doubt.NONE),
        (POTASSIUM, 4.1, "1", Doubt.UNIT),
        (POTASSIUM, 4.1, "mg/dL", Doubt.UNIT),
        ("2885-2", 73.0, "g/L", Doubt.NONE),
        (POTASSIUM, 8.9, "mmol/L", Doubt.NONE),
    ],
)
def test_implausible_values_and_units_are_kept_with_doubt(
    code: str, value: float, unit: str, doubt: Doubt
) -> None:
    result = only(lab(code, value, unit))
    assert (result.doubt, result.is_comparable) == (doubt, doubt is Doubt.NONE)


def test_the_same_value_at_the_same_time_is_one_result_with_both_references() -> None:
    result = only(lab(POTASSIUM, 4.1, "mmol/L", own="a"), lab(POTASSIUM, 4.1, "mmol/L", own="b"))
    assert result.references == ("Observation/a", "Observation/b")


def test_different_values_at_the_same_time_conflict() -> None:
    chart = chart_of(lab("718-7", 17.2, "g/dL", own="a"), lab("718-7", 10.2, "g/dL", own="b"))
    assert {result.doubt for result in chart.results} == {Doubt.CONFLICTING}
    assert chart.counts["conflicting"] == 2


def test_a_final_result_replaces_the_preliminary_one_of_the_same_time() -> None:
    early = lab(POTASSIUM, 6.9, "mmol/L", own="a", status="preliminary")
    assert only(early, lab(POTASSIUM, 4.2, "mmol/L", own="b")).shown == "4.2 mmol/L"
    assert only(early).is_preliminary


@pytest.mark.parametrize("status", ["cancelled", "registered", "unknown", "entered-in-error"])
def test_what_is_no_result_is_left_out(status: str) -> None:
    assert chart_of(lab(POTASSIUM, 4.2, "mmol/L", status=status)).results == ()


def test_blood_pressure_is_one_pair() -> None:
    result = only(pressure(152, 86))
    assert (result.shown, result.value, result.diastolic, result.flag) == ("152/86 mmHg", 152, 86, Flag.HIGH)


def test_systolic_and_diastolic_recorded_apart_become_one_pair() -> None:
    result = only(lab("8480-6", 118, "mm[Hg]"), lab("8462-4", 74, "mm[Hg]"))
    assert (result.shown, result.analyte, len(result.references)) == ("118/74 mmHg", "blood_pressure", 2)


@pytest.mark.parametrize(("systolic", "diastolic"), [(80, 120), (16, 9), (900, 80)])
def test_an_impossible_pressure_is_doubted(systolic: int, diastolic: int) -> None:
    assert only(pressure(systolic, diastolic)).doubt is Doubt.IMPLAUSIBLE


def test_components_of_other_panels_are_results_of_their_own() -> None:
    part = {"code": {"coding": [{"code": POTASSIUM}]}, "valueQuantity": {"value": 4.1, "unit": "mmol/L"}}
    panel = pressure(120, 80)
    panel["component"] = [part]
    assert only(panel).shown == "4.1 mmol/L"


@pytest.mark.parametrize("value", [None, "4.1", True, {"value": 4}, [4]])
def test_a_value_of_wrong_type_is_no_number(value: object) -> None:
    assert all(result.value is None for result in chart_of(lab(POTASSIUM, value, "mmol/L")).results)

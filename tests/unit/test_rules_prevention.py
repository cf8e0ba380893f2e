"""Screening and vaccines: one statement each, and only where the record goes back far enough."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.statements import Section
from tests.unit.chart_records import allergy, chart_of, drug, encounter, lab, problem, statements_of
from tests.unit.rule_tables import ROUTINE, advice, fired, person

HISTORY = tuple(encounter(day, f"h-{day}") for day in ("2014-02-01", "2022-03-01", "2024-04-01"))
SUBJECT = {"subject": {"reference": "Patient/p1"}, "patient": {"reference": "Patient/p1"}}


def done(name: str, day: str) -> dict[str, Any]:
    told = {
        "id": f"p-{''.join(filter(str.isalnum, name))}-{day}",
        "status": "completed",
        "code": {"text": name},
    }
    return {"resourceType": "Procedure", "performedDateTime": day, **told, **SUBJECT}


def given(name: str, day: str, code: str = "") -> dict[str, Any]:
    concept = {
        "text": name,
        "coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": code}] if code else [],
    }
    told = {"id": f"v-{code}-{day}", "status": "completed", "vaccineCode": concept, "occurrenceDateTime": day}
    return {"resourceType": "Immunization", **told, **SUBJECT}


XRAY, FLU = done("Knee X-ray", "2025-01-10"), given("Influenza, seasonal", "2025-10-01", "140")


@pytest.mark.parametrize(
    ("sex", "age", "record", "name", "lacks"),
    [
        ("female", 60, [], "colorectal cancer", True),
        ("female", 60, [done("Colonoscopy", "2017-01-10")], "colorectal cancer", False),
        ("female", 60, [done("Colonoscopy", "2015-01-10")], "colorectal cancer", True),
        ("female", 60, [lab("57905-2", 12, "ng/mL")], "colorectal cancer", False),
        ("female", 44, [], "colorectal cancer", False),
        ("female", 76, [], "colorectal cancer", False),
        ("female", 60, [problem("Malignant neoplasm of colon")], "colorectal cancer", False),
        ("female", 60, [], "breast cancer", True),
        ("female", 60, [done("Screening mammography", "2025-01-10")], "breast cancer", False),
        ("female", 60, [done("Screening mammography", "2023-01-10")], "breast cancer", True),
        ("male", 60, [], "breast cancer", False),
        ("female", 75, [], "breast cancer", False),
        ("female", 40, [], "cervical cancer", True),
        ("female", 40, [problem("History of total hysterectomy")], "cervical cancer", False),
        ("female", 66, [], "cervical cancer", False),
        ("male", 68, [], "aortic aneurysm", False),
        ("female", 70, [], "osteoporosis", True),
        ("female", 64, [], "osteoporosis", False),
        ("female", 70, [done("Bone density scan", "2015-01-10")], "osteoporosis", False),
        ("male", 30, [], "hepatitis C", True),
        ("male", 30, [done("Hepatitis C antibody test", "2015-01-10")], "hepatitis C", False),
        ("male", 30, [], "depression", True),
        ("male", 30, [done("Depression screening", "2026-01-10")], "depression", False),
        ("male", 30, [problem("Major depressive disorder")], "depression", False),
    ],
)
def test_screening_by_age_sex_and_record(
    sex: str, age: int, record: list[dict[str, Any]], name: str, *, lacks: bool
) -> None:
    told = advice("screening", *HISTORY, XRAY, *record, patient=person(sex, age))
    assert (name in told) is lacks
    assert fired("screening", *HISTORY, XRAY, *record, patient=person(sex, age)) == ROUTINE


def smoking(words: str) -> dict[str, Any]:
    told = lab("72166-2", 0, "", valueCodeableConcept={"text": words})
    del told["valueQuantity"]
    return told


@pytest.mark.parametrize(
    ("words", "lacks"), [("Former smoker", True), ("Never smoker", False), ("Current every day smoker", True)]
)
def test_an_aneurysm_is_looked_for_in_men_who_smoked(words: str, *, lacks: bool) -> None:
    told = advice("screening", *HISTORY, XRAY, smoking(words), patient=person("male", 68))
    assert ("aortic aneurysm" in told) is lacks


@pytest.mark.parametrize(
    ("amount", "unit", "words", "lacks"),
    [
        (20, "{PackYears}", "Current every day smoker", True),
        (19, "{PackYears}", "Current every day smoker", False),
        (30, "kg", "Current every day smoker", False),
        (30, "{PackYears}", "Former smoker", False),
    ],
)
def test_lung_screening_needs_twenty_pack_years_and_smoking_within_fifteen_years(
    amount: float, unit: str, words: str, *, lacks: bool
) -> None:
    smoked = lab("8664-5", amount, unit), smoking(words)
    told = advice("screening", *HISTORY, XRAY, *smoked, patient=person("male", 60))
    assert ("lung cancer" in told) is lacks


@pytest.mark.parametrize(
    "record",
    [
        [XRAY],
        [*HISTORY],
        [*HISTORY[2:], XRAY, encounter("2024-05-01", "h4"), encounter("2024-06-01", "h5")],
        [*HISTORY, XRAY, problem("Alzheimer's disease")],
    ],
)
def test_screening_is_not_judged_without_history_or_in_the_last_years_of_life(
    record: list[dict[str, Any]],
) -> None:
    assert fired("screening", *record) == []


def test_a_record_shorter_than_the_interval_does_not_tell_of_it() -> None:
    short = [encounter(day, f"s-{day}") for day in ("2022-01-10", "2023-01-10", "2024-01-10")]
    told = advice("screening", *short, XRAY, patient=person(age=60))
    assert "breast cancer" in told
    assert "colorectal cancer" not in told


@pytest.mark.parametrize(
    ("age", "record", "name", "lacks"),
    [
        (60, [], "zoster", True),
        (60, [given("zoster recombinant", "2020-01-10", "187")], "zoster", False),
        (60, [given("zoster", "2014-01-10", "121")], "zoster", True),
        (60, [allergy("Recombinant zoster vaccine")], "zoster", False),
        (49, [], "zoster", False),
        (60, [], "tetanus", True),
        (60, [given("Td (adult) preservative free", "2017-01-10", "113")], "tetanus", False),
        (60, [given("Td (adult) preservative free", "2015-01-10", "113")], "tetanus", True),
        (60, [], "influenza", False),
        (60, [given("Haemophilus influenzae type b", "2026-01-10", "48")], "influenza", False),
        (75, [], "RSV", True),
        (74, [], "RSV", False),
        (50, [], "pneumococcal", True),
        (50, [given("Pneumococcal conjugate PCV 20", "2024-01-10", "216")], "pneumococcal", False),
        (59, [], "hepatitis B", True),
        (60, [], "hepatitis B", False),
        (65, [], "COVID-19", True),
        (64, [], "COVID-19", False),
    ],
)
def test_vaccines_by_age_and_record(
    age: int, record: list[dict[str, Any]], name: str, *, lacks: bool
) -> None:
    assert (name in advice("immunizations", *HISTORY, FLU, *record, patient=person(age=age))) is lacks


def test_influenza_counts_for_a_year() -> None:
    told = advice("immunizations", *HISTORY, given("Influenza, seasonal", "2025-03-01", "140"))
    assert "influenza" in told
    assert fired("immunizations", *HISTORY, FLU) == ROUTINE


def test_haemophilus_is_not_influenza() -> None:
    told = advice("immunizations", *HISTORY, given("Haemophilus influenzae type b", "2026-01-10", "48"))
    assert "influenza" in told


@pytest.mark.parametrize("record", [[FLU], [*HISTORY]])
def test_vaccines_are_not_judged_without_history_or_any_vaccine(record: list[dict[str, Any]]) -> None:
    assert fired("immunizations", *record) == []


def test_in_pregnancy_neither_is_suggested() -> None:
    carried = problem("Normal pregnancy", "2026-03-01")
    for rule in ("screening", "immunizations"):
        assert fired(rule, *HISTORY, XRAY, FLU, carried, patient=person(age=30)) == []
        assert fired(rule, *HISTORY, XRAY, FLU, patient=person(age=30)) == ROUTINE


def test_prevention_makes_at_most_two_statements_of_few_words() -> None:
    chart = chart_of(encounter(), *HISTORY, XRAY, FLU, drug("Metformin 500 MG"), patient=person(age=65))
    told = [s.text for s in statements_of(chart, Section.PLAN) if "the record shows none" in s.text]
    assert len(told) == 2
    assert all(len(text.split()) <= 40 for text in told)

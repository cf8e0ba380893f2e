"""What is found in a text, kind by kind, near misses too; medicines have their own."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.extraction.entities import Kind
from hntai.domain.extraction.extract import extract

PROBLEMS: dict[str, list[tuple[str, str]]] = {
    "67 yo M w/ HTN, DM2, CHF and CAD": [
        ("HTN", "I10"),
        ("DM2", "E11.9"),
        ("CHF", "I50.9"),
        ("CAD", "I25.10"),
    ],
    "c/o SOB": [("SOB", "R06.02")],
    "Anaemia and diarrhoea": [("Anaemia", "D64.9"), ("diarrhoea", "R19.7")],
    "severe asthma": [("asthma", "J45.909")],
    "Crohn's disease": [("Crohn's disease", "K50.90")],
    "steroid-induced diabetes": [("diabetes", "")],
    "pneumonia due to aspiration": [("pneumonia", "")],
    "fracture of the left hip": [("fracture of the left hip", "")],
    "Hearing aids": [],
    "body mass index": [],
    "infection control": [],
    "The diagnosis is pending": [],
    "SpO2 94 % on RA": [],
    "SpO2 88% RA": [],
    "influenza A": [("influenza A", "J10.1")],
    "influenza a week ago": [("influenza", "J11.1")],
    "PMH: stroke, asthma": [("stroke", ""), ("asthma", "J45.909")],
    "Had pneumonia in 2015": [("pneumonia", "")],
    "low blood sugars": [("low blood sugars", "")],
    "hypoglycemia": [("hypoglycemia", "E16.2")],
    "hold for SBP<100": [],
    "SBP in the 90s": [],
    "influenza and pneumococcal vaccines given": [],
}


@pytest.mark.parametrize("text", PROBLEMS)
def test_problems_and_their_codes(text: str) -> None:
    found = [(one.text, one.codes[0].code if one.codes else "") for one in extract(text).of(Kind.PROBLEMS)]
    assert found == PROBLEMS[text]


ALLERGIES: dict[str, list[tuple[str, str, str]]] = {
    "Allergies: Penicillin (hives), sulfa - rash": [
        ("Penicillin", "present", "hives"),
        ("sulfa", "present", "rash"),
    ],
    "NKDA": [("NKDA", "negated", "")],
    "No known drug allergies.": [("No known drug allergies", "negated", "")],
    "ALLERGIES: None": [("None", "negated", "")],
    "She is allergic to shellfish and latex.": [("shellfish", "present", ""), ("latex", "present", "")],
    "peanut allergy": [("peanut", "present", "")],
}


@pytest.mark.parametrize("text", ALLERGIES)
def test_allergies_with_their_reactions(text: str) -> None:
    found = extract(text).of(Kind.ALLERGIES)
    assert [(one.text, str(one.assertion), one.details.get("reaction", "")) for one in found] == ALLERGIES[
        text
    ]


MEASURED: dict[str, list[tuple[str, Any, str, str]]] = {
    "BP 142/88 mmHg": [("Blood pressure", None, "mmHg", "85354-9")],
    "blood pressure of one forty over ninety": [],
    "K 5.6 (H)": [("Potassium", 5.6, "", "2823-3")],
    "Na 138, Cr 1.4": [("Sodium", 138, "", "2951-2"), ("Creatinine", 1.4, "", "2160-0")],
    "glucose 212 mg/dL": [("Glucose", 212, "mg/dL", "2345-7")],
    "glucose 6.1 mmol/L": [("Glucose", 6.1, "mmol/L", "")],
    "glucose 6.1": [],
    "A1c of seven point two percent": [("Hemoglobin A1c", 7.2, "%", "4548-4")],
    "troponin < 0.01 ng/mL": [("Troponin", 0.01, "ng/mL", "")],
    "SpO2 94% on RA": [("Oxygen saturation", 94, "%", "59408-5")],
    "took 2 mg 3 times": [],
    "heart rate control": [],
    "PCV20 vaccine": [],
    "sodium fell to 128 mmol/L and was 136": [
        ("Sodium", 128, "mmol/L", "2951-2"),
        ("Sodium", 136, "mmol/L", "2951-2"),
    ],
    "CRP peaked at 146": [("C-reactive protein", 146, "", "")],
    "Hemoglobin dropped from 14 to 9.1 g/dL": [
        ("Hemoglobin", 14, "g/dL", "718-7"),
        ("Hemoglobin", 9.1, "g/dL", "718-7"),
    ],
    "Hemoglobin dropped 3 g/dL": [],
    "T 37.1 HR 80": [("Temperature", 37.1, "Cel", "8310-5"), ("Heart rate", 80, "/min", "8867-4")],
    "metoprolol 5 mg IV prn HR>130": [],
    "goal SpO2 > 92%": [],
    "HR>130 on arrival": [("Heart rate", 130, "/min", "8867-4")],
    "potassium 20 mEq tablets": [],
    "weight 82": [],
    "Height 5'7\"": [("Height", 67, "[in_i]", "8302-2")],
}


@pytest.mark.parametrize("text", MEASURED)
def test_results_and_vital_signs(text: str) -> None:
    found = extract(text)
    told = [
        (one.details["name"], one.details.get("value"), one.details.get("unit", ""), _code(one))
        for kind in (Kind.VITALS, Kind.LABS)
        for one in found.of(kind)
    ]
    assert told == MEASURED[text]


def _code(one: Any) -> str:
    return one.codes[0].code if one.codes else ""


def test_vaccines_have_their_codes_and_dates() -> None:
    text = "IMMUNIZATIONS: Tdap 2019, flu shot 10/2023. Declined Shingrix."
    found = extract(text).of(Kind.IMMUNIZATIONS)
    assert [(one.text, _code(one), str(one.assertion)) for one in found] == [
        ("Tdap", "115", "present"),
        ("flu shot", "88", "present"),
        ("Shingrix", "187", "negated"),
    ]


def test_relatives_have_their_own_problems() -> None:
    text = (
        "FAMILY HISTORY: Mother had breast cancer. Father with MI. Sister has no diabetes. Asthma (brother)."
    )
    found = extract(text)
    assert [
        (one.text, one.details["relation"], str(one.assertion)) for one in found.of(Kind.FAMILY_HISTORY)
    ] == [
        ("breast cancer", "mother", "family"),
        ("MI", "father", "family"),
        ("diabetes", "sister", "negated"),
        ("Asthma", "brother", "family"),
    ]
    assert not found.of(Kind.PROBLEMS)


def test_habits_are_current_former_or_denied() -> None:
    text = (
        "SOCIAL HISTORY: Former smoker, 1 ppd. Drinks 2 beers a week. Denies illicit drugs. Retired teacher."
    )
    found = extract(text).of(Kind.SOCIAL_HISTORY)
    assert [(one.details["topic"], one.details.get("status")) for one in found] == [
        ("tobacco", "former"),
        ("alcohol", "current"),
        ("drugs", "never or denied"),
        ("occupation", None),
    ]


def test_procedures_are_done_planned_or_past() -> None:
    text = (
        "S/p appendectomy. Colonoscopy was normal. Schedule an echocardiogram. "
        "Hip replacement in 2018. Endoscopy on 3/4/2018. No PE on CT."
    )
    found = extract(text).of(Kind.PROCEDURES)
    assert [(one.text, str(one.assertion)) for one in found] == [
        ("appendectomy", "historical"),
        ("Colonoscopy", "present"),
        ("echocardiogram", "hypothetical"),
        ("Hip replacement", "historical"),
        ("Endoscopy", "present"),
        ("CT", "present"),
    ]


def test_a_short_form_stands_for_what_it_was_explained_with() -> None:
    text = "Immune thrombocytopenic purpura (ITP) was treated. ITPX is another. Later ITP recurred."
    found = extract(text).of(Kind.PROBLEMS)
    assert [one.text for one in found].count("ITP") == 2


def test_amounts_are_of_what_they_stand_beside() -> None:
    text = "SOCIAL HISTORY: smokes 1/2 ppd, social etoh, no drugs"
    found = extract(text).of(Kind.SOCIAL_HISTORY)
    assert [one.details.get("amount") for one in found] == ["1/2 ppd", None, None]


def test_vaccines_of_a_list_share_its_last_word() -> None:
    found = extract("influenza and pneumococcal vaccines given").of(Kind.IMMUNIZATIONS)
    assert [one.text for one in found] == ["influenza", "pneumococcal vaccines"]


def test_a_childs_disease_is_no_problem_of_the_patient() -> None:
    found = extract("SHx: lives with wife. Daughter has T1DM")
    assert not found.of(Kind.PROBLEMS)
    assert found.of(Kind.FAMILY_HISTORY)[0].details == {"relation": "daughter"}

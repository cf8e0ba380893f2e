"""A denial, a stop or a dose is of the item it stands with, and reaches into no other."""

from __future__ import annotations

import pytest

from hntai.domain.extraction.entities import Kind
from hntai.domain.extraction.extract import extract

Told = dict[str, str]


def _said(text: str, kind: Kind, name: str = "") -> Told:
    found = [one for one in extract(text).entities if one.kind is kind]
    return {str(one.details.get(name, one.text)): str(one.assertion) for one in found}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("No allergy to eggs, severe allergy to peanuts.", {"eggs": "negated", "peanuts": "present"}),
        ("No known drug allergies, severe peanut allergy.", {"none known": "negated", "peanut": "present"}),
        ("No allergy to latex, anaphylaxis to penicillin.", {"latex": "negated", "penicillin": "present"}),
        (
            "No known food allergies, penicillin anaphylaxis.",
            {"none known": "negated", "penicillin": "present"},
        ),
        ("Denies drug allergy, allergy to shellfish.", {"none known": "negated", "shellfish": "present"}),
        ("No allergy to penicillin.", {"penicillin": "negated"}),
        ("No known allergies to latex.", {"latex": "negated"}),
        ("No known allergies to medications.", {"none known": "negated"}),
        (
            "Allergies: no egg, peanut or shellfish.",
            {"egg": "negated", "peanut": "negated", "shellfish": "negated"},
        ),
        (
            "NKDA but had hives with Bactrim.",
            {"none known": "negated", "trimethoprim/sulfamethoxazole": "present"},
        ),
        ("Had anaphylaxis after ceftriaxone.", {"ceftriaxone": "present"}),
        ("Allergies: none known. Penicillin given.", {"none known": "negated"}),
        ("Allergies: bee stings, carries epinephrine 0.3 mg.", {"bee stings": "present"}),
        ("No rash with amoxicillin.", {}),
        ("Monitor for rash on lamotrigine 25 mg.", {}),
    ],
)
def test_an_allergy_beside_a_denied_one_is_told(text: str, said: Told) -> None:
    assert _said(text, Kind.ALLERGIES, "substance") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("No longer on warfarin, apixaban 5 mg BID.", {"warfarin": "historical", "apixaban": "present"}),
        ("Off warfarin, apixaban 5 mg BID.", {"warfarin": "historical", "apixaban": "present"}),
        ("Stopped lisinopril, losartan 50 mg daily.", {"lisinopril": "historical", "losartan": "present"}),
        ("Not on insulin, metformin 500 mg BID.", {"insulin": "negated", "metformin": "present"}),
        ("Stopped lisinopril 10 mg, aspirin 81 mg.", {"lisinopril": "historical", "aspirin": "historical"}),
        ("Stopped lisinopril and aspirin 81 mg.", {"lisinopril": "historical", "aspirin": "historical"}),
        ("Never misses her apixaban 5 mg bid.", {"apixaban": "present"}),
        ("Denies missing any doses of levetiracetam 500 mg.", {"levetiracetam": "present"}),
        ("Chest pain not relieved by nitroglycerin 0.4 mg SL.", {"nitroglycerin": "present"}),
        ("PMH: hypertension on lisinopril 10 mg daily.", {"lisinopril": "present"}),
        ("PMH: asthma, previously on prednisone.", {"prednisone": "historical"}),
        ("History of epilepsy controlled with valproate 500 mg BID.", {"valproic acid": "present"}),
        ("Metformin not given.", {"metformin": "negated"}),
        ("Continue all home meds except metformin.", {"metformin": "possible"}),
    ],
)
def test_a_medicine_beside_one_that_is_not_taken_is(text: str, said: Told) -> None:
    assert _said(text, Kind.MEDICATIONS, "drug") == said


def test_what_is_held_is_the_one_before_the_comma() -> None:
    found = extract("Warfarin on hold, enoxaparin 80 mg q12h.").entities
    assert [(one.details["drug"], one.details.get("status")) for one in found] == [
        ("warfarin", "held"),
        ("enoxaparin", None),
    ]


@pytest.mark.parametrize(
    ("text", "dose", "frequency"),
    [
        ("Warfarin 5 mg daily reduced to 2.5 mg daily.", "2.5", "once daily"),
        ("Apixaban 5 mg BID, reduced to 2.5 mg BID.", "2.5", "twice daily"),
        ("Digoxin 0.25 mg daily reduced to 0.125 mg.", "0.125", "once daily"),
        ("Methotrexate 10 mg weekly, dose doubled to 20 mg.", "20", "once weekly"),
        ("Atorvastatin 80 mg -> 40 mg daily.", "40", "once daily"),
        ("Furosemide 40 mg daily, now 80 mg daily.", "80", "once daily"),
        ("Morphine 15 mg q12h decreased to 15 mg daily.", "15", "once daily"),
        ("Increase lisinopril from 10 mg to 20 mg daily.", "20", "once daily"),
        ("Lisinopril 10 mg daily, may be increased to 20 mg.", "10", "once daily"),
        ("Lisinopril 10 mg daily, to be increased to 20 mg.", "10", "once daily"),
        ("Warfarin 5 mg daily, INR reduced to 2.5.", "5", "once daily"),
        ("Metoprolol 50 mg daily. BP reduced to 120/80.", "50", "once daily"),
    ],
)
def test_a_dose_is_the_one_it_has_now(text: str, dose: str, frequency: str) -> None:
    drug = next(one for one in extract(text).entities if one.kind is Kind.MEDICATIONS)
    assert (drug.details["dose"], drug.details["frequency"]) == (dose, frequency)


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("Hydrocodone-acetaminophen 5-325 mg q6h.", {"hydrocodone": "5", "acetaminophen": "325"}),
        ("Carbidopa/levodopa 25/100 mg TID.", {"carbidopa": "25", "levodopa": "100"}),
        ("Metoprolol 25-50 mg daily.", {"metoprolol": "25-50"}),
        ("Levothyroxine .125 mg daily.", {"levothyroxine": "0.125"}),
        ("Morphine sulphate 10 mg tablets BD.", {"morphine": "10"}),
        ("Thyroxine 100 micrograms od.", {"levothyroxine": "100"}),
    ],
)
def test_each_of_a_mixture_has_its_own_dose(text: str, doses: Told) -> None:
    found = [one.details for one in extract(text).entities if one.kind is Kind.MEDICATIONS]
    assert {str(one["drug"]): one.get("dose") for one in found} == doses


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CT: no hemorrhage, large MCA infarct.", {"hemorrhage": "negated", "infarct": "present"}),
        (
            "No fever, chills, severe headache, or rash.",
            dict.fromkeys(("fever", "chills", "headache", "rash"), "negated"),
        ),
        ("No fever, chills, cough.", dict.fromkeys(("fever", "chills", "cough"), "negated")),
        ("No diabetes, hypertension on lisinopril.", {"diabetes": "negated", "hypertension": "present"}),
        ("No history of stroke, history of MI 2018.", {"stroke": "negated", "MI": "historical"}),
        ("No worsening of heart failure.", {"heart failure": "present"}),
        ("No cause found for her anemia.", {"anemia": "present"}),
        ("Unable to exclude sepsis.", {"sepsis": "possible"}),
    ],
)
def test_a_problem_behind_a_denied_one_is_told_where_words_say_so(text: str, said: Told) -> None:
    assert _said(text, Kind.PROBLEMS) == said


@pytest.mark.parametrize(
    "text", ["Patient declined colonoscopy.", "Refused blood transfusion.", "Declines a biopsy."]
)
def test_a_procedure_someone_declined_was_not_done(text: str) -> None:
    assert list(_said(text, Kind.PROCEDURES).values()) == ["negated"]

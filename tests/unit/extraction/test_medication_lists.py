"""Lists of medicines: which words speak of which, and what is no allergy though it stands beside one."""

from __future__ import annotations

import pytest

from hntai.domain.extraction.entities import Kind
from hntai.domain.extraction.extract import extract
from hntai.domain.extraction.fhir_bundle import bundle
from hntai.domain.extraction.fhir_values import medication_status

TAKEN: dict[str, list[tuple[str, str]]] = {
    "warfarin 5 mg daily, no refills, digoxin 0.125 mg daily and metformin 500 mg BID": [
        ("warfarin", "active"),
        ("digoxin", "active"),
        ("metformin", "active"),
    ],
    "lisinopril 10 mg daily #20 no refills atorvastatin 40 mg daily": [
        ("lisinopril", "active"),
        ("atorvastatin", "active"),
    ],
    "simvastatin 20 mg (d/c'd, myalgias) furosemide 40 mg BID hold if SBP<100 KCl 20 mEq daily": [
        ("simvastatin", "stopped"),
        ("furosemide", "active"),
        ("KCl", "active"),
    ],
    "lisinopril increased to 20 mg daily amlodipine 5 mg daily": [
        ("lisinopril", "active"),
        ("amlodipine", "active"),
    ],
    "stopped lisinopril 10 mg and metformin 500 mg": [("lisinopril", "stopped"), ("metformin", "stopped")],
    "Stopped: omeprazole (C. difficile), bendroflumethiazide (hyponatraemia)": [
        ("omeprazole", "stopped"),
        ("bendroflumethiazide", "stopped"),
    ],
    "Stopped warfarin 5 mg daily, started apixaban 5 mg BID": [
        ("warfarin", "stopped"),
        ("apixaban", "active"),
    ],
    "digoxin 0.125 mg daily if HR > 60, furosemide 40 mg daily": [
        ("digoxin", "active"),
        ("furosemide", "active"),
    ],
    "Has taken amoxicillin since without problems": [("amoxicillin", "unknown")],
    "If fever, take acetaminophen 650 mg": [("acetaminophen", "intended")],
    "Warfarin and aspirin were stopped.": [("Warfarin", "stopped"), ("aspirin", "stopped")],
    "lisinopril and warfarin was stopped": [("lisinopril", "active"), ("warfarin", "stopped")],
    "warfarin was stopped and apixaban started": [("warfarin", "stopped"), ("apixaban", "active")],
    "h/o DM on metformin 500 mg BID": [("metformin", "active")],
    "62M h/o CHF, AF on apixaban 5 mg BID and metoprolol": [("apixaban", "active"), ("metoprolol", "active")],
    "h/o DVT, was on warfarin": [("warfarin", "stopped")],
    "History of AF, no longer on warfarin": [("warfarin", "stopped")],
    "not on aspirin": [("aspirin", "not-taken")],
    "PE felt unlikely on apixaban.": [("apixaban", "active")],
    "Start clopidogrel 75 mg daily if PCI done": [("clopidogrel", "intended")],
    "heparin drip held given apixaban": [("heparin drip", "on-hold"), ("apixaban", "active")],
    "no sick contacts, no recent use of antibiotics": [("antibiotics", "not-taken")],
    "If BP remains high start amlodipine 5 mg daily": [("amlodipine", "intended")],
    "no improvement with prednisone 40 mg daily": [("prednisone", "active")],
    "Penicillin allergy but has tolerated cefazolin": [("cefazolin", "unknown")],
    "Continue lisinopril 10 mg daily, hold metformin 500 mg BID, d/c HCTZ 25 mg": [
        ("lisinopril", "active"),
        ("metformin", "on-hold"),
        ("HCTZ", "stopped"),
    ],
    "consider starting metformin 500 mg BID and lisinopril 10 mg daily": [
        ("metformin", "intended"),
        ("lisinopril", "intended"),
    ],
    "denies taking ibuprofen or naproxen": [("ibuprofen", "not-taken"), ("naproxen", "not-taken")],
}


@pytest.mark.parametrize("text", TAKEN)
def test_each_medicine_is_what_its_own_item_says(text: str) -> None:
    found = extract(text).of(Kind.MEDICATIONS)
    assert [(one.text, medication_status(one)) for one in found] == TAKEN[text]


def test_a_hold_condition_is_told_with_its_medicine() -> None:
    found = extract("furosemide 40 mg BID hold if SBP<100 KCl 20 mEq daily")
    assert found.of(Kind.MEDICATIONS)[0].details["sig"] == "40 mg BID hold if SBP<100"
    assert not found.of(Kind.PROBLEMS)


def test_reasons_given_stay_with_given_started_and_changed() -> None:
    found = extract("heparin drip held given apixaban. Patient given aspirin.").of(Kind.MEDICATIONS)
    assert [one.details.get("status") for one in found] == ["held", None, "started"]


ALLERGIC: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "he's allergic to sulfa he gets a rash we'll start gabapentin three hundred milligrams at bedtime": (
        [("sulfa", "rash")],
        ["gabapentin"],
    ),
    "Allergies: penicillin. Tolerates cephalexin.": ([("penicillin", "")], ["cephalexin"]),
    "Allergies: penicillin (hives). Has taken amoxicillin without reaction. Codeine causes nausea.": (
        [("penicillin", "hives"), ("Codeine", "nausea")],
        ["amoxicillin"],
    ),
    "Allergies: penicillin (hives when taken in 2010), codeine": (
        [("penicillin", "hives"), ("codeine", "")],
        [],
    ),
    "She is allergic to sulfa drugs, which cause a rash.": ([("sulfa drugs", "rash")], []),
    "He is allergic to penicillin, takes metformin 500 mg BID, lisinopril 10 mg daily.": (
        [("penicillin", "")],
        ["metformin", "lisinopril"],
    ),
    "I'm allergic to ibuprofen I break out in hives": ([("ibuprofen", "hives")], []),
    "Allergies: does not tolerate codeine": ([("codeine", "")], []),
    "allergic to sulfa, he gets hives, and penicillin": ([("sulfa", "hives"), ("penicillin", "")], []),
}


@pytest.mark.parametrize("text", ALLERGIC)
def test_what_is_borne_or_taken_is_no_allergy(text: str) -> None:
    found = extract(text)
    allergies = [(one.text, one.details.get("reaction", "")) for one in found.of(Kind.ALLERGIES)]
    assert (allergies, [one.text for one in found.of(Kind.MEDICATIONS)]) == ALLERGIC[text]
    assert not found.of(Kind.PROBLEMS)


def test_what_was_borne_is_not_told_as_taken_now() -> None:
    (found,) = extract("Allergies: penicillin. Tolerates cephalexin.").of(Kind.MEDICATIONS)
    assert medication_status(found) == "unknown"


def test_a_dose_in_an_allergy_list_makes_no_medicine_of_it() -> None:
    found = extract("Allergies: aspirin 81 mg daily - GI bleed")
    assert [one.text for one in found.of(Kind.ALLERGIES)] == ["aspirin"]
    assert not found.of(Kind.MEDICATIONS)


def test_a_relatives_medicine_and_a_limit_are_no_resources() -> None:
    written = bundle(extract("Mother takes metformin. Call if HR 130 or temp 101."))
    kinds = [entry["resource"]["resourceType"] for entry in written["entry"]]
    assert kinds == ["Patient"]


def test_a_sig_claims_nothing_of_the_next_line() -> None:
    found = extract("Increase metformin to 1000 mg twice daily.\n\nCongestive heart failure.")
    assert [one.text for one in found.of(Kind.PROBLEMS)] == ["Congestive heart failure"]


def test_one_who_discontinues_a_week_before_takes_nothing_weekly() -> None:
    (found,) = extract("She plans to discontinue clopidogrel a week before her surgery.").of(Kind.MEDICATIONS)
    assert "frequency" not in found.details


def test_who_reacted_to_a_drug_is_allergic_to_it() -> None:
    found = extract("She had an allergic reaction to penicillin as a child.")
    assert [one.text for one in found.of(Kind.ALLERGIES)] == ["penicillin"]
    assert not found.of(Kind.MEDICATIONS)

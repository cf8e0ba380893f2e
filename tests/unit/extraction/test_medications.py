"""Medicines of a text with their doses, and what is none."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.extraction.entities import Kind
from hntai.domain.extraction.extract import extract

DRUGS: dict[str, dict[str, Any]] = {
    "Lisinopril 20 mg po daily": {
        "drug": "lisinopril",
        "dose": "20",
        "unit": "mg",
        "route": "oral",
        "frequency": "once daily",
    },
    "Percocet 5/325 1-2 tabs PO q6h prn pain x 10 days": {
        "drug": "oxycodone/acetaminophen",
        "dose": "5/325",
        "unit": "mg",
        "quantity": "1-2",
        "form": "tabs",
        "route": "oral",
        "frequency": "every 6 hours",
        "as_needed": True,
        "reason": "pain",
        "duration": "10 days",
    },
    "amoxicillin five hundred milligrams three times daily for seven days": {
        "drug": "amoxicillin",
        "dose": "500",
        "unit": "mg",
        "frequency": "three times daily",
        "duration": "7 days",
    },
    "Lantus 20 units sq qhs": {
        "drug": "insulin glargine",
        "dose": "20",
        "unit": "units",
        "route": "subcutaneous",
        "frequency": "at bedtime",
    },
    "started on 40 mg of furosemide IV BID": {
        "drug": "furosemide",
        "dose": "40",
        "unit": "mg",
        "route": "intravenous",
        "frequency": "twice daily",
        "status": "started",
    },
    "Hold metformin": {"drug": "metformin", "status": "held"},
    "Increase Toprol XL to 100 mg daily": {
        "drug": "metoprolol",
        "variant": "xl",
        "dose": "100",
        "unit": "mg",
        "frequency": "once daily",
        "status": "changed",
    },
    "warfarin was discontinued": {"drug": "warfarin", "status": "stopped"},
    "potassium chloride 20 mEq daily": {
        "drug": "potassium chloride",
        "dose": "20",
        "unit": "mEq",
        "frequency": "once daily",
    },
}


@pytest.mark.parametrize("text", DRUGS)
def test_medicines_and_how_they_are_taken(text: str) -> None:
    (found,) = extract(text).of(Kind.MEDICATIONS)
    assert {name: value for name, value in found.details.items() if name != "sig"} == DRUGS[text]


DOSES: dict[str, tuple[str, str, str]] = {
    "Levothyroxine increased from 75 mcg to 100 mcg": ("100", "mcg", ""),
    "metformin one thousand milligrams twice a day": ("1000", "mg", "twice daily"),
    "gabapentin three hundred milligrams at bedtime": ("300", "mg", "at bedtime"),
    "gabapentin six hundred and fifty milligrams": ("650", "mg", ""),
    "glargine 22 units subQ at bedtime": ("22", "units", "at bedtime"),
    "ondansetron 4 mg up to four times a day as needed": ("4", "mg", "four times daily"),
    "furosemide 80 BID": ("80", "", "twice daily"),
    "aspirin 2 times daily": ("", "", "twice daily"),
    "warfarin 5mg MWF and 2.5mg other days": ("", "", ""),
    "insulin 10 units qAM and 15 units qPM": ("", "", ""),
    "methotrexate 15 mg on Mondays": ("15", "mg", ""),
}


@pytest.mark.parametrize("text", DOSES)
def test_doses_as_they_are_said_and_none_where_there_are_two(text: str) -> None:
    (found,) = extract(text).of(Kind.MEDICATIONS)
    assert tuple(found.details.get(name, "") for name in ("dose", "unit", "frequency")) == DOSES[text]


def test_a_dose_that_varies_is_told_in_its_own_words() -> None:
    (found,) = extract("warfarin 5mg MWF and 2.5mg other days").of(Kind.MEDICATIONS)
    assert found.details["sig"] == "5mg MWF and 2.5mg other days"


NO_DRUG = (
    "Potassium 4.1",
    "drinks water",
    "Allergic to penicillin",
    "penicillin allergy",
    "ALLERGIES: codeine",
    "SOCIAL HISTORY: cocaine",
    "steroid-induced diabetes",
)


@pytest.mark.parametrize("text", NO_DRUG)
def test_what_is_no_medicine_here(text: str) -> None:
    assert not extract(text).of(Kind.MEDICATIONS)


def test_a_drug_for_prophylaxis_is_given() -> None:
    found = extract("heparin for DVT ppx, enoxaparin prophylaxis").of(Kind.MEDICATIONS)
    assert [str(one.assertion) for one in found] == ["present", "present"]

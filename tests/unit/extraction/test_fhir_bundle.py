"""The Bundle of an extraction: valid R4 by a library of the tests, places kept, and a chart again."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from hntai.domain.chart import build_chart
from hntai.domain.extraction.extract import extract
from hntai.domain.extraction.fhir_bundle import SPAN_URL, bundle

NOTE = """HPI: 67 yo F with h/o HTN seen for SOB and possible pneumonia. Denies chest pain. Risk of falls.
PROBLEM LIST: COPD
MEDICATIONS: lisinopril 20 mg po daily, albuterol 2 puffs q4-6h prn wheezing. Metformin was held.
Stop ibuprofen. Consider starting spironolactone.
ALLERGIES: penicillin (hives)
FAMILY HISTORY: Mother had breast cancer.
SOCIAL HISTORY: Former smoker. Retired teacher.
IMMUNIZATIONS: Tdap 2019. Declined Shingrix.
VITALS: BP 142/88, HR 92
LABS: potassium 5.6 mmol/L (H), troponin < 0.01 ng/mL
PLAN: Schedule an echocardiogram. S/p cholecystectomy.
"""
SERIES = "Na 140 -> 128. BP 150/90, repeat 130/80. Roommate has flu. Switched from atenolol to bisoprolol."
WRITTEN: dict[str, Any] = bundle(extract(NOTE))
RESOURCES = [entry["resource"] for entry in WRITTEN["entry"]]


def _of(kind: str) -> list[dict[str, Any]]:
    return [one for one in RESOURCES if one["resourceType"] == kind]


@pytest.mark.parametrize(
    "text", [NOTE, "", "NKDA", "no fever", "Asthma (brother). flu shot declined.", SERIES]
)
def test_a_bundle_is_valid(text: str) -> None:
    Bundle.model_validate(bundle(extract(text)))


def test_every_resource_names_the_place_it_stands_on() -> None:
    for one in RESOURCES[1:]:
        (extension,) = one["extension"]
        told = {part["url"]: part for part in extension["extension"]}
        start, end = told["start"]["valueUnsignedInt"], told["end"]["valueUnsignedInt"]
        assert extension["url"] == SPAN_URL
        assert NOTE[start:end].strip()
        assert "valueCode" in told["assertion"]


def test_statuses_say_what_the_text_says() -> None:
    medicines = {
        one["medicationCodeableConcept"]["text"]: one["status"] for one in _of("MedicationStatement")
    }
    assert medicines == {
        "lisinopril": "active",
        "albuterol": "active",
        "metformin": "on-hold",
        "ibuprofen": "stopped",
        "spironolactone": "intended",
    }
    problems = {
        one["code"]["text"]: one["verificationStatus"]["coding"][0]["code"] for one in _of("Condition")
    }
    assert problems == {
        "HTN": "confirmed",
        "SOB": "confirmed",
        "pneumonia": "provisional",
        "chest pain": "refuted",
        "COPD": "confirmed",
    }
    assert Counter(one["status"] for one in _of("Procedure")) == {"preparation": 1, "completed": 1}
    assert Counter(one["status"] for one in _of("Immunization")) == {"completed": 1, "not-done": 1}


def test_the_chart_reads_it_and_takes_over_nothing_that_is_denied_or_planned() -> None:
    chart = build_chart(RESOURCES, patient_id=RESOURCES[0]["id"], today=date(2026, 3, 1), scrub=str)
    named = {problem.name.lower() for problem in chart.problems}
    assert {"sob", "copd"} <= named
    assert "chest pain" not in named
    assert "falls" not in named
    drugs = {order.name.lower() for order in chart.orders}
    assert "lisinopril" in drugs
    assert "spironolactone" not in drugs
    assert [allergy.name.lower() for allergy in chart.allergies] == ["penicillin"]

"""What servers of different makers do in R4, row by row: read for what it means, or left out and counted."""

from __future__ import annotations

from typing import Any

import pytest

from hntai.domain.chart import known_values
from tests.unit.chart_records import (
    PATIENT,
    SUBJECT,
    allergy,
    chart_of,
    drug,
    encounter,
    lab,
    problem,
)

POTASSIUM = "2823-3"


def test_diagnoses_under_one_local_code_stay_apart() -> None:
    def told(name: str, code: str, own: str) -> dict[str, Any]:
        return problem(name, own=own, code={"coding": [{"code": code}], "text": name})

    chart = chart_of(
        told("Heart failure", "OTHER", "c1"),
        told("Asthma", "OTHER", "c2"),
        told("Asthma", "OTHER", "c3"),
        told("Hypertension", "I10", "c4"),
        told("Essential hypertension", "I10", "c5"),
        told("Gout", "90560007", "c6"),
        told("Gout of the foot", "90560007", "c7"),
    )
    assert {one.name for one in chart.problems} == {"Heart failure", "Asthma", "Hypertension", "Gout"}


@pytest.mark.parametrize(
    ("status", "is_active"),
    [
        ({"coding": [{"code": "active"}]}, True),
        ({"coding": [{"code": "resolved"}]}, False),
        ({"text": "Resolved"}, False),
        ({"coding": [{"system": "urn:x"}], "text": "Inactive"}, False),
        ("resolved", False),
        (None, True),
        ({}, True),
    ],
)
def test_a_clinical_status_is_read_by_code_or_text(status: object, is_active: bool) -> None:
    assert chart_of(problem("Asthma", clinicalStatus=status)).problems[0].is_active is is_active


@pytest.mark.parametrize(
    "ended",
    [
        {"abatementDateTime": "2020"},
        {"abatementString": "as a child"},
        {"abatementAge": {"value": 12, "unit": "a"}},
        {"abatementBoolean": True},
        {"abatementPeriod": {"end": "2020-01"}},
    ],
)
def test_without_a_status_what_ended_in_any_way_is_over(ended: dict[str, Any]) -> None:
    assert not chart_of(problem("Asthma", clinicalStatus=None, **ended)).problems[0].is_active
    assert chart_of(problem("Asthma", clinicalStatus=None, abatementBoolean=False)).problems[0].is_active


ERROR = {"coding": [{"code": "entered-in-error"}]}


@pytest.mark.parametrize(
    "wrong",
    [
        lab(POTASSIUM, 9.1, "mmol/L", status="entered-in-error"),
        encounter(status="entered-in-error", own="e2"),
        problem("Leukemia", verificationStatus=ERROR),
        problem("Leukemia", verificationStatus={"text": "Entered in Error"}),
        problem("Leukemia", verificationStatus="entered-in-error"),
        allergy("Penicillin", verificationStatus=ERROR),
        drug("Warfarin", status="entered-in-error"),
        {"resourceType": "Immunization", "id": "i", "status": "entered-in-error", **SUBJECT},
        {"resourceType": "DocumentReference", "id": "d", "status": "entered-in-error", **SUBJECT},
    ],
    ids=lambda one: str(one["resourceType"]),
)
def test_what_was_entered_in_error_enters_nothing(wrong: dict[str, Any]) -> None:
    chart = chart_of(encounter(), wrong)
    assert chart.counts["entered_in_error"] == 1
    facts = (
        *chart.results,
        *chart.problems,
        *chart.orders,
        *chart.allergies,
        *chart.immunizations,
        *chart.notes,
    )
    assert (facts, len(chart.encounters)) == ((), 1)


INSIDE = {"resourceType": "Medication", "id": "m", "code": {"text": "Amoxicillin 500 MG"}}
MADE_OF = {
    "resourceType": "Medication",
    "id": "m",
    "ingredient": [{"itemCodeableConcept": {"text": name}} for name in ("Sacubitril", "Valsartan")],
}


@pytest.mark.parametrize(
    ("order", "around", "name"),
    [
        ({"medicationReference": {"reference": "#m"}, "contained": [INSIDE]}, [], "Amoxicillin 500 MG"),
        ({"medicationReference": {"reference": "Medication/m"}}, [INSIDE], "Amoxicillin 500 MG"),
        ({"medicationReference": {"reference": "urn:uuid:m"}}, [INSIDE], "Amoxicillin 500 MG"),
        ({"medicationReference": {"reference": "Medication/gone", "display": "Amoxil"}}, [], "Amoxil"),
        ({"medicationReference": {"display": "Amoxil"}}, [], "Amoxil"),
        ({"medicationReference": {"reference": "#m"}, "contained": [MADE_OF]}, [], "Sacubitril / Valsartan"),
        ({"medicationReference": {"reference": "#other"}, "contained": [INSIDE]}, [], None),
    ],
)
def test_a_drug_is_named_where_its_order_leads(
    order: dict[str, Any], around: list[dict[str, Any]], name: str | None
) -> None:
    made = drug("x", own="m1", medicationCodeableConcept=None, **order)
    chart = chart_of(encounter(), made, *around)
    assert [one.name for one in chart.orders] == ([name] if name else [])
    assert chart.counts.get("nameless", 0) == (0 if name else 1)


PERSON = {**PATIENT, "identifier": [{"system": "urn:mrn", "value": "4711"}]}


@pytest.mark.parametrize(
    ("subject", "refusal"),
    [
        ({"reference": "Patient/p1"}, ""),
        ({"reference": "https://ehr.example/fhir/Patient/p1/_history/2"}, ""),
        ({"reference": "urn:uuid:p1"}, ""),
        ({"identifier": {"system": "urn:mrn", "value": "4711"}}, ""),
        ({"identifier": {"system": "urn:mrn", "value": "4712"}}, "other_patient"),
        ({"identifier": {"system": "urn:else", "value": "4712"}}, "unnamed_patient"),
        ({"reference": "Patient/p2"}, "other_patient"),
        ({"reference": "Patient/p_2"}, "other_patient"),
        ({"reference": "Group/p1"}, "other_patient"),
        ({"reference": "#same"}, "unnamed_patient"),
        ({"reference": "#other"}, "other_patient"),
        ({"reference": "#gone"}, "unnamed_patient"),
        ({"display": "Anna"}, "unnamed_patient"),
        (None, "unnamed_patient"),
    ],
)
def test_whose_a_resource_is(subject: object, refusal: str) -> None:
    contained = [
        {"resourceType": "Patient", "id": "same", "birthDate": PATIENT["birthDate"]},
        {"resourceType": "Patient", "id": "other", "birthDate": "1999-01-01"},
    ]
    named = lab(POTASSIUM, 4.1, "mmol/L", subject=subject, patient=None, contained=contained)
    chart = chart_of(encounter(), named, patient=PERSON)
    assert {reason for reason in ("other_patient", "unnamed_patient") if chart.counts.get(reason)} == (
        {refusal} if refusal else set()
    )
    assert len(chart.results) == (0 if refusal == "other_patient" else 1)


def test_a_name_written_in_one_piece_is_known_by_its_parts() -> None:
    def names(text: str) -> set[str]:
        return set(known_values([{"resourceType": "Patient", "name": [{"text": text}]}], "x").names)

    assert names("Dr. Anna M. Testpatient, MD") >= {"Anna", "Testpatient"}
    assert not names("Dr. Anna M. Testpatient, MD") & {"Dr", "Dr.", "MD", "M"}
    assert names("Testpatient, Anna") >= {"Anna", "Testpatient"}


def test_people_a_resource_contains_are_known() -> None:
    doctor = {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Testdoctor"}]}
    assert "Testdoctor" in known_values([lab("1", 1, "x", contained=[doctor])], "x").names

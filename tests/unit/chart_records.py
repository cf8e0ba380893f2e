"""Small FHIR records for tests of the chart: one invented patient, and a word for each kind of resource."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart, build_chart
from hntai.domain.dates import DateStyle
from hntai.domain.delta import build_delta
from hntai.domain.rules import Hit, hits
from hntai.domain.sections import section_statements
from hntai.domain.statements import Section, Statement

Resource = dict[str, Any]

TODAY = date(2026, 6, 1)
NEWEST = "2026-05-20"
SUBJECT = {"subject": {"reference": "Patient/p1"}, "patient": {"reference": "Patient/p1"}}
PATIENT: Resource = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"family": "Testpatient", "given": ["Anna"]}],
    "gender": "female",
    "birthDate": "1956-04-12",
}


def encounter(day: str = NEWEST, own: str = "e1", kind: str = "AMB", **more: Any) -> Resource:
    period = {"start": f"{day}T09:00:00Z", "end": f"{day}T10:00:00Z"}
    told = {"status": "finished", "class": {"code": kind}, "period": period, **SUBJECT}
    return {"resourceType": "Encounter", "id": own, **told, **more}


def lab(code: str, value: object, unit: str, day: str = NEWEST, own: str = "", **more: Any) -> Resource:
    return {
        "resourceType": "Observation",
        "id": own or f"o-{code}-{day}",
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": f"test {code}"},
        "effectiveDateTime": f"{day}T08:00:00Z" if len(day) == 10 else day,
        "valueQuantity": {"value": value, "unit": unit},
        **SUBJECT,
        **more,
    }


def pressure(systolic: object, diastolic: object, day: str = NEWEST, **more: Any) -> Resource:
    parts = [
        {"code": {"coding": [{"code": code}]}, "valueQuantity": {"value": value, "unit": "mmHg"}}
        for code, value in (("8480-6", systolic), ("8462-4", diastolic))
    ]
    made = lab("85354-9", 0, "", day, component=parts, **more)
    del made["valueQuantity"]
    return made


def drug(name: str, day: str = NEWEST, status: str = "active", own: str = "", **more: Any) -> Resource:
    return {
        "resourceType": "MedicationRequest",
        "id": own or f"m-{''.join(filter(str.isalnum, name))}-{day}",
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": {"text": name},
        "authoredOn": day,
        **SUBJECT,
        **more,
    }


def problem(
    name: str, day: str = "2020-01-01", status: str = "active", own: str = "", **more: Any
) -> Resource:
    return {
        "resourceType": "Condition",
        "id": own or f"c-{''.join(filter(str.isalnum, name))}",
        "clinicalStatus": {"coding": [{"code": status}]},
        "code": {"text": name},
        "onsetDateTime": day,
        **SUBJECT,
        **more,
    }


def allergy(name: str, own: str = "a1", **more: Any) -> Resource:
    told = {
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": name},
        "recordedDate": "2015-01-01",
    }
    return {"resourceType": "AllergyIntolerance", "id": own, **told, **SUBJECT, **more}


def chart_of(
    *resources: Any, patient: Mapping[str, object] = PATIENT, style: DateStyle = DateStyle.ABSOLUTE
) -> Chart:
    """The chart of the invented patient with these resources, as of TODAY."""
    every = [patient, *resources]
    return build_chart(every, patient_id="p1", today=TODAY, scrub=lambda text: text, date_style=style)


def statements_of(chart: Chart, *sections: Section) -> tuple[Statement, ...]:
    """The statements of the sections asked for, or of all four."""
    baseline = build_baseline(chart)
    delta = build_delta(chart, baseline)
    return tuple(
        s for section in sections or Section for s in section_statements(section, chart, baseline, delta)
    )


def texts_of(chart: Chart, *sections: Section) -> str:
    """The texts of those statements, one a line."""
    return "\n".join(statement.text for statement in statements_of(chart, *sections))


def hits_of(chart: Chart, rule: str) -> list[Hit]:
    """What one rule found."""
    return [hit for hit in hits(chart) if hit.rule.id == rule]

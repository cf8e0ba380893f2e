"""An extraction as a FHIR R4 Bundle, each resource with the place in the text it stands on.

Source: FHIR R4 (hl7.org/fhir/R4), its code systems. What a text only supposes, plans or warns of becomes no
Condition, Immunization or allergy; a medicine that is planned is `intended`, a procedure `preparation`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from hntai.domain.extraction import fhir_values as values
from hntai.domain.extraction.entities import Assertion, Detail, Entity, Kind
from hntai.domain.extraction.extract import Extraction
from hntai.domain.extraction.problems import is_acute
from hntai.domain.units import shown_unit

Resource = dict[str, Any]
SPAN_URL: Final = "urn:hntai:extension:source-span"
_SPACE: Final = uuid.UUID("5a1d0f0e-6a0b-5d0c-9f5e-68746e616901")
_PATIENT: Final = f"urn:uuid:{uuid.uuid5(_SPACE, 'patient')}"
_SUBJECT: Final = {"reference": _PATIENT}
_HL7: Final = "http://terminology.hl7.org/CodeSystem/"
_UCUM: Final = "http://unitsofmeasure.org"


def bundle(extraction: Extraction) -> Resource:
    """A collection: a patient of whom nothing is told, and a resource for each finding that holds."""
    entries = [{"fullUrl": _PATIENT, "resource": {"resourceType": "Patient", "id": _PATIENT[9:]}}]
    for place, one in enumerate(extraction.entities):
        body = resource_of(one)
        if body:
            own = str(uuid.uuid5(_SPACE, str(place)))
            resource = {**body, "id": own, "extension": [_span(one)]}
            entries.append({"fullUrl": f"urn:uuid:{own}", "resource": resource})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def resource_of(one: Entity) -> Resource:
    """The finding as a resource without an id; nothing where it becomes none."""
    return _WRITERS[one.kind](one)


def _span(one: Entity) -> Resource:
    parts: list[Resource] = [
        {"url": "start", "valueUnsignedInt": one.start},
        {"url": "end", "valueUnsignedInt": one.end},
        {"url": "assertion", "valueCode": one.assertion.value},
        {"url": "score", "valueDecimal": one.score},
    ]
    if one.section:
        parts.append({"url": "section", "valueString": one.section})
    return {"url": SPAN_URL, "extension": parts}


def _concept(one: Entity, text: str = "") -> Resource:
    concept: Resource = {"text": " ".join((text or one.text).split())}
    codings = [{"system": values.SYSTEMS[code.system], "code": code.code} for code in one.codes]
    return {**concept, "coding": codings} if codings else concept


def _coded(system: str, code: str) -> Resource:
    return {"coding": [{"system": _HL7 + system, "code": code}]}


def _condition(one: Entity) -> Resource:
    verified = values.VERIFICATION.get(one.assertion)
    if verified is None:
        return {}
    written: Resource = {
        "resourceType": "Condition",
        "verificationStatus": _coded("condition-ver-status", verified),
        "code": _concept(one),
        "subject": _SUBJECT,
    }
    if verified != "refuted" and not may_go_on(one):
        status = "inactive" if one.assertion is Assertion.HISTORICAL else "active"
        written["clinicalStatus"] = _coded("condition-clinical", status)
    return written


def may_go_on(one: Entity) -> bool:
    """Whether it stands under past history and its code is of what lasts: hypertension, no pneumonia.

    Nobody says whether such a problem is over, so nothing is said of its clinical status.
    """
    is_past = one.assertion is Assertion.HISTORICAL and one.section == "past_medical_history"
    return is_past and any(not is_acute(code.code) for code in one.codes)


def _medication(one: Entity) -> Resource:
    if one.assertion is Assertion.FAMILY:
        return {}
    written: Resource = {
        "resourceType": "MedicationStatement",
        "status": values.medication_status(one),
        "medicationCodeableConcept": _concept(one, product_of(one.details)),
        "subject": _SUBJECT,
    }
    dosage = _dosage(one.details)
    return {**written, "dosage": [dosage]} if dosage else written


def product_of(details: Mapping[str, Detail]) -> str:
    """The drug with its salt and release: `metoprolol succinate er`."""
    return f"{details['drug']} {details.get('variant', '')}".strip()


def _dosage(details: Mapping[str, Detail]) -> Resource:
    """Only what was told; the words of the sig stand beside it."""
    dosage: Resource = {}
    if details.get("sig"):
        dosage["text"] = " ".join(str(details["sig"]).split())
    if repeat := values.repeat_of(str(details.get("frequency", ""))):
        dosage["timing"] = {"repeat": repeat}
    if details.get("as_needed"):
        dosage["asNeededBoolean"] = True
    if details.get("route"):
        dosage["route"] = {"text": details["route"]}
    amount = values.number(str(details.get("dose", "")))
    if amount is not None and details.get("unit"):
        dosage["doseAndRate"] = [{"doseQuantity": {"value": amount, "unit": details["unit"]}}]
    return dosage


def _allergy(one: Entity) -> Resource:
    is_none = one.details.get("substance") == "none known"
    if one.assertion not in (Assertion.PRESENT, Assertion.POSSIBLE) and not is_none:
        return {}
    verified = "unconfirmed" if one.assertion is Assertion.POSSIBLE else "confirmed"
    about = {"drug": "drug ", "food": "food "}.get(str(one.details.get("about")), "")
    written: Resource = {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": _coded("allergyintolerance-clinical", "active"),
        "verificationStatus": _coded("allergyintolerance-verification", verified),
        "code": {"text": f"No known {about}allergies"} if is_none else _concept(one),
        "patient": _SUBJECT,
    }
    if one.details.get("reaction"):
        written["reaction"] = [{"manifestation": [{"text": one.details["reaction"]}]}]
    return written


def _observation(one: Entity) -> Resource:
    if one.assertion in (Assertion.FAMILY, Assertion.HYPOTHETICAL):
        return {}
    category = "vital-signs" if one.kind is Kind.VITALS else "laboratory"
    written = _told(category, _concept(one, str(one.details["name"])))
    if "systolic" in one.details:
        pressures = zip(("systolic", "diastolic"), ("8480-6", "8462-4"), strict=True)
        written["component"] = [
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
                "valueQuantity": _quantity(float(one.details[part]), "mm[Hg]", "mmHg"),
            }
            for part, code in pressures
        ]
        return written
    unit = str(one.details.get("unit", ""))
    quantity = _quantity(float(one.details["value"]), unit, shown_unit(unit) or unit)
    if one.details.get("comparator"):
        quantity["comparator"] = one.details["comparator"]
    written["valueQuantity"] = quantity
    flag = values.FLAGS.get(str(one.details.get("flag", "")))
    return {**written, "interpretation": [_coded("v3-ObservationInterpretation", flag)]} if flag else written


def _told(category: str, code: Resource) -> Resource:
    return {
        "resourceType": "Observation",
        "status": "unknown",
        "category": [_coded("observation-category", category)],
        "code": code,
        "subject": _SUBJECT,
    }


def _quantity(value: float, code: str, unit: str) -> Resource:
    return {"value": value, "unit": unit, "system": _UCUM, "code": code} if code else {"value": value}


def _procedure(one: Entity) -> Resource:
    status = values.PROCEDURE_STATUS.get(one.assertion)
    if status is None:
        return {}
    return {"resourceType": "Procedure", "status": status, "code": _concept(one), "subject": _SUBJECT}


def _immunization(one: Entity) -> Resource:
    status = {Assertion.PRESENT: "completed", Assertion.NEGATED: "not-done"}.get(one.assertion)
    if status is None:
        return {}
    return {
        "resourceType": "Immunization",
        "status": status,
        "vaccineCode": _concept(one),
        "patient": _SUBJECT,
        "occurrenceString": str(one.details.get("date", "not told")),
    }


def _relative(one: Entity) -> Resource:
    if one.assertion is not Assertion.FAMILY:
        return {}
    relation = str(one.details.get("relation", "family member"))
    return {
        "resourceType": "FamilyMemberHistory",
        "status": "partial",
        "patient": _SUBJECT,
        "relationship": {
            "text": relation,
            **_coded("v3-RoleCode", values.RELATIVES.get(relation, "FAMMEMB")),
        },
        "condition": [{"code": _concept(one)}],
    }


def _habit(one: Entity) -> Resource:
    topic = str(one.details["topic"])
    code: Resource = {"text": topic.replace("_", " ")}
    if topic in values.SOCIAL:
        code["coding"] = [{"system": "http://loinc.org", "code": values.SOCIAL[topic]}]
    status = str(one.details.get("status", "")) or one.text
    return {**_told("social-history", code), "valueString": " ".join(status.split())}


_WRITERS: Final[Mapping[Kind, Callable[[Entity], Resource]]] = {
    Kind.PROBLEMS: _condition,
    Kind.MEDICATIONS: _medication,
    Kind.ALLERGIES: _allergy,
    Kind.VITALS: _observation,
    Kind.LABS: _observation,
    Kind.PROCEDURES: _procedure,
    Kind.IMMUNIZATIONS: _immunization,
    Kind.FAMILY_HISTORY: _relative,
    Kind.SOCIAL_HISTORY: _habit,
}

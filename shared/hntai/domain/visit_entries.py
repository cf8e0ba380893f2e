"""Each kind of entry of the visits form as the FHIR R4 resource it stands for."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hntai.domain.fhir import Resource, mapping, string

_LOINC, _RXNORM = "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm"
_SYSTEMS = {
    "loinc": _LOINC,
    "rxnorm": _RXNORM,
    "icd10": "http://hl7.org/fhir/sid/icd-10-cm",
    "snomed": "http://snomed.info/sct",
    "cvx": "http://hl7.org/fhir/sid/cvx",
}
_FLAGS = {
    "low": "L",
    "critical-low": "LL",
    "high": "H",
    "critical-high": "HH",
    "normal": "N",
    "abnormal": "A",
}
_PERIODS = {"hour": "h", "day": "d", "week": "wk", "month": "mo"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: in which visit, of which patient, since when."""

    visit: str
    patient: str
    encounter: str
    begun: object


def known(**fields: Any) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {}, [{}])}


def codable(value: object) -> dict[str, Any]:
    """A CodeableConcept of a bare text, or of an entry with a name and codes."""
    if isinstance(value, str):
        return known(text=value)
    entry = mapping(value)
    coded = [{"system": system, "code": entry[name]} for name, system in _SYSTEMS.items() if entry.get(name)]
    local = [{"code": entry["code"]}] if entry.get("code") else []
    return known(text=entry.get("name"), coding=coded + local)


def telecoms(person: Resource) -> list[dict[str, Any]]:
    """Telephone numbers and e-mail addresses."""
    kinds = (("phones", "phone"), ("faxes", "fax"), ("emails", "email"))
    return [{"system": system, "value": value} for field, system in kinds for value in listed(person, field)]


def listed(holder: Resource, field: str) -> list[Any]:
    """The members of a list; a lone value counts as a list of one."""
    value = holder.get(field)
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _made(kind: str, entry: Resource, place: Place, own: str, **fields: Any) -> dict[str, Any]:
    person = string(entry.get("patient_id")) or place.patient
    named = {"reference": f"Patient/{person}"}
    whose = {"patient": named} if kind in ("AllergyIntolerance", "Immunization") else {"subject": named}
    encounter = {"reference": place.encounter} if place.encounter else None
    return known(resourceType=kind, id=own, encounter=encounter, **whose, **fields)


def _state(value: object) -> dict[str, Any]:
    state = string(value).lower()
    return {"coding": [{"code": state}]} if state else {}


def _problem(entry: Resource, place: Place, own: str) -> Mapping[str, Any]:
    return _made(
        "Condition", entry, place, own,
        code=codable(entry),
        clinicalStatus=_state(entry.get("status")),
        verificationStatus=_state(entry.get("certainty")),
        onsetDateTime=entry.get("onset"),
        abatementDateTime=entry.get("resolved"),
        recordedDate=entry.get("recorded") or ("" if entry.get("onset") else place.begun),
    )  # fmt: skip


def _medication(entry: Resource, place: Place, own: str) -> Mapping[str, Any]:
    is_reported = entry.get("is_reported") is True
    begun = entry.get("started") or place.begun
    when = {"effectivePeriod": known(start=begun, end=entry.get("ended"))} if is_reported else {}
    return _made(
        "MedicationStatement" if is_reported else "MedicationRequest", entry, place, own,
        status=string(entry.get("status")).lower() or "active",
        intent="" if is_reported else "order",
        medicationCodeableConcept=codable(entry),
        authoredOn="" if is_reported else begun,
        **when,
        **{"dosage" if is_reported else "dosageInstruction": [_dosage(entry)]},
    )  # fmt: skip


def _dosage(entry: Resource) -> dict[str, Any]:
    repeat = known(
        frequency=entry.get("times"),
        period=1 if entry.get("per") and not entry.get("every") else entry.get("every"),
        periodUnit=_PERIODS.get(string(entry.get("per"))),
        boundsPeriod=known(end=entry.get("ended")),
    )
    dose = known(value=entry.get("dose"), unit=entry.get("dose_unit"))
    return known(
        route=codable(entry.get("route")),
        asNeededBoolean=entry.get("as_needed"),
        timing=known(repeat=repeat),
        doseAndRate=[known(doseQuantity=dose)],
    )


def _allergy(entry: Resource, place: Place, own: str) -> Mapping[str, Any]:
    manifestations = [codable(reaction) for reaction in listed(entry, "reactions")]
    severity = string(entry.get("severity")).lower()
    return _made(
        "AllergyIntolerance", entry, place, own,
        code=codable(entry),
        clinicalStatus=_state(entry.get("status") or "active"),
        verificationStatus=_state(entry.get("certainty")),
        recordedDate=entry.get("recorded") or place.begun,
        criticality="high" if severity == "severe" else "",
        reaction=[known(manifestation=manifestations, severity=severity)],
    )  # fmt: skip


def _result(category: str) -> Callable[[Resource, Place, str], Mapping[str, Any]]:
    def read(entry: Resource, place: Place, own: str) -> Mapping[str, Any]:
        return _made(
            "Observation", entry, place, own,
            status=string(entry.get("status")).lower() or "final",
            category=[{"coding": [{"code": category}]}],
            code=codable(entry),
            effectiveDateTime=entry.get("taken") or place.begun,
            interpretation=[_state_code(_FLAGS.get(string(entry.get("flag")).lower(), ""))],
            **_value(entry),
        )  # fmt: skip

    return read


def _state_code(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]} if code else {}


def _value(entry: Resource) -> dict[str, Any]:
    """A number with its unit and range, a text, or the two numbers of a blood pressure."""
    if "systolic" in entry or "diastolic" in entry:
        ends = (("8480-6", "systolic"), ("8462-4", "diastolic"))
        return {"component": [_part(code, _quantity(entry.get(end), "mmHg")) for code, end in ends]}
    value, unit = entry.get("value"), entry.get("unit")
    if isinstance(value, str):
        return known(valueString=f"{value} {unit}" if isinstance(unit, str) and unit else value)
    limits = known(low=_quantity(entry.get("low"), unit), high=_quantity(entry.get("high"), unit))
    return known(
        valueQuantity=_quantity(value, unit) | known(comparator=entry.get("comparator")),
        referenceRange=[limits],
    )


def _part(code: str, quantity: dict[str, Any]) -> dict[str, Any]:
    return {"code": {"coding": [{"system": _LOINC, "code": code}]}, **known(valueQuantity=quantity)}


def _quantity(value: object, unit: object) -> dict[str, Any]:
    return {} if value is None else known(value=value, unit=unit)


def _procedure(entry: Resource, place: Place, own: str) -> Mapping[str, Any]:
    return _made(
        "Procedure", entry, place, own,
        status=string(entry.get("status")).lower() or "completed",
        code=codable(entry),
        performedDateTime=entry.get("date") or place.begun,
    )  # fmt: skip


def _immunization(entry: Resource, place: Place, own: str) -> Mapping[str, Any]:
    return _made(
        "Immunization", entry, place, own,
        status=string(entry.get("status")).lower() or "completed",
        vaccineCode=codable(entry),
        occurrenceDateTime=entry.get("date") or place.begun,
    )  # fmt: skip


def _note(entry: Resource, place: Place, own: str) -> Mapping[str, Any]:
    text = entry.get("text")
    data = base64.b64encode(text.encode()).decode() if isinstance(text, str) else ""
    return _made(
        "DocumentReference", entry, place, own,
        status=string(entry.get("status")).lower() or "current",
        type=codable(entry),
        date=entry.get("date") or place.begun,
        content=[{"attachment": known(contentType="text/plain", data=data)}],
    )  # fmt: skip


ENTRY_KINDS: Mapping[str, Callable[[Resource, Place, str], Mapping[str, Any]]] = {
    "problems": _problem,
    "medications": _medication,
    "allergies": _allergy,
    "vitals": _result("vital-signs"),
    "labs": _result("laboratory"),
    "procedures": _procedure,
    "immunizations": _immunization,
    "notes": _note,
}
"""By the name of the list they stand in, of a visit or of the record."""

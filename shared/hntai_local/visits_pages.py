"""The demo server's resources in the flat visits form, as docs/visits.md has it: two visits a page."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from hntai_local.fhir_server_store import FhirStore, Resource

_VISITS_A_PAGE = 2
_SETTINGS = {"AMB": "ambulatory", "EMER": "emergency", "IMP": "inpatient", "HH": "home", "VR": "virtual"}
_SYSTEMS = {
    "http://loinc.org": "loinc",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10",
    "http://snomed.info/sct": "snomed",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "http://hl7.org/fhir/sid/cvx": "cvx",
}
_PERIODS = {"h": "hour", "d": "day", "wk": "week", "mo": "month"}
_PARTS = {"8480-6": "systolic", "8462-4": "diastolic"}


def visits_pages(store: FhirStore, patient_id: str) -> Sequence[Resource]:
    """The pages of one patient's record; none where the patient is unknown."""
    patient = store.get("Patient", patient_id)
    if patient is None:
        return ()
    own = store.everything(patient_id, frozenset(), 10_000).resources
    visits = {
        f"Encounter/{one['id']}": _visit(one, store) for one in own if one["resourceType"] == "Encounter"
    }
    top: Resource = {"patient": _patient(patient, own)}
    for one in own:
        kind, entry = _entry(one)
        if kind:
            holder = visits.get(one.get("encounter", {}).get("reference", ""), top)
            holder.setdefault(kind, []).append({"id": one["id"], **entry})
    ordered = list(visits.values())
    pages = [ordered[at : at + _VISITS_A_PAGE] for at in range(0, len(ordered) or 1, _VISITS_A_PAGE)]
    rest = {"patient": {"id": patient_id}}
    return [{**(rest if number else top), "visits": page} for number, page in enumerate(pages)]


def _patient(patient: Resource, own: Sequence[Resource]) -> Resource:
    relatives = [one for one in own if one["resourceType"] == "RelatedPerson"]
    return _said(
        id=patient["id"],
        sex=patient.get("gender"),
        birth_date=patient.get("birthDate"),
        death_date=patient.get("deceasedDateTime"),
        mrn=[one["value"] for one in patient.get("identifier", []) if "type" in one],
        identifiers=[one["value"] for one in patient.get("identifier", []) if "type" not in one],
        addresses=[" ".join(one.get("line", [])) for one in patient.get("address", [])],
        relatives=[_reached(one) for one in relatives],
        **_reached(patient),
    )


def _reached(person: Resource) -> Resource:
    names = [" ".join([*one.get("given", []), one.get("family", "")]) for one in person.get("name", [])]
    by_system = {
        system: [one["value"] for one in person.get("telecom", []) if one.get("system") == system]
        for system in ("phone", "email")
    }
    return _said(name=names[0], phones=by_system["phone"], emails=by_system["email"])


def _visit(encounter: Resource, store: FhirStore) -> Resource:
    clinicians = [one["individual"]["reference"].split("/") for one in encounter.get("participant", [])]
    named = [store.get(kind, own) for kind, own in clinicians]
    names = [_reached(one)["name"] for one in named if one]
    return _said(
        id=encounter["id"],
        date=encounter["period"].get("start"),
        end=encounter["period"].get("end"),
        setting=_SETTINGS.get(encounter["class"]["code"]),
        type=encounter["type"][0]["text"],
        reason=encounter["reasonCode"][0]["text"] if encounter.get("reasonCode") else None,
        clinician=names[0] if names else None,
    )


def _entry(one: Resource) -> tuple[str, Resource]:
    """The list it stands in, and what it says there."""
    kind, concept, told = "", {}, {}
    match one["resourceType"]:
        case "Condition":
            state, certainty = (_code(one.get(name, {})) for name in ("clinicalStatus", "verificationStatus"))
            kind, concept = "problems", one["code"]
            told = {"status": state, "certainty": certainty, "onset": one.get("onsetDateTime")}
            told["resolved"] = one.get("abatementDateTime")
        case "MedicationRequest":
            kind, concept = "medications", one["medicationCodeableConcept"]
            told = {"status": one["status"], "started": one.get("authoredOn"), **_dosage(one)}
        case "AllergyIntolerance":
            kind, concept = "allergies", one["code"]
            reactions = [text["text"] for each in one.get("reaction", []) for text in each["manifestation"]]
            told = {"reactions": reactions, "recorded": one.get("recordedDate")}
            told["severity"] = "severe" if one.get("criticality") == "high" else None
        case "Immunization":
            kind, concept = "immunizations", one["vaccineCode"]
            told = {"date": one["occurrenceDateTime"]}
        case "Observation":
            kind = "vitals" if _code(one["category"][0]) == "vital-signs" else "labs"
            concept = one["code"]
            told = {"status": one["status"], "taken": one["effectiveDateTime"], **_value(one)}
        case "DocumentReference":
            kind, concept = "notes", one["type"]
            text = base64.b64decode(one["content"][0]["attachment"]["data"]).decode()
            told = {"date": one["date"], "text": text}
    return kind, _coded(concept) | _said(**told)


def _value(one: Resource) -> Resource:
    if "component" in one:
        return {_PARTS[_code(part["code"])]: part["valueQuantity"]["value"] for part in one["component"]}
    if "valueQuantity" not in one:
        return _said(value=one.get("valueString") or one.get("valueCodeableConcept", {}).get("text"))
    quantity = one["valueQuantity"]
    return _said(value=quantity["value"], unit=quantity.get("unit"), comparator=quantity.get("comparator"))


def _dosage(one: Resource) -> Resource:
    dosage = (one.get("dosageInstruction") or [{}])[0]
    repeat = dosage.get("timing", {}).get("repeat", {})
    dose = (dosage.get("doseAndRate") or [{}])[0].get("doseQuantity", {})
    return _said(
        dose=dose.get("value"),
        dose_unit=dose.get("unit"),
        times=repeat.get("frequency"),
        every=repeat.get("period"),
        per=_PERIODS.get(repeat.get("periodUnit")),
        as_needed=dosage.get("asNeededBoolean"),
        ended=repeat.get("boundsPeriod", {}).get("end"),
    )


def _coded(concept: Mapping[str, Any]) -> Resource:
    coded = {_SYSTEMS[one["system"]]: one["code"] for one in concept.get("coding", [])}
    shown = next((one.get("display") for one in concept.get("coding", [])), None)
    return _said(name=concept.get("text") or shown) | coded


def _code(concept: Mapping[str, Any]) -> str:
    return str(next((one["code"] for one in concept.get("coding", [])), ""))


def _said(**fields: Any) -> Resource:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}

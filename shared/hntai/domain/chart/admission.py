"""Which resources of a record may enter the chart: this patient's, each once, in its newest version."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from hntai.domain.dates import parse_moment
from hntai.domain.errors import EhrAnswerInvalidError, EhrWrongPatientError
from hntai.domain.fhir import Resource, mapping, mappings, reference, status, string

CLINICAL = frozenset(
    {
        "Encounter", "Condition", "MedicationRequest", "MedicationStatement", "AllergyIntolerance",
        "Observation", "Immunization", "Procedure", "DiagnosticReport", "DocumentReference", "Composition",
    }
)  # fmt: skip


def newest_versions(resources: Iterable[object], left_out: Counter[str]) -> tuple[Resource, ...]:
    """The resources that are JSON objects with a type, each id once, in an order that is always the same."""
    kept: dict[str, Resource] = {}
    for resource in resources:
        kind = string(mapping(resource).get("resourceType"))
        if not kind or not (type(resource) is dict or isinstance(resource, Mapping)):
            left_out["misshapen"] += 1
            continue
        own = string(resource.get("id"))
        key = f"{kind}/{own}" if own else f"{kind}#{_written(resource)}"
        if key not in kept or _version(resource) > _version(kept[key]):
            kept[key] = resource
    return tuple(kept[key] for key in sorted(kept))


def own_patient(resources: Iterable[Resource], patient_id: str) -> Resource:
    """The Patient resource asked for.

    Raises:
        EhrWrongPatientError: the record holds patients, but not this one.
        EhrAnswerInvalidError: the record holds no patient at all.
    """
    patients = [resource for resource in resources if resource.get("resourceType") == "Patient"]
    own = next((patient for patient in patients if string(patient.get("id")) == patient_id), None)
    if own is None and patients:
        raise EhrWrongPatientError(patients=len(patients))
    if own is None:
        raise EhrAnswerInvalidError(patients=0)
    return own


def by_reference(resources: Iterable[Resource]) -> dict[str, Resource]:
    """Resources by `Type/id`, and by bare id for references that are URNs."""
    index: dict[str, Resource] = {}
    for resource in resources:
        own = string(resource.get("id"))
        index[f"{string(resource.get('resourceType'))}/{own}"] = resource
        index.setdefault(own, resource)
    return index


def admitted(
    resources: Iterable[Resource], patient_id: str, index: Mapping[str, Resource], left_out: Counter[str]
) -> tuple[Resource, ...]:
    """The clinical resources of this patient that are not marked as errors; all others are counted."""
    kept = []
    named = f"Patient/{patient_id}"
    for resource in resources:
        if resource.get("resourceType") not in CLINICAL:
            continue
        refusal = _refusal(resource, named, index)
        if refusal:
            left_out[refusal] += 1
        if refusal in ("", "unnamed_patient"):
            kept.append(resource)
    return tuple(kept)


def _refusal(resource: Resource, own_name: str, index: Mapping[str, Resource]) -> str:
    """own_name: `Patient/` and the id of the patient asked for."""
    if "entered-in-error" in (status(resource, "status"), status(resource, "verificationStatus")):
        return "entered_in_error"
    if mapping(resource.get("subject")).get("reference") == own_name:
        return ""  # as most are written
    subject = reference(resource.get("subject")) or reference(resource.get("patient"))
    own = index.get(own_name, {})
    if not subject:
        return _by_identifier(resource, own)
    if subject.startswith("#"):
        return _by_contained(resource, subject[1:], own)
    is_typed = "/" in subject
    named = subject if is_typed else f"Patient/{subject}"
    if named == own_name:
        return ""
    is_unresolved_urn = not is_typed and subject not in index and _patients(index) == 1
    return "unnamed_patient" if is_unresolved_urn else "other_patient"


def _by_identifier(resource: Resource, own: Resource) -> str:
    """Whose a resource is that names its patient by an identifier only, or not at all."""
    named = mapping(mapping(resource.get("subject") or resource.get("patient")).get("identifier"))
    system, value = string(named.get("system")), string(named.get("value"))
    known = [one for one in mappings(own.get("identifier")) if string(one.get("system")) == system]
    if not value or not known:
        return "unnamed_patient"
    return "" if value in {string(one.get("value")) for one in known} else "other_patient"


def _by_contained(resource: Resource, inner_id: str, own: Resource) -> str:
    """Whose a resource is that contains its patient: nobody contradicts it, or someone else was born then."""
    inside = (one for one in mappings(resource.get("contained")) if string(one.get("id")) == inner_id)
    born = [string(person.get("birthDate")) for person in (next(inside, {}), own)]
    return "other_patient" if all(born) and born[0] != born[1] else "unnamed_patient"


def _patients(index: Mapping[str, Resource]) -> int:
    return sum(1 for key in index if key.startswith("Patient/"))


def _version(resource: Resource) -> tuple[int, int, str]:
    """What tells the newer of two versions: when it was stored, its number, and then only a fixed order."""
    meta = mapping(resource.get("meta"))
    updated, number = parse_moment(meta.get("lastUpdated")), string(meta.get("versionId"))
    counted = int(number) if number.isascii() and number.isdigit() and len(number) < 12 else 0
    return updated.instant if updated else 0, counted, _written(resource)


def _written(resource: Resource) -> str:
    return json.dumps(resource, sort_keys=True, default=str)

"""The flat visits form as FHIR R4 resources, so that one chart is built from either.

docs/visits.md describes the form. Readers take any shape and never fail: what is not there, or not right, is
absent; an entry that is no object, or a text in place of a list of entries, is passed on to be counted as
misshapen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hntai.domain.errors import EhrAnswerInvalidError
from hntai.domain.fhir import Resource, mapping, string
from hntai.domain.visit_entries import ENTRY_KINDS, Place, codable, known, listed, telecoms

_CLASSES = {
    "ambulatory": "AMB", "emergency": "EMER", "inpatient": "IMP", "observation": "OBSENC",
    "short-stay": "SS", "home": "HH", "virtual": "VR", "field": "FLD", "pre-admission": "PRENC",
}  # fmt: skip
_ENCOUNTER_STATUS = {"": "finished", "in-progress": "in-progress"}
_TOP = "record"
"""Stands where a visit's id would, in the ids of entries outside of any visit."""
_NOT_IN_AN_ID = re.compile(r"[\s/?#]+")


def resources_from_visits(page: Resource, number: int = 1) -> Iterator[Any]:
    """The resources of one page of a record in the visits form: its patient first, then visit by visit.

    number: of the page, from 1; the first alone describes the patient. Entries without an id get one of their
    place.

    Raises:
        EhrAnswerInvalidError: it names no patient, or its visits are no list.
    """
    patient, visits = mapping(page.get("patient")), page.get("visits")
    if not string(patient.get("id")) or not isinstance(visits, list | Mapping):
        raise EhrAnswerInvalidError(expected="patient.id and a list of visits")
    own, of_page = string(patient.get("id")), "" if number == 1 else f"page-{number}-"
    if number == 1:
        yield from _people(patient)
    yield from _entries(page, Place(f"{of_page}{_TOP}", own, "", ""))
    for position, visit in enumerate(_members(visits)):
        yield from _visit(visit, own, f"{of_page}visit-{position + 1}")


def _people(patient: Resource) -> Iterator[Any]:
    person = string(patient.get("id"))
    yield known(
        resourceType="Patient",
        id=person,
        gender=string(patient.get("sex")).lower(),
        birthDate=patient.get("birth_date"),
        deceasedDateTime=patient.get("death_date"),
        identifier=[
            *({"type": {"coding": [{"code": "MR"}]}, "value": mrn} for mrn in listed(patient, "mrn")),
            *({"value": value} for value in listed(patient, "identifiers")),
        ],
        **_reached(patient),
    )
    for position, relative in enumerate(listed(patient, "relatives")):
        yield known(
            resourceType="RelatedPerson",
            id=f"{_TOP}-relative-{position + 1}",
            patient={"reference": f"Patient/{person}"},
            **_reached(mapping(relative)),
        )


def _reached(person: Resource) -> dict[str, Any]:
    return {
        "name": [{"text": name} for name in (person.get("name"), *listed(person, "other_names")) if name],
        "telecom": telecoms(person),
        "address": [{"text": text, "line": [text]} for text in listed(person, "addresses")],
    }


def _visit(visit: object, person: str, place: str) -> Iterator[Any]:
    read = mapping(visit)
    if not read:
        yield visit
        return
    own = _id(read, place)
    person = string(read.get("patient_id")) or person
    state = string(read.get("status")).lower()
    begun = read.get("date")
    yield known(
        resourceType="Encounter",
        id=own,
        status=_ENCOUNTER_STATUS.get(state, state),
        subject={"reference": f"Patient/{person}"},
        **{"class": {"code": _CLASSES.get(string(read.get("setting")).lower(), "")}},
        type=[codable(read.get("type"))],
        reasonCode=[codable(read.get("reason"))],
        period=known(start=begun, end=read.get("end")),
    )
    yield from _named(read, own)
    yield from _entries(read, Place(own, person, f"Encounter/{own}", begun))


def _named(visit: Resource, own: str) -> Iterator[Any]:
    """Whom and what the visit names beside the patient, to be found in texts."""
    if clinician := string(visit.get("clinician")):
        yield {"resourceType": "Practitioner", "id": f"{own}-clinician", "name": [{"text": clinician}]}
    if facility := string(visit.get("facility")):
        yield {"resourceType": "Organization", "id": f"{own}-facility", "name": facility}


def _entries(holder: Resource, place: Place) -> Iterator[Any]:
    for kind, read in ENTRY_KINDS.items():
        yield from _read_all(holder.get(kind), kind, read, place)


def _read_all(
    found: object, kind: str, read: Callable[[Resource, Place, str], Mapping[str, Any]], place: Place
) -> Iterator[Any]:
    for position, entry in enumerate(_members(found)):
        if not isinstance(entry, Mapping):
            yield entry
            continue
        yield read(entry, place, _id(entry, f"{place.visit}-{kind}-{position + 1}"))


def _members(found: object) -> list[Any]:
    """The members of a list; a lone object counts as a list of one, and what is neither as one misshapen."""
    return found if isinstance(found, list) else [] if found is None else [found]


def _id(entry: Resource, place: str) -> str:
    return _NOT_IN_AN_ID.sub("-", string(entry.get("id"))) or place

"""Patient, encounters, allergies, immunizations, procedures and notes, read from their resources."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from hntai.domain.chart.context import Reading
from hntai.domain.chart.values import UNNAMED_SUBSTANCE, Allergy, Encounter, Event, Patient
from hntai.domain.dates import Moment, age_in_years, is_year, parse_moment
from hntai.domain.fhir import Resource, code_values, codes, displays, mapping, mappings, status, string

_SETTINGS = {
    "AMB": "ambulatory", "EMER": "emergency", "IMP": "inpatient", "ACUTE": "inpatient", "NONAC": "inpatient",
    "OBSENC": "observation", "SS": "short stay", "HH": "home", "VR": "virtual", "FLD": "field",
    "PRENC": "pre-admission",
}  # fmt: skip
_NOT_AN_ENCOUNTER = {"planned", "cancelled", "entered-in-error", "unknown"}
_NONE_KNOWN = {
    "716186003",
    "409137002",
    "428607008",
    "429625007",
    "no-known-allergies",
    "no-known-medication-allergies",
}
"""Source: SNOMED CT `No known allergy` and its children; HL7 IPS absent-unknown codes."""
_NONE_KNOWN_TEXT = re.compile(r"\b(?:no known|nkd?a)\b", re.IGNORECASE)
_ADMINISTRATIVE = re.compile(
    r"documentation of|medication reconciliation|review of systems|general examination", re.I
)


def read_patient(resource: Resource, today: date) -> Patient:
    """Sex, age (at death, where the patient died) and death."""
    sex = status(resource, "gender")
    died, born = parse_moment(resource.get("deceasedDateTime")), parse_moment(resource.get("birthDate"))
    return Patient(
        sex=sex if sex in ("male", "female", "other") else "unknown",
        age=age_in_years(born, died.day if died else today),
        is_deceased=died is not None or resource.get("deceasedBoolean") is True,
        died=died,
        is_age_approximate=is_year(born),
    )


def read_encounter(resource: Resource, reading: Reading) -> Encounter | None:
    """The encounter, unless it did not take place or has no day."""
    period = mapping(resource.get("period"))
    start = parse_moment(period.get("start")) or parse_moment(period.get("end"))
    if status(resource, "status") in _NOT_AN_ENCOUNTER or start is None:
        reading.leave_out("not_taken_place")
        return None
    kind = string(mapping(resource.get("class")).get("code"))
    fact = reading.fact(resource, start)
    return Encounter(
        references=fact.references,
        at=start,
        encounter=fact.references[0],
        name=_first_name(resource.get("type"), reading),
        setting=_SETTINGS.get(kind.upper(), ""),
        reason=_first_name(resource.get("reasonCode"), reading),
        end=parse_moment(period.get("end")),
    )


def read_allergy(resource: Resource, reading: Reading) -> Allergy | None:
    """The allergy, unless it was refuted or is over."""
    verified = status(resource, "verificationStatus")
    if verified in ("refuted", "entered-in-error") or status(resource, "clinicalStatus") in (
        "inactive",
        "resolved",
    ):
        reading.leave_out("refuted" if verified == "refuted" else "allergy_over")
        return None
    concept = resource.get("code")
    moment = parse_moment(resource.get("recordedDate")) or parse_moment(resource.get("onsetDateTime"))
    reactions = [
        r for reaction in mappings(resource.get("reaction")) for r in mappings(reaction.get("manifestation"))
    ]
    severities = {status(reaction, "severity") for reaction in mappings(resource.get("reaction"))}
    fact = reading.fact(resource, moment)
    name = reading.name(concept) or reading.coded("Substance", concept) or UNNAMED_SUBSTANCE
    return Allergy(
        references=fact.references,
        at=moment,
        encounter=fact.encounter,
        name=name,
        reactions=tuple(dict.fromkeys(filter(None, map(reading.name, reactions)))),
        is_severe=status(resource, "criticality") == "high" or "severe" in severities,
        is_confirmed=verified in ("confirmed", ""),
        is_none_known=bool(code_values(concept) & _NONE_KNOWN) or bool(_NONE_KNOWN_TEXT.search(name)),
    )


def merged_allergies(allergies: Iterable[Allergy]) -> tuple[Allergy, ...]:
    """Each substance once, with all its reactions: severe ones first, then by name."""
    by_name: dict[str, Allergy] = {}
    for allergy in allergies:
        key = allergy.name.casefold() if allergy.is_named else allergy.references[0]
        by_name[key] = _joined(by_name[key], allergy) if key in by_name else allergy
    return tuple(sorted(by_name.values(), key=lambda a: (not a.is_severe, a.name.casefold(), a.references)))


def _joined(first: Allergy, again: Allergy) -> Allergy:
    moments = [allergy.at for allergy in (first, again) if allergy.at]
    return replace(
        first,
        references=(*first.references, *again.references),
        at=min(moments, default=None),
        reactions=tuple(dict.fromkeys((*first.reactions, *again.reactions))),
        is_severe=first.is_severe or again.is_severe,
        is_confirmed=first.is_confirmed or again.is_confirmed,
    )


def read_immunization(resource: Resource, reading: Reading) -> Event | None:
    """The vaccine given; one not given is left out."""
    if status(resource, "status") != "completed":
        reading.leave_out("not_done")
        return None
    return _event(
        resource, reading, resource.get("vaccineCode"), parse_moment(resource.get("occurrenceDateTime"))
    )


def read_procedure(resource: Resource, reading: Reading) -> Event | None:
    """The procedure done; paperwork that is coded as one is left out."""
    if status(resource, "status") != "completed":
        reading.leave_out("not_done")
        return None
    concept = resource.get("code")
    if _ADMINISTRATIVE.search(" ".join(displays(concept))):
        return None
    performed = resource.get("performedDateTime") or mapping(resource.get("performedPeriod")).get("start")
    return _event(resource, reading, concept, parse_moment(performed))


def read_note(resource: Resource, reading: Reading) -> Event | None:
    """A note's kind and day. Its text is data of the patient and stays in the record."""
    if status(resource, "status") in ("entered-in-error", "superseded", "cancelled"):
        reading.leave_out("superseded_note")
        return None
    if not any(map(is_readable, _attachments(resource))) and not resource.get("section"):
        return None
    written = resource.get("date") or resource.get("effectiveDateTime") or resource.get("issued")
    return _event(resource, reading, resource.get("type") or resource.get("code"), parse_moment(written))


def is_readable(attachment: Resource) -> bool:
    """Whether an attachment is text we could read: plain text, whole, in base64."""
    if not string(attachment.get("contentType")).lower().startswith("text/plain"):
        return False
    data = attachment.get("data")
    try:
        return isinstance(data, str) and bool(base64.b64decode(data, validate=True).decode().strip())
    except (binascii.Error, ValueError):
        return False


def _attachments(resource: Resource) -> Iterator[Resource]:
    yield from mappings(resource.get("presentedForm"))
    for content in mappings(resource.get("content")):
        yield from mappings(content.get("attachment"))


def _event(resource: Resource, reading: Reading, concept: object, at: Moment | None) -> Event | None:
    fact = reading.fact(resource, at)
    name = reading.name(concept)
    own = tuple(code for _, code in codes(concept))
    return Event(fact.references, fact.at, fact.encounter, name, own) if name else None


def _first_name(concepts: object, reading: Reading) -> str:
    return next((name for name in map(reading.name, mappings(concepts)) if name), "")

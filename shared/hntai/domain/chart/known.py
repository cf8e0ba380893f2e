"""Whom a record names: identifiers of the patient, of relatives and of clinicians, gathered to be removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from hntai.domain.fhir import Resource, codes, mapping, mappings, string, strings
from hntai.domain.known_values import KnownValues

_PEOPLE = ("Patient", "RelatedPerson", "Practitioner", "Person")
_FACILITY = re.compile(
    r"\b(?:hospital|clinic|medical center|medical centre|health|practice|physicians?|infirmary|pcp)", re.I
)
_NAMING_EXTENSIONS = ("mothersMaidenName",)
_TITLES = frozenset(
    {
        "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "md", "do", "dds", "phd", "rn", "np", "pa", "lpn",
        "jr", "sr", "ii", "iii", "iv", "esq", "mph", "facp",
    }
)  # fmt: skip
_SHORTEST_IDENTIFIER = 5
"""Characters; a shorter number of a clinician (`510`) would take lab values with it."""
_SHORTEST_IN_AN_ID = 6
_SHORTEST_NAME_IN_AN_ID = 4


def known_values(resources: Iterable[Mapping[str, object]], patient_id: str) -> KnownValues:
    """What the record already knows of the people in it, to be found in any text.

    names: patient, relatives (RelatedPerson, Patient.contact) and clinicians, as written in full and by part.
    mrn: the patient's medical record numbers and the id the record is kept under. dates: birth dates.
    phones: telephone and fax numbers. other: street lines, towns, postal codes, e-mail addresses, facilities
    and every further identifier.
    """
    kept = [resource for resource in resources if isinstance(resource, Mapping)]
    contained = (inner for resource in kept for inner in mappings(resource.get("contained")))
    people = [resource for resource in (*kept, *contained) if resource.get("resourceType") in _PEOPLE]
    contacts = [contact for person in people for contact in mappings(person.get("contact"))]
    everyone = [*people, *contacts]
    telecoms = [telecom for one in everyone for telecom in mappings(one.get("telecom"))]
    phones = [t for t in telecoms if t.get("system") in ("phone", "fax", "sms", "pager")]
    others = [t for t in telecoms if t not in phones]
    kept_under = [patient_id] if any(character.isdigit() for character in patient_id) else []
    facilities = (
        string(r.get("name")) for r in kept if r.get("resourceType") in ("Organization", "Location")
    )
    return KnownValues(
        names=_once(name for one in everyone for name in (*_names(one), *_extension_names(one))),
        mrn=_once([*_identifiers(people, is_mrn=True), *kept_under], shortest=4),
        dates=_once(string(one.get("birthDate")) for one in people),
        phones=_once((string(t.get("value")) for t in phones), shortest=_SHORTEST_IDENTIFIER),
        other=_once(
            [
                *_identifiers(people, is_mrn=False),
                *(string(t.get("value")) for t in others),
                *(text for one in everyone for text in _address_texts(one)),
                *(name for name in facilities if _FACILITY.search(name)),
            ],
            shortest=_SHORTEST_IDENTIFIER,
        ),
    )


def identifier_texts(
    resources: Iterable[Resource], patient_id: str
) -> tuple[frozenset[str], tuple[str, ...]]:
    """What must not stand in a resource id: words of names, and longer identifiers, in lower case."""
    known = known_values(
        (r for r in resources if r.get("resourceType") in ("Patient", "RelatedPerson")), patient_id
    )
    words = {part.casefold() for name in known.names for part in re.split(r"[\W_]+", name)}
    long = (value.casefold() for value in (*known.mrn, *known.phones, *known.other, *known.dates))
    bare = (
        digits for value in (*known.mrn, *known.phones, *known.other) for digits in re.findall(r"\d+", value)
    )
    return (
        frozenset(word for word in words if len(word) >= _SHORTEST_NAME_IN_AN_ID),
        tuple(value for value in (*long, *bare) if len(value) >= _SHORTEST_IN_AN_ID and " " not in value),
    )


def naming_texts(resources: Iterable[Resource], patient_id: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """What no name of a terminology holds: words of the names in the record, and all other identifiers."""
    known = known_values(resources, patient_id)
    words = (part.casefold() for name in known.names for part in re.split(r"[\W_]+", name) if len(part) > 1)
    values = (*known.mrn, *known.phones, *known.other, *known.dates)
    return frozenset(words), tuple(value.casefold() for value in values if len(value) > 2)


def _names(person: Resource) -> Iterator[str]:
    for name in mappings(person.get("name")):
        given, family = strings(name.get("given")), string(name.get("family"))
        yield " ".join((*given, family)).strip()
        text = string(name.get("text"))
        yield text
        parts = (*given, family) if given or family else _parts(text)
        yield from (part for part in parts if len(part) > 1)


def _parts(text: str) -> Iterator[str]:
    """The names in a name written in one piece, without titles and degrees."""
    for word in re.split(r"[\s,]+", text):
        if word[:1].isupper() and word.replace(".", "").casefold() not in _TITLES:
            yield word.rstrip(".")


def _extension_names(person: Resource) -> Iterator[str]:
    for extension in mappings(person.get("extension")):
        if string(extension.get("url")).endswith(_NAMING_EXTENSIONS):
            yield string(extension.get("valueString"))


def _identifiers(people: Iterable[Resource], *, is_mrn: bool) -> Iterator[str]:
    for person in people:
        for identifier in mappings(person.get("identifier")):
            kinds = {code for _, code in codes(identifier.get("type"))}
            of_patient = person.get("resourceType") == "Patient"
            if is_mrn == (of_patient and bool(kinds & {"MR", "PI", "PN"})):
                yield string(identifier.get("value"))


def _address_texts(person: Resource) -> Iterator[str]:
    for address in mappings(person.get("address")):
        yield from strings(address.get("line"))
        yield string(address.get("text"))
        yield string(address.get("city"))
        yield string(address.get("postalCode"))
    for extension in mappings(person.get("extension")):
        yield string(mapping(extension.get("valueAddress")).get("city"))


def _once(texts: Iterable[str], shortest: int = 2) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if len(text) >= shortest))

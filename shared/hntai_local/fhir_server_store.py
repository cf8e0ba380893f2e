"""FHIR R4 resources in memory: what the demo server keeps, finds and pages through."""

from __future__ import annotations

import copy
import re
import secrets
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Resource = dict[str, Any]

_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
"""Source: FHIR R4, datatypes, id."""
_PATIENT_FIELDS = ("subject", "patient", "beneficiary", "for", "individual")
"""Where R4 resources name their patient. Source: FHIR R4, compartment definition Patient."""
_SHARED_TYPES = frozenset(
    {"Practitioner", "PractitionerRole", "Organization", "Location", "Medication", "Device"}
)
"""Types outside the patient's compartment that its resources refer to, sent along with $everything."""
_OPEN_PAGES = 1000
"""Page tokens kept; the oldest is forgotten first."""


class InvalidResourceError(Exception):
    """The resource, or the bundle, is not one that can be kept; the message names the rule, not a value."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list of results, as it stood when the list was first asked for."""

    resources: tuple[Resource, ...]
    total: int
    number: int
    """From 1."""
    next_token: str | None
    owner: str
    """The patient the results belong to; empty for none."""


@dataclass(frozen=True, slots=True)
class _Rest:
    resources: tuple[Resource, ...]
    total: int
    size: int
    number: int
    owner: str


class FhirStore:
    """Not thread safe: the server's loop is its only caller."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Resource] = {}
        self._pages: OrderedDict[str, _Rest] = OrderedDict()

    def put(self, resource: Resource) -> tuple[Resource, bool]:
        """Keeps a resource under its type and id; returns it with its meta, and whether it is new.

        Raises:
            InvalidResourceError: type or id is missing or malformed.
        """
        key = _key(resource)
        known = self._kept.get(key)
        version = int(known["meta"]["versionId"]) + 1 if known else 1
        kept = copy.deepcopy(resource)
        kept["meta"] = {
            **(kept.get("meta") or {}),
            "versionId": str(version),
            "lastUpdated": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        self._kept[key] = kept
        return kept, known is None

    def get(self, kind: str, resource_id: str) -> Resource | None:
        """The resource, None if it is unknown."""
        return self._kept.get((kind, resource_id))

    def load(self, bundle: Resource) -> list[tuple[Resource, bool]]:
        """Keeps every resource of a transaction, batch or collection, all or none; references between
        new entries (urn:uuid:) become references to what was kept.

        Raises:
            InvalidResourceError: not such a bundle, or an entry in it cannot be kept.
        """
        resources = [copy.deepcopy(entry["resource"]) for entry in _entries(bundle)]
        renamed: dict[str, str] = {}
        for entry, resource in zip(_entries(bundle), resources, strict=True):
            resource.setdefault("id", str(uuid.uuid4()))
            kind, resource_id = _key(resource)
            renamed[str(entry.get("fullUrl", ""))] = f"{kind}/{resource_id}"
        for resource in resources:
            _rename(resource, renamed)
        return [self.put(resource) for resource in resources]

    def search(self, kind: str, wanted: Mapping[str, str], size: int) -> Page:
        """The first page of the resources of one type that fit patient, _id, category, code and status."""
        found = tuple(
            resource
            for (other, _), resource in self._kept.items()
            if other == kind and _fits(resource, wanted)
        )
        owner = wanted.get("patient", wanted.get("subject", "")).removeprefix("Patient/")
        return self._page(_Rest(found, len(found), size, 1, owner))

    def everything(self, patient_id: str, kinds: frozenset[str], size: int) -> Page:
        """The first page of the patient, its compartment and what that refers to; kinds narrows it."""
        patient = self._kept[("Patient", patient_id)]
        own = [resource for resource in self._kept.values() if patient_id in patients_of(resource)]
        named = {reference for resource in own for reference in _references(resource)}
        shared = [
            resource
            for (kind, resource_id), resource in self._kept.items()
            if kind in _SHARED_TYPES and f"{kind}/{resource_id}" in named
        ]
        found = tuple(
            resource
            for resource in (patient, *own, *shared)
            if not kinds or resource["resourceType"] in kinds
        )
        return self._page(_Rest(found, len(found), size, 1, patient_id))

    def next_page(self, token: str) -> Page | None:
        """The page a token stands for, None for one never given or long forgotten."""
        rest = self._pages.get(token)
        return None if rest is None else self._page(rest)

    def _page(self, rest: _Rest) -> Page:
        here, later = rest.resources[: rest.size], rest.resources[rest.size :]
        token = None
        if later:
            token = secrets.token_urlsafe(12)
            self._pages[token] = _Rest(later, rest.total, rest.size, rest.number + 1, rest.owner)
            while len(self._pages) > _OPEN_PAGES:
                self._pages.popitem(last=False)
        return Page(here, rest.total, rest.number, token, rest.owner)


def patients_of(resource: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the patients a resource names as its own."""
    found = set()
    for field in _PATIENT_FIELDS:
        value = resource.get(field)
        reference = value.get("reference") if isinstance(value, Mapping) else None
        if isinstance(reference, str) and reference.startswith("Patient/"):
            found.add(reference.removeprefix("Patient/"))
    return frozenset(found)


def _key(resource: Mapping[str, Any]) -> tuple[str, str]:
    kind, resource_id = resource.get("resourceType"), resource.get("id")
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        raise InvalidResourceError("resourceType is missing or malformed")
    if not isinstance(resource_id, str) or not _ID.fullmatch(resource_id):
        raise InvalidResourceError("id is missing or malformed")
    return kind, resource_id


def _entries(bundle: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") not in (
        "transaction",
        "batch",
        "collection",
    ):
        raise InvalidResourceError("only a Bundle of type transaction, batch or collection is taken here")
    entries = bundle.get("entry", [])
    whole = isinstance(entries, list) and all(
        isinstance(entry, Mapping) and isinstance(entry.get("resource"), dict) for entry in entries
    )
    if not whole:
        raise InvalidResourceError("each entry needs a resource")
    methods = {(entry.get("request") or {}).get("method", "PUT") for entry in entries}
    if not methods <= {"PUT", "POST"}:
        raise InvalidResourceError("entries may only PUT or POST")
    return list(entries)


def _walk(value: object) -> Iterator[dict[str, Any]]:
    """Every object inside, outermost first."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from _walk(part)


def _references(resource: Resource) -> Iterator[str]:
    return (part["reference"] for part in _walk(resource) if isinstance(part.get("reference"), str))


def _rename(resource: Resource, renamed: Mapping[str, str]) -> None:
    for part in _walk(resource):
        reference = part.get("reference")
        if isinstance(reference, str) and reference in renamed:
            part["reference"] = renamed[reference]


def _fits(resource: Resource, wanted: Mapping[str, str]) -> bool:
    for name, value in wanted.items():
        choices = [choice.rsplit("|", 1)[-1] for choice in value.split(",")]
        if name in ("patient", "subject"):
            fits = bool(patients_of(resource) & {choice.removeprefix("Patient/") for choice in choices})
        elif name == "_id":
            fits = resource["id"] in choices
        else:
            fits = not set(choices).isdisjoint(_codes(resource.get(name)))
        if not fits:
            return False
    return True


def _codes(value: object) -> Iterable[str]:
    """The codes of a code, a CodeableConcept, or a list of these."""
    if isinstance(value, str):
        return (value,)
    parts: Sequence[object] = value if isinstance(value, list) else (value,)
    return [coding["code"] for part in parts for coding in _walk(part) if isinstance(coding.get("code"), str)]

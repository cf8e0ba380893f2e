"""The patient's record from a FHIR R4 server, every page of it, inside one time budget."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

import httpx

from hntai.adapters.ehr_answer import Answer
from hntai.adapters.ehr_http import EhrReading, EhrServer
from hntai.domain.bundles import Entry, entries, next_links, resources_of
from hntai.domain.errors import EhrAnswerInvalidError, EhrPatientUnknownError
from hntai.domain.fhir import mapping, reference
from hntai.ports import EhrCredentials, EhrRecord

PAGE_SIZE = 200
SEARCHED_TYPES = (
    "Encounter",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "AllergyIntolerance",
    "Observation",
    "Immunization",
    "Procedure",
    "DiagnosticReport",
    "DocumentReference",
    "Composition",
    "RelatedPerson",
)
"""What $everything stands for here, where a server does not offer it."""
NARROWER = {
    "Observation": tuple(
        f"category={category}"
        for category in ("laboratory", "vital-signs", "social-history", "survey", "exam", "imaging")
    )
}
"""Searches that together stand for one, on servers that want more than the patient's name for it."""
MAX_MEDICATIONS = 100
"""Read one by one where orders refer to them and the searches did not bring them."""


class FhirEhr:
    """See hntai.ports.Ehr. Only the configured server is asked: no redirects, no foreign page links."""

    def __init__(
        self,
        base_url: str,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server = EhrServer(base_url, transport, pause)

    def fetch(self, patient_id: str, credentials: EhrCredentials, budget_s: float) -> EhrRecord:
        with self._server.reading(credentials, budget_s) as reading:
            if set(patient_id) <= {"."}:
                raise EhrPatientUnknownError
            patient, missing = quote(patient_id, safe=""), Counter[str]()
            first = reading.get(f"Patient/{patient}/$everything?_count={PAGE_SIZE}")
            found = (
                list(_searched(reading, patient, missing))
                if first.is_not_offered
                else list(_pages(reading, first))
            )
        record = resources_of(found, self._server.base_url)
        warnings = (*_missing_sentences(missing), *record.warnings)
        return EhrRecord(record.resources, warnings, reading.budget.requests)


def _searched(reading: EhrReading, patient: str, missing: Counter[str]) -> Iterator[Entry]:
    """missing: counts the types this server has no search for."""
    yield Entry(resource=reading.get(f"Patient/{patient}").json())
    wanted: dict[str, None] = {}
    for kind in SEARCHED_TYPES:
        for entry in _search(reading, kind, f"patient={patient}&_count={PAGE_SIZE}", missing):
            wanted[reference(mapping(entry.resource).get("medicationReference"))] = None
            if mapping(entry.resource).get("resourceType") == "Medication":
                wanted.pop(f"Medication/{mapping(entry.resource).get('id')}", None)
            yield entry
    names = [name for name in wanted if name.startswith("Medication/")]
    for answer in map(reading.get, names[:MAX_MEDICATIONS]):
        if answer.status == 200:
            yield Entry(resource=answer.json())


def _search(reading: EhrReading, kind: str, query: str, missing: Counter[str]) -> Iterator[Entry]:
    """One type's entries, by the first way of asking that this server understands."""
    includes = f"{kind}:medication" if kind.startswith("Medication") else ""
    first = reading.get(f"{kind}?{query}&_include={includes}" if includes else f"{kind}?{query}")
    if first.status == 400 and includes:
        first = reading.get(f"{kind}?{query}")
    if first.status == 400 and kind in NARROWER:
        for narrower in NARROWER[kind]:
            yield from _pages(reading, reading.get(f"{kind}?{query}&{narrower}"))
    elif first.is_not_offered:
        missing[kind] += 1
    else:
        yield from _pages(reading, first)


def _pages(reading: EhrReading, answer: Answer) -> Iterator[Entry]:
    """The entries of a bundle and of all that its next links lead to."""
    links: list[str] = []
    while True:
        bundle = answer.json()
        if bundle.get("resourceType") != "Bundle":
            raise EhrAnswerInvalidError(expected="Bundle")
        links += next_links(bundle)
        yield from reading.budget.counted(entries(bundle))
        if not links:
            return
        answer = reading.follow(links.pop(0))


def _missing_sentences(missing: Mapping[str, int]) -> tuple[str, ...]:
    told = f"The EHR offers no search for {', '.join(missing)}: nothing of this kind was read."
    return (told,) if missing else ()

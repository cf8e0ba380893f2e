"""The patient's record from a FHIR R4 server, every page of it, inside one time budget."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx

from hntai.domain.errors import (
    EhrAnswerInvalidError,
    EhrAnswerTooLargeError,
    EhrPatientUnknownError,
    EhrRefusedError,
    EhrTimeoutError,
    EhrUnavailableError,
)
from hntai.ports import EhrCredentials, EhrRecord

MAX_RECORD_BYTES = 50 * 1024 * 1024
MAX_PAGES = 1000
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
)
"""What $everything stands for here, where a server does not offer it."""
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_WITHOUT_EVERYTHING = frozenset({404, 405, 501})


@dataclass(slots=True)
class _Budget:
    """What is left of the time and the bytes one fetch may take."""

    deadline: float
    bytes_left: int = MAX_RECORD_BYTES
    pages_left: int = MAX_PAGES

    def seconds(self) -> float:
        """Raises EhrTimeoutError."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise EhrTimeoutError
        return left

    def page(self) -> None:
        self.pages_left -= 1
        if self.pages_left < 0:
            raise EhrAnswerTooLargeError(limit_pages=MAX_PAGES)

    def read(self, size: int) -> None:
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise EhrAnswerTooLargeError(limit_bytes=MAX_RECORD_BYTES)


@dataclass(slots=True)
class _Answer:
    status: int
    media_type: str
    body: bytearray = field(default_factory=bytearray)


class FhirEhr:
    """See hntai.ports.Ehr. Only the configured server is asked: no redirects, no foreign page links."""

    def __init__(self, base_url: str, transport: httpx.BaseTransport | None = None) -> None:
        self._base = base_url.rstrip("/") + "/"
        self._client = httpx.Client(transport=transport, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def fetch(self, patient_id: str, credentials: EhrCredentials, budget_s: float) -> EhrRecord:
        budget = _Budget(time.monotonic() + budget_s)
        headers = _headers(credentials)
        patient = quote(patient_id, safe="")
        if set(patient_id) <= {"."}:
            raise EhrPatientUnknownError
        first = self._get(f"Patient/{patient}/$everything?_count={PAGE_SIZE}", headers, budget)
        if first.status in _WITHOUT_EVERYTHING:
            return EhrRecord(list(self._searched(patient, headers, budget)), ())
        return EhrRecord(list(self._pages(first, headers, budget)), ())

    def _searched(
        self, patient: str, headers: Mapping[str, str], budget: _Budget
    ) -> Iterator[Mapping[str, object]]:
        answer = self._get(f"Patient/{patient}", headers, budget)
        if answer.status in (404, 410):
            raise EhrPatientUnknownError
        yield _json(answer)
        for resource_type in SEARCHED_TYPES:
            query = f"{resource_type}?patient={patient}&_count={PAGE_SIZE}"
            page = self._get(query, headers, budget)
            if page.status not in _WITHOUT_EVERYTHING:
                yield from self._pages(page, headers, budget)

    def _pages(
        self, answer: _Answer, headers: Mapping[str, str], budget: _Budget
    ) -> Iterator[Mapping[str, object]]:
        while True:
            bundle = _json(answer)
            if bundle.get("resourceType") != "Bundle":
                raise EhrAnswerInvalidError(expected="Bundle")
            yield from _resources(bundle)
            link = _next_link(bundle)
            if link is None:
                return
            answer = self._get(link, headers, budget)

    def _get(self, target: str, headers: Mapping[str, str], budget: _Budget) -> _Answer:
        url = urljoin(self._base, target)
        if urlsplit(url)[:2] != urlsplit(self._base)[:2]:
            raise EhrAnswerInvalidError(expected="page links to the same server")
        budget.page()
        try:
            with self._client.stream("GET", url, headers=dict(headers), timeout=budget.seconds()) as response:
                answer = _Answer(response.status_code, response.headers.get("content-type", ""))
                for chunk in response.iter_bytes():
                    budget.read(len(chunk))
                    budget.seconds()
                    answer.body += chunk
        except httpx.TimeoutException:
            raise EhrTimeoutError from None
        except httpx.HTTPError:
            raise EhrUnavailableError from None
        _refuse_bad_status(answer.status)
        return answer


def _headers(credentials: EhrCredentials) -> dict[str, str]:
    """Raises EhrRefusedError where a credential cannot be an HTTP header at all."""
    headers = {"Accept": "application/fhir+json", "Accept-Encoding": "identity"}
    if credentials.token:
        headers["Authorization"] = f"Bearer {credentials.token}"
    if credentials.key:
        headers["x-api-key"] = credentials.key
    if any(not value.isascii() or not value.isprintable() for value in headers.values()):
        raise EhrRefusedError
    return headers


def _refuse_bad_status(status: int) -> None:
    """Whatever may mean "not with these credentials" is a refusal: it must never lead to a stored record."""
    if status in (408, 429) or (status >= 500 and status != 501):
        raise EhrUnavailableError(status=status)
    if status not in (200, 404, 405, 410, 501):
        raise EhrRefusedError(status=status)


def _json(answer: _Answer) -> Mapping[str, Any]:
    if answer.status in (404, 410):
        raise EhrPatientUnknownError
    if answer.status != 200:
        raise EhrAnswerInvalidError(status=answer.status)
    if answer.media_type.partition(";")[0].strip().lower() not in (
        "application/fhir+json",
        "application/json",
    ):
        raise EhrAnswerInvalidError(expected="application/fhir+json")
    try:
        parsed = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise EhrAnswerInvalidError(expected="JSON") from None
    if _has_lone_surrogate(bytes(answer.body), parsed):
        raise EhrAnswerInvalidError(expected="JSON of whole characters")
    if not isinstance(parsed, dict):
        raise EhrAnswerInvalidError(expected="a FHIR resource")
    return parsed


def _has_lone_surrogate(body: bytes, parsed: object) -> bool:
    """Text that cannot be encoded again; looked for only where an escape could have made one."""
    if not _ESCAPED_SURROGATE.search(body):
        return False
    try:
        json.dumps(parsed, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _resources(bundle: Mapping[str, Any]) -> Iterator[Mapping[str, object]]:
    """The resources of a bundle's entries; entries without one (outcomes, deletions) are passed over."""
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield resource


def _next_link(bundle: Mapping[str, Any]) -> str | None:
    links = bundle.get("link")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return str(link["url"])
    return None

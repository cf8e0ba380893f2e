"""The patient's record from a server of the flat visits form (docs/visits.md), inside one time budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx

from hntai.adapters.ehr_http import EhrReading, EhrServer
from hntai.domain.errors import EhrAnswerInvalidError, EhrPatientUnknownError, EhrWrongPatientError
from hntai.domain.fhir import Resource, mapping, string
from hntai.domain.visits import resources_from_visits
from hntai.ports import EhrCredentials, EhrRecord


class VisitsEhr:
    """See hntai.ports.Ehr. `GET {base}/patients/{id}/visits`, then page by page as `next` leads."""

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
            resources = list(_resources(reading, patient_id))
            return EhrRecord(resources, (), reading.budget.requests)


def _resources(reading: EhrReading, patient_id: str) -> Iterator[Any]:
    answer = reading.get(f"patients/{quote(patient_id, safe='')}/visits")
    for number in count(1):
        page = answer.json()
        _refuse_other_patient(page, patient_id)
        yield from reading.budget.counted(resources_from_visits(page, number))
        link = page.get("next")
        if link is None:
            return
        if not isinstance(link, str):
            raise EhrAnswerInvalidError(expected="next: an address")
        answer = reading.follow(link)


def _refuse_other_patient(page: Resource, patient_id: str) -> None:
    """Raises EhrWrongPatientError: every page says whose it is."""
    named = string(mapping(page.get("patient")).get("id"))
    if named and named != patient_id:
        raise EhrWrongPatientError(patients=1)

"""A FHIR server without $everything, or with habits of its own, is read by the searches it has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from hntai.adapters.ehr_fhir import MAX_MEDICATIONS, NARROWER, SEARCHED_TYPES, FhirEhr
from hntai.domain.errors import EhrPatientUnknownError, EhrRefusedError, EhrUnavailableError
from hntai.ports import EhrCredentials, EhrRecord
from hntai_local.demo_patients import demo_bundles
from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN, FhirServer

BASE = "https://ehr.example/fhir"
PATIENT = {"resourceType": "Patient", "id": "p1"}
Answers = Callable[[str, httpx.QueryParams], httpx.Response | None]


def fhir(content: object, status: int = 200) -> httpx.Response:
    return httpx.Response(
        status, content=json.dumps(content), headers={"content-type": "application/fhir+json"}
    )


def outcome(code: str, status: int = 400) -> httpx.Response:
    return fhir({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code}]}, status)


def bundle(*resources: object) -> httpx.Response:
    entries = [{"resource": one} for one in resources]
    return fhir({"resourceType": "Bundle", "type": "searchset", "entry": entries})


def fetched(answers: Answers, everything: httpx.Response | None = None) -> tuple[EhrRecord, list[str]]:
    """The record, and what was asked for, in order. answers: by path below the base; None: nothing."""
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url).removeprefix(BASE + "/"))
        name = request.url.path.removeprefix("/fhir/")
        if name.endswith("$everything"):
            return everything or fhir({}, 404)
        return answers(name, request.url.params) or (fhir(PATIENT) if name == "Patient/p1" else bundle())

    ehr = FhirEhr(BASE, httpx.MockTransport(answer), pause=lambda _: None)
    return ehr.fetch("p1", EhrCredentials("t", "k"), 8), asked


def nothing(_name: str, _params: httpx.QueryParams) -> None:
    return None


@pytest.mark.parametrize(
    "everything", [fhir({}, 404), fhir({}, 405), fhir({}, 501), outcome("not-supported")], ids=str
)
def test_every_way_of_not_offering_everything_leads_to_the_searches(everything: httpx.Response) -> None:
    record, asked = fetched(nothing, everything)
    assert [one["resourceType"] for one in record.resources] == ["Patient"]
    assert [address.partition("?")[0] for address in asked] == [
        "Patient/p1/$everything",
        "Patient/p1",
        *SEARCHED_TYPES,
    ]
    assert all("patient=p1" in address for address in asked[2:])


@pytest.mark.parametrize(
    "everything", [fhir({}, 400), outcome("invalid"), outcome("forbidden"), outcome("login")]
)
def test_another_refusal_of_everything_is_a_refusal(everything: httpx.Response) -> None:
    with pytest.raises(EhrRefusedError):
        fetched(nothing, everything)


def test_an_unknown_patient_is_told_from_an_unknown_operation() -> None:
    with pytest.raises(EhrPatientUnknownError):
        fetched(lambda name, _: fhir({}, 404) if name == "Patient/p1" else None)


def test_searches_that_are_not_offered_are_named_in_a_warning() -> None:
    def answers(name: str, _params: httpx.QueryParams) -> httpx.Response | None:
        return {"AllergyIntolerance": fhir({}, 404), "MedicationStatement": outcome("not-supported")}.get(
            name
        )

    record, _ = fetched(answers)
    named = "MedicationStatement, AllergyIntolerance"
    assert record.warnings == (f"The EHR offers no search for {named}: nothing of this kind was read.",)


@pytest.mark.parametrize("status", [401, 403])
def test_a_search_that_is_forbidden_is_not_taken_for_one_that_found_nothing(status: int) -> None:
    with pytest.raises(EhrRefusedError):
        fetched(lambda name, _: fhir({}, status) if name == "AllergyIntolerance" else None)


def test_a_search_that_fails_fails_the_record() -> None:
    with pytest.raises(EhrUnavailableError):
        fetched(lambda name, _: fhir({}, 503) if name == "Observation" else None)


def test_a_server_that_wants_a_category_is_asked_by_category() -> None:
    def answers(name: str, params: httpx.QueryParams) -> httpx.Response | None:
        if name != "Observation":
            return None
        if "category" not in params:
            return outcome("required")
        return bundle({"resourceType": "Observation", "id": params["category"]})

    record, asked = fetched(answers)
    found = {str(one["id"]) for one in record.resources if one["resourceType"] == "Observation"}
    assert found == {narrower.partition("=")[2] for narrower in NARROWER["Observation"]}
    assert record.warnings == ()
    assert sum(address.startswith("Observation") for address in asked) == 1 + len(found)


ORDER = {
    "resourceType": "MedicationRequest",
    "id": "m1",
    "medicationReference": {"reference": "Medication/d1"},
}
DRUG = {"resourceType": "Medication", "id": "d1"}


def test_drugs_come_along_with_their_orders() -> None:
    record, asked = fetched(lambda name, _: bundle(ORDER, DRUG) if name == "MedicationRequest" else None)
    assert DRUG in record.resources
    assert any(
        "MedicationRequest?" in address and "_include=MedicationRequest:medication" in address
        for address in asked
    )
    assert not any(address.startswith("Medication/") for address in asked)


def test_drugs_that_do_not_come_along_are_read_one_by_one() -> None:
    def answers(name: str, params: httpx.QueryParams) -> httpx.Response | None:
        if name == "MedicationRequest":
            return outcome("invalid") if "_include" in params else bundle(ORDER, {**ORDER, "id": "m2"})
        return fhir(DRUG) if name == "Medication/d1" else None

    record, asked = fetched(answers)
    assert DRUG in record.resources
    assert asked.count("Medication/d1") == 1


def test_a_drug_that_is_not_there_costs_its_order_a_name_only() -> None:
    def answers(name: str, _params: httpx.QueryParams) -> httpx.Response | None:
        return bundle(ORDER) if name == "MedicationRequest" else fhir({}, 404) if "/d1" in name else None

    record, _ = fetched(answers)
    assert {one["resourceType"] for one in record.resources} == {"Patient", "MedicationRequest"}


def test_drugs_read_one_by_one_are_bounded() -> None:
    orders = [
        {**ORDER, "id": f"m{n}", "medicationReference": {"reference": f"Medication/d{n}"}} for n in range(300)
    ]

    def answers(name: str, _params: httpx.QueryParams) -> httpx.Response | None:
        return (
            bundle(*orders) if name == "MedicationRequest" else fhir(DRUG) if "Medication/" in name else None
        )

    _, asked = fetched(answers)
    assert sum(address.startswith("Medication/") for address in asked) == MAX_MEDICATIONS


@pytest.fixture(scope="module")
def server() -> Iterator[FhirServer]:
    serving = FhirServer()
    for one in demo_bundles():
        serving.store.load(one)
    serving.start()
    yield serving
    serving.close()


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_a_real_server_gives_the_same_record_by_searches_as_at_once(server: FhirServer, status: int) -> None:
    """The demo server refuses parameters it does not know, `_include` among them."""
    credentials = EhrCredentials(DEMO_TOKEN, DEMO_KEY)
    server.without_everything = None
    whole = FhirEhr(server.url).fetch("demo-1", credentials, 8)
    server.without_everything = status
    searched = FhirEhr(server.url).fetch("demo-1", credentials, 8)
    assert of_the_patient(searched) == of_the_patient(whole)
    assert len(of_the_patient(whole)) > 10


def of_the_patient(record: EhrRecord) -> dict[str, Any]:
    """What a search of the patient's entries can find: not who and what they refer to."""
    shared = {"Practitioner", "Organization", "Location"}
    return {
        f"{one['resourceType']}/{one['id']}": one
        for one in record.resources
        if one["resourceType"] not in shared
    }

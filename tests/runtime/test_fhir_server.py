from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN, FhirServer
from hntai_local.fhir_server_faults import Fault

CREDENTIALS = {"authorization": f"Bearer {DEMO_TOKEN}", "x-api-key": DEMO_KEY}


def bundle(*resources: dict[str, Any], kind: str = "transaction") -> dict[str, Any]:
    entries = [{"resource": resource, "request": {"method": "PUT"}} for resource in resources]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def observation(number: int, patient: str = "p1", **members: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"o{number}-{patient}",
        "status": "final",
        "subject": {"reference": f"Patient/{patient}"},
        **members,
    }


RECORD = bundle(
    {"resourceType": "Patient", "id": "p1", "name": [{"family": "Testpatient", "given": ["Anna"]}]},
    {"resourceType": "Patient", "id": "p2"},
    {"resourceType": "Practitioner", "id": "d1"},
    {"resourceType": "Practitioner", "id": "d2"},
    *(observation(number) for number in range(7)),
    observation(
        0,
        "p2",
        performer=[{"reference": "Practitioner/d2"}],
        category=[{"coding": [{"system": "s", "code": "laboratory"}]}],
        code={"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
    ),
)


@pytest.fixture
def server() -> Iterator[FhirServer]:
    serving = FhirServer()
    serving.start()
    yield serving
    serving.close()


@pytest.fixture
def client(server: FhirServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers=CREDENTIALS, timeout=10) as http:
        assert http.post("/", json=RECORD).status_code == 200
        yield http


def followed(client: httpx.Client, address: str) -> list[list[str]]:
    """Ids by page, as the next links lead."""
    pages = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        pages.append([entry["resource"]["id"] for entry in found.get("entry", [])])
        address = next((link["url"] for link in found["link"] if link["relation"] == "next"), "")
    return pages


def test_everything_pages_through_the_patient_and_what_refers_to_it(client: httpx.Client) -> None:
    pages = followed(client, "/Patient/p1/$everything?_count=3")
    assert [len(page) for page in pages] == [3, 3, 2]
    assert sorted(resource for page in pages for resource in page) == sorted(
        ["p1", *(f"o{number}-p1" for number in range(7))]
    )
    assert pages[0][0] == "p1"


def test_everything_sends_referred_practitioners_along_and_only_those(client: httpx.Client) -> None:
    assert followed(client, "/Patient/p2/$everything") == [["p2", "o0-p2", "d2"]]
    assert followed(client, "/Patient/p2/$everything?_type=Observation") == [["o0-p2"]]


def test_pages_stay_as_they_were_when_the_list_was_asked_for(client: httpx.Client) -> None:
    first = client.get("/Observation?patient=p1&_count=4").json()
    client.put("/Observation/late", json=observation(9) | {"id": "late"})
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    assert followed(client, following) == [["o4-p1", "o5-p1", "o6-p1"]]
    assert first["total"] == 7


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("patient=p2", ["o0-p2"]),
        ("patient=Patient/p2", ["o0-p2"]),
        ("subject=Patient/p2", ["o0-p2"]),
        ("patient=p2&category=laboratory", ["o0-p2"]),
        ("patient=p2&category=vital-signs", []),
        ("code=http://loinc.org|4548-4", ["o0-p2"]),
        ("_id=o1-p1,o2-p1", ["o1-p1", "o2-p1"]),
        ("patient=p3", []),
    ],
)
def test_searches_find_what_fits_all_parameters(client: httpx.Client, query: str, found: list[str]) -> None:
    assert followed(client, f"/Observation?{query}") == [found]


def test_a_search_it_does_not_understand_is_refused_and_not_widened(client: httpx.Client) -> None:
    answer = client.get("/Observation?patinet=p1")
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (400, "not-supported")


def test_resources_are_read_and_updated_by_version(client: httpx.Client) -> None:
    assert client.get("/Patient/p1").json()["meta"]["versionId"] == "1"
    assert client.put("/Patient/p1", json={"resourceType": "Patient", "id": "p1"}).status_code == 200
    assert client.get("/Patient/p1").json()["meta"]["versionId"] == "2"
    assert client.put("/Patient/p9", json={"resourceType": "Patient", "id": "p9"}).status_code == 201


def test_references_between_new_entries_become_real_ones(client: httpx.Client) -> None:
    new = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient"}, "request": {"method": "POST"}},
            {
                "fullUrl": "urn:uuid:2",
                "resource": {"resourceType": "Condition", "subject": {"reference": "urn:uuid:1"}},
                "request": {"method": "POST"},
            },
        ],
    }
    places = [entry["response"]["location"] for entry in client.post("/", json=new).json()["entry"]]
    condition = client.get(f"/{places[1]}").json()
    assert condition["subject"]["reference"] == places[0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"resourceType": "Patient"}', 422),
        (b'{"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": {"id": "x"}}]}', 422),
        (b'{"resourceType": "Bundle", "type": "transaction", "entry": [{}]}', 422),
    ],
)
def test_what_cannot_be_kept_is_an_operation_outcome(client: httpx.Client, body: bytes, status: int) -> None:
    answer = client.post("/", content=body)
    assert (answer.status_code, answer.json()["resourceType"]) == (status, "OperationOutcome")
    assert answer.headers["content-type"] == "application/fhir+json"


def test_a_bad_entry_leaves_nothing_of_its_bundle(client: httpx.Client) -> None:
    assert (
        client.post("/", json=bundle({"resourceType": "Patient", "id": "n1"}, {"id": "x"})).status_code == 422
    )
    assert client.get("/Patient/n1").status_code == 404


@pytest.mark.parametrize("path", ["/Patient/nobody", "/Patient/nobody/$everything", "/a/b/c"])
def test_what_is_not_there_is_an_operation_outcome(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["resourceType"]) == (404, "OperationOutcome")


def test_reads_need_both_demo_credentials_and_the_capabilities_none(client: httpx.Client) -> None:
    del client.headers["authorization"]
    assert client.get("/Patient/p1").status_code == 401
    assert client.post("/", json=RECORD).status_code == 401
    client.headers["authorization"] = f"Bearer {DEMO_TOKEN}x"
    assert client.get("/Patient/p1/$everything").status_code == 401
    client.headers["authorization"] = f"Bearer {DEMO_TOKEN}"
    del client.headers["x-api-key"]
    assert client.get("/Observation?patient=p1").status_code == 401
    assert client.post("/", json=RECORD).status_code == 200
    del client.headers["authorization"]
    assert client.get("/metadata").json()["fhirVersion"] == "4.0.1"


def test_a_page_never_given_is_gone(client: httpx.Client) -> None:
    assert client.get("/Patient/p1/$everything?_page=guess").status_code == 410


def test_faults_happen_to_their_patient_only(client: httpx.Client, server: FhirServer) -> None:
    server.faults["p1"] = Fault(status=503)
    assert client.get("/Patient/p1/$everything").status_code == 503
    assert client.get("/Observation?patient=p1").status_code == 503
    assert client.get("/Patient/p2/$everything").status_code == 200


def test_a_fault_can_pass_and_can_begin_later(client: httpx.Client, server: FhirServer) -> None:
    server.faults["p1"] = Fault(status=500, times=2)
    statuses = [client.get("/Patient/p1/$everything").status_code for _ in range(3)]
    assert statuses == [500, 500, 200]
    server.faults["p2"] = Fault(status=500, from_page=2)
    first = client.get("/Patient/p2/$everything?_count=1")
    following = next(link["url"] for link in first.json()["link"] if link["relation"] == "next")
    assert (first.status_code, client.get(following).status_code) == (200, 500)


def test_half_an_answer_a_wrong_type_and_a_slow_one(client: httpx.Client, server: FhirServer) -> None:
    server.faults |= {"p1": Fault(break_off=True), "p2": Fault(wrong_content_type=True, delay_s=0.2)}
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/Patient/p1/$everything")
    began = time.monotonic()
    assert client.get("/Patient/p2/$everything").headers["content-type"].startswith("text/html")
    assert time.monotonic() - began >= 0.2

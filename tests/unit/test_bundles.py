"""Bundles of every type taken apart: what is kept, what is newest, what failed or is gone."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from hntai.domain.bundles import BundledRecord, entries, next_links, resources_of

BASE = "https://ehr.example/fhir/"
PATIENT = {"resourceType": "Patient", "id": "p1"}
Json = dict[str, Any]


def lab(own: str = "o1", subject: str = "Patient/p1", **more: Any) -> Json:
    return {"resourceType": "Observation", "id": own, "subject": {"reference": subject}, **more}


def bundle(kind: str, *found: Json, **more: Any) -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": list(found), **more}


def entry(resource: Json | None = None, url: str = "", **more: Any) -> Json:
    made: Json = {"resource": copy.deepcopy(resource)} if resource else {}
    return {**made, **({"fullUrl": url} if url else {}), **more}


def read(*bundles: Json) -> BundledRecord:
    return resources_of((found for one in bundles for found in entries(one)), BASE)


def names(*bundles: Json) -> list[str]:
    return [f"{one['resourceType']}/{one.get('id', '')}" for one in read(*bundles).resources]


@pytest.mark.parametrize(
    "kind", ["searchset", "collection", "document", "transaction", "batch", "message", ""]
)
def test_every_type_gives_its_resources(kind: str) -> None:
    request: Json = {"request": {"method": "PUT"}} if kind == "transaction" else {}
    assert names(bundle(kind, entry(PATIENT), entry(lab(), **request))) == ["Patient/p1", "Observation/o1"]


def test_a_document_keeps_its_composition() -> None:
    composition = {"resourceType": "Composition", "id": "c1", "subject": {"reference": "urn:uuid:1"}}
    found = read(bundle("document", entry(composition, "urn:uuid:9"), entry(PATIENT, "urn:uuid:1")))
    assert [one["resourceType"] for one in found.resources] == ["Composition", "Patient"]
    assert found.resources[0]["subject"] == {"reference": "Patient/p1"}


def test_a_batch_response_is_read_through_and_its_failures_are_told() -> None:
    inner = bundle("searchset", entry(lab("o1")), entry(lab("o2")))
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
    found = read(
        bundle(
            "batch-response",
            entry(PATIENT, response={"status": "200 OK"}),
            entry(inner, response={"status": "200 OK"}),
            entry(response={"status": "403 Forbidden", "outcome": outcome}),
            entry(outcome, response={"status": "504"}),
        )
    )
    assert [one["id"] for one in found.resources] == ["p1", "o1", "o2"]
    assert found.warnings == (
        "Requests inside the EHR's answer that failed: 2; the record may lack what they stood for.",
    )


def test_a_transaction_response_gives_ids_by_location() -> None:
    nameless = {key: value for key, value in lab().items() if key != "id"}
    response = {"status": "201 Created", "location": f"{BASE}Observation/o7/_history/1"}
    assert names(bundle("transaction-response", entry(nameless, response=response))) == ["Observation/o7"]


def test_an_outcome_in_a_search_is_told_only_if_it_is_trouble() -> None:
    def outcome(severity: str) -> Json:
        return entry(
            {"resourceType": "OperationOutcome", "issue": [{"severity": severity}]},
            search={"mode": "outcome"},
        )

    assert read(bundle("searchset", outcome("warning"), outcome("information"))) == BundledRecord((), ())
    assert len(read(bundle("searchset", outcome("fatal"))).warnings) == 1


def version(number: int, value: int, at: str = "") -> Json:
    meta = {"versionId": str(number)} | ({"lastUpdated": at} if at else {})
    request = {"method": "PUT", "url": "Observation/o1"}
    return entry(lab(meta=meta, valueInteger=value), request=request, response={"status": "200"})


def deletion(url: str = "Observation/o1", at: str = "") -> Json:
    response = {"status": "204"} | ({"lastModified": at} if at else {})
    return entry(request={"method": "DELETE", "url": url}, response=response)


@pytest.mark.parametrize(
    ("history", "value"),
    [
        ([version(2, 5), version(1, 4)], 5),
        ([version(1, 4), version(2, 5)], 5),
        ([version(0, 5), version(0, 4)], 5),
        ([version(1, 4, "2026-01-01T00:00:00Z"), version(1, 5, "2026-01-02T00:00:00Z")], 5),
        ([version(1, 5, "2026-01-01T23:00:00-05:00"), version(1, 4, "2026-01-02T01:00:00+00:00")], 5),
        ([version(10, 5), version(9, 4)], 5),
        ([deletion(), version(1, 4)], None),
        ([version(2, 5), deletion(), version(1, 4)], 5),
        ([version(1, 4, "2026-01-01"), deletion(at="2026-01-02")], None),
        ([version(3, 5, "2026-01-03"), deletion(at="2026-01-02"), version(1, 4, "2026-01-01")], 5),
        ([deletion("https://ehr.example/fhir/Observation/o1"), version(1, 4)], None),
        ([deletion("Observation/o2"), version(1, 4)], 4),
    ],
)
def test_of_a_history_the_newest_version_counts_and_deleted_is_deleted(
    history: list[Json], value: int | None
) -> None:
    found = read(bundle("history", *history))
    assert [one["valueInteger"] for one in found.resources] == ([] if value is None else [value])
    is_told = "Left out because the EHR has deleted them: 1." in found.warnings
    assert is_told is (value is None or history[0] == deletion("Observation/o2"))


def test_a_history_over_pages_stays_one_history() -> None:
    assert names(bundle("history", deletion()), bundle("history", version(1, 4))) == []


def test_results_a_report_contains_are_results() -> None:
    inside = {"resourceType": "Observation", "id": "k", "status": "final", "valueInteger": 4}
    other = {"resourceType": "Observation", "id": "unused", "status": "final"}
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "amended",
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-05-20",
        "contained": [inside, other],
        "result": [{"reference": "#k"}, {"reference": "Observation/o5"}],
    }
    lifted = read(bundle("searchset", entry(report))).resources[1]
    assert lifted == {
        "resourceType": "Observation",
        "id": "r1#k",
        "status": "final",
        "valueInteger": 4,
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-05-20",
    }


def test_kinds_no_chart_reads_are_neither_kept_nor_stored() -> None:
    claim, odd = {"resourceType": "Claim", "id": "1"}, {"id": "no-kind"}
    assert read(bundle("searchset", entry(claim), entry(odd), entry(PATIENT))).resources == (odd, PATIENT)


def test_links_of_bundles_inside_are_followed_too() -> None:
    def linked(url: object) -> Json:
        return {"link": [{"relation": "self", "url": "s"}, {"relation": "next", "url": url}]}

    inner = bundle("searchset", **linked("inner?page=2"))
    assert next_links(bundle("batch-response", entry(inner), **linked("outer?page=2"))) == [
        "outer?page=2",
        "inner?page=2",
    ]
    assert next_links(bundle("searchset", **linked(5))) == []


def test_bundles_within_bundles_end() -> None:
    deep = bundle("collection", entry(PATIENT))
    for _ in range(50):
        deep = bundle("collection", entry(deep))
    assert names(deep) == []


@pytest.mark.parametrize(
    "odd", [None, 5, "x", [], {}, [None, 5, "x", []], {"resource": 5}, [{"resource": []}]]
)
def test_entries_of_any_shape_never_fail(odd: object) -> None:
    assert read({"resourceType": "Bundle", "entry": odd, "link": odd}).resources == ()
    assert next_links({"resourceType": "Bundle", "entry": odd, "link": odd}) == []
    whole = bundle(
        "history",
        {
            "resource": {"resourceType": "Patient", "id": "p1", "meta": odd, "identifier": odd},
            "fullUrl": odd,
            "request": odd,
            "response": odd,
        },
    )
    assert len(read(whole).resources) == 1

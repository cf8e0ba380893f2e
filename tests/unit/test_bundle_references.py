"""References in every notation led to where they point, and no further."""

from __future__ import annotations

import pytest

from tests.unit.test_bundles import BASE, PATIENT, bundle, entry, lab, read


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("", "Patient/p1"),
        ("", "Patient/p1/_history/4"),
        ("", f"{BASE}Patient/p1"),
        ("", f"{BASE}Patient/p1/_history/2"),
        ("", "HTTPS://EHR.example/fhir/Patient/p1"),
        ("urn:uuid:5f6d", "urn:uuid:5f6d"),
        ("urn:oid:1.2.3", "urn:oid:1.2.3"),
        (f"{BASE}Patient/p1", "Patient/p1"),
        (f"{BASE}Patient/p1", f"{BASE}Patient/p1"),
        ("http://inner.example/r4/Patient/p1", "http://inner.example/r4/Patient/p1"),
        ("http://inner.example/r4/Patient/p1/_history/3", "http://inner.example/r4/Patient/p1"),
        ("http://inner.example/r4/Patient/p1", "http://inner.example/r4/Patient/p1/_history/9"),
        ("https://ids.example/people/77", "https://ids.example/people/77"),
        ("", "Patient?identifier=urn:mrn|4711"),
    ],
)
def test_a_reference_is_resolved_in_every_notation(url: str, written: str) -> None:
    patient = {**PATIENT, "identifier": [{"system": "urn:mrn", "value": "4711"}]}
    found = read(bundle("collection", entry(patient, url), entry(lab(subject=written))))
    assert found.resources[1]["subject"] == {"reference": "Patient/p1"}
    assert found.warnings == ()


def test_references_lead_over_pages_and_at_any_depth() -> None:
    panel = lab(
        "panel",
        hasMember=[{"reference": "urn:uuid:a"}],
        note=[{"authorReference": {"reference": "urn:uuid:b"}}],
    )
    doctor = {"resourceType": "Practitioner", "id": "d1"}
    found = read(
        bundle("collection", entry(panel)),
        bundle("collection", entry(lab("o9"), "urn:uuid:a"), entry(doctor, "urn:uuid:b")),
    )
    assert found.resources[0]["hasMember"] == [{"reference": "Observation/o9"}]
    assert found.resources[0]["note"] == [{"authorReference": {"reference": "Practitioner/d1"}}]


def test_a_resource_without_an_id_bears_that_of_its_entry() -> None:
    person = {"resourceType": "Patient"}
    found = read(bundle("collection", entry(person, "urn:uuid:p1"), entry(lab(subject="urn:uuid:p1"))))
    assert (found.resources[0]["id"], found.resources[1]["subject"]) == ("p1", {"reference": "Patient/p1"})


@pytest.mark.parametrize("written", ["urn:uuid:unknown", "#inside", "Patient?name=x", "nonsense", ""])
def test_a_reference_that_leads_nowhere_stays_as_it_is(written: str) -> None:
    found = read(bundle("collection", entry(PATIENT), entry(lab(subject=written))))
    assert found.resources[1]["subject"] == {"reference": written}


def test_a_patient_of_another_server_is_another_patient() -> None:
    own, foreign = (
        entry(lab("o1"), f"{BASE}Observation/o1"),
        lab("o2", "https://other.example/fhir/Patient/p1"),
    )
    found = read(bundle("searchset", entry(PATIENT, f"{BASE}Patient/p1"), own, entry(foreign)))
    assert [one["id"] for one in found.resources] == ["p1", "o1"]
    assert found.warnings == ("Left out because they name a patient of another server: 1.",)


def test_a_gateway_with_another_name_is_not_another_server() -> None:
    """Entries without addresses cannot tell; entries with them name the server behind the gateway."""
    behind = "http://10.0.0.7:8080/r4"
    record = [entry(PATIENT), entry(lab(subject=f"{behind}/Patient/p1"))]
    assert read(bundle("searchset", *record)).warnings == ()
    record = [entry(PATIENT, f"{behind}/Patient/p1"), entry(lab(subject=f"{behind}/Patient/p1"))]
    assert read(bundle("searchset", *record)).resources[1]["subject"] == {"reference": "Patient/p1"}

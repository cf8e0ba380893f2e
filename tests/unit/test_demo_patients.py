"""The demo patients: the same every time, rich enough to show, and full of identifiers that must go."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from hntai.domain.baseline import build_baseline
from hntai.domain.chart import Chart, build_chart, known_values
from hntai.domain.deidentification import DeidentificationOptions, deidentify
from hntai.domain.delta import build_delta
from hntai.domain.grounding import verify
from hntai.domain.rules import hits
from hntai_local.demo_patients import demo_bundles, demo_note
from tests.unit.chart_records import statements_of

BUNDLES = demo_bundles()
TODAY = date(2026, 10, 20)


def resources_of(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"]]


def patient_of(bundle: dict[str, Any]) -> dict[str, Any]:
    return next(resource for resource in resources_of(bundle) if resource["resourceType"] == "Patient")


def chart_of(bundle: dict[str, Any]) -> Chart:
    resources, patient_id = resources_of(bundle), patient_of(bundle)["id"]
    known = DeidentificationOptions(known=known_values(resources, patient_id))

    def scrub(text: str) -> str:
        return deidentify(text, known).scrubbed_text

    return build_chart(resources, patient_id=patient_id, today=TODAY, scrub=scrub)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_values() -> None:
    assert json.dumps(demo_bundles(7)) == json.dumps(demo_bundles(7))
    assert json.dumps(demo_bundles(7)) != json.dumps(demo_bundles(8))


@pytest.mark.parametrize("bundle", BUNDLES, ids=[patient_of(bundle)["id"] for bundle in BUNDLES])
class TestEachPatient:
    def test_is_a_transaction_of_resources_with_stable_ids(self, bundle: dict[str, Any]) -> None:
        assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "transaction")
        urls = [f"{resource['resourceType']}/{resource['id']}" for resource in resources_of(bundle)]
        assert len(set(urls)) == len(urls)
        assert [entry["request"] for entry in bundle["entry"]] == [
            {"method": "PUT", "url": url} for url in urls
        ]

    def test_every_reference_leads_to_a_resource_of_the_bundle(self, bundle: dict[str, Any]) -> None:
        there = {f"{resource['resourceType']}/{resource['id']}" for resource in resources_of(bundle)}
        assert set(_references(bundle)) <= there

    def test_has_everything_a_summary_needs(self, bundle: dict[str, Any]) -> None:
        kinds = Counter(resource["resourceType"] for resource in resources_of(bundle))
        assert kinds["Encounter"] >= 4
        for kind in ("RelatedPerson", "Practitioner", "Organization", "AllergyIntolerance", "Immunization"):
            assert kinds[kind] >= 1
        chart = chart_of(bundle)
        assert any(len(course.doses) > 1 for course in chart.courses)
        assert any(course.stopped for course in chart.courses)
        assert any(problem.resolved for problem in chart.problems)
        assert build_delta(chart, build_baseline(chart)).results

    def test_names_are_plainly_invented(self, bundle: dict[str, Any]) -> None:
        assert patient_of(bundle)["name"][0]["family"] == "Testpatient"

    def test_note_names_the_patient_in_every_way(self, bundle: dict[str, Any]) -> None:
        note, patient = demo_note(bundle), patient_of(bundle)
        for value in _identifiers(patient):
            assert value in note

    def test_nothing_that_leaves_names_the_patient(self, bundle: dict[str, Any]) -> None:
        chart = chart_of(bundle)
        baseline = build_baseline(chart)
        told = json.dumps([baseline.to_json(), build_delta(chart, baseline).to_json(), chart.warnings])
        told += str(statements_of(chart))
        for value in (*_identifiers(patient_of(bundle)), "Testdoctor", patient_of(bundle)["id"]):
            assert value not in told

    def test_every_statement_stands_on_its_references(self, bundle: dict[str, Any]) -> None:
        chart = chart_of(bundle)
        assert verify(statements_of(chart), chart).removed == 0


def test_the_first_patient_meets_the_rules_it_was_made_for() -> None:
    found = {hit.rule.id for hit in hits(chart_of(BUNDLES[0]))}
    assert {"metformin-kidney", "nsaid-kidney", "hyperkalaemia-drugs", "drug-allergy", "egfr-fall"} <= found


def _identifiers(patient: dict[str, Any]) -> list[str]:
    values = [patient["name"][0]["given"][0], patient["name"][0]["family"], patient["birthDate"]]
    values += [identifier["value"] for identifier in patient["identifier"]]
    values += [telecom["value"] for telecom in patient["telecom"]]
    return [*values, patient["address"][0]["line"][0], patient["address"][0]["postalCode"]]


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [found for inner in value.values() for found in _references(inner)]
    return [found for inner in value for found in _references(inner)] if isinstance(value, list) else []

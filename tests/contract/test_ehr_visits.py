"""The visits form over the wire, and held against FHIR: one patient, two forms, one chart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest

from hntai.adapters.ehr_fhir import FhirEhr
from hntai.adapters.ehr_visits import VisitsEhr
from hntai.config import read_settings
from hntai.domain.chart import Chart, build_chart
from hntai.domain.errors import (
    ConfigurationError,
    EhrAnswerInvalidError,
    EhrAnswerTooLargeError,
    EhrError,
    EhrPatientUnknownError,
    EhrRefusedError,
    EhrTimeoutError,
    EhrUnavailableError,
    EhrWrongPatientError,
)
from hntai.ports import Ehr, EhrCredentials
from hntai_local.demo_patients import demo_bundles
from hntai_local.fhir_server import DEMO_KEY, DEMO_TOKEN, FhirServer
from hntai_local.fhir_server_faults import Fault

CREDENTIALS = EhrCredentials(DEMO_TOKEN, DEMO_KEY)
BASE = "https://ehr.example/api"


@pytest.fixture
def server() -> Iterator[FhirServer]:
    serving = FhirServer()
    for one in demo_bundles():
        serving.store.load(one)
    serving.start()
    yield serving
    serving.close()


def chart(ehr: Ehr, patient: str) -> Chart:
    resources = ehr.fetch(patient, CREDENTIALS, 8).resources
    return build_chart(resources, patient_id=patient, today=date(2026, 11, 1), scrub=lambda text: text)


def ordered(read: Chart) -> Chart:
    """Orders stand as the record brings them: visit by visit in one form, drug by drug in the other."""
    orders = tuple(sorted(read.orders, key=lambda order: order.references))
    courses = tuple(sorted(read.courses, key=lambda course: course.references))
    return replace(read, orders=orders, courses=courses)


@pytest.mark.parametrize("patient", ["demo-1", "demo-2", "demo-3"])
def test_a_patient_has_one_chart_in_either_form(server: FhirServer, patient: str) -> None:
    by_visits = ordered(chart(VisitsEhr(server.url), patient))
    assert by_visits == ordered(chart(FhirEhr(server.url), patient))
    assert len(by_visits.results) > 10
    assert len(by_visits.encounters) == 5


def test_every_page_of_visits_is_read(server: FhirServer) -> None:
    server.visits["p1"] = [{"patient": {"id": "p1"}, "visits": [visit(number)]} for number in range(4)]
    found = VisitsEhr(server.url).fetch("p1", CREDENTIALS, 8).resources
    assert [one["id"] for one in found if one["resourceType"] == "Encounter"] == ["v0", "v1", "v2", "v3"]


def test_a_visits_server_that_recovers_is_asked_again(server: FhirServer) -> None:
    server.faults["demo-1"] = Fault(status=503, from_page=2, times=2)
    assert VisitsEhr(server.url).fetch("demo-1", CREDENTIALS, 8).resources


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=503), EhrUnavailableError),
        (Fault(status=403), EhrRefusedError),
        (Fault(status=400), EhrRefusedError),
        (Fault(break_off=True), EhrUnavailableError),
        (Fault(wrong_content_type=True), EhrAnswerInvalidError),
        (Fault(delay_s=2), EhrTimeoutError),
    ],
)
def test_a_visits_server_that_fails_is_named(server: FhirServer, fault: Fault, error: type[EhrError]) -> None:
    server.faults["demo-1"] = fault
    with pytest.raises(error):
        VisitsEhr(server.url, pause=lambda _: None).fetch("demo-1", CREDENTIALS, 1)


def test_a_patient_without_visits_is_unknown(server: FhirServer) -> None:
    for nobody in ("nobody", "..", "."):
        with pytest.raises(EhrPatientUnknownError):
            VisitsEhr(server.url).fetch(nobody, CREDENTIALS, 8)


def test_a_format_nobody_speaks_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HNTAI_EHR_FORMAT", "hl7v2")
    with pytest.raises(ConfigurationError) as raised:
        read_settings()
    assert "HNTAI_EHR_FORMAT" in str(raised.value)
    assert "hl7v2" not in str(raised.value)
    monkeypatch.delenv("HNTAI_EHR_FORMAT")
    assert read_settings().ehr_format == "fhir"


def visit(number: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": f"v{number}", "date": f"2026-0{number + 1}-01", **more}


def page(*visits: object, patient: object = "p1", **more: object) -> dict[str, object]:
    return {"patient": {"id": patient}, "visits": list(visits), **more}


def on_the_wire(body: bytes, media_type: str = "application/json") -> VisitsEhr:
    """Answers every request with this."""

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=body, headers={"content-type": media_type})

    return VisitsEhr(BASE, httpx.MockTransport(answer), pause=lambda _: None)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (page(patient="p2"), EhrWrongPatientError),
        (page(patient=7), EhrAnswerInvalidError),
        ({"visits": []}, EhrAnswerInvalidError),
        ({"patient": {"id": "p1"}}, EhrAnswerInvalidError),
        ({"patient": {"id": "p1"}, "visits": "none"}, EhrAnswerInvalidError),
        ([], EhrAnswerInvalidError),
        ("p1", EhrAnswerInvalidError),
        (page(next=5), EhrAnswerInvalidError),
        (page(next="https://evil.example/patients/p1/visits"), EhrAnswerInvalidError),
        (page(next="patients/p1/visits?page=2"), EhrAnswerInvalidError),
    ],
    ids=str,
)
def test_what_is_not_the_form_is_refused(content: object, error: type[EhrError]) -> None:
    with pytest.raises(error):
        on_the_wire(json.dumps(content).encode()).fetch("p1", CREDENTIALS, 8)


def test_truncated_and_foreign_answers_are_refused() -> None:
    whole = json.dumps(page(visit())).encode()
    for ehr in (on_the_wire(whole[:-3]), on_the_wire(whole, "text/html"), on_the_wire(b"")):
        with pytest.raises(EhrAnswerInvalidError):
            ehr.fetch("p1", CREDENTIALS, 8)


def test_pages_without_end_are_cut_off() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", "1")) + 1
        return httpx.Response(200, json=page(next=f"?page={number}"))

    with pytest.raises(EhrAnswerTooLargeError):
        VisitsEhr(BASE, httpx.MockTransport(answer)).fetch("p1", CREDENTIALS, 8)


def test_a_visit_of_another_patient_is_left_out_and_warned_about() -> None:
    lab = {"name": "Potassium", "loinc": "2823-3", "value": 6.9, "unit": "mmol/L"}
    strange = visit(1, patient_id="p2", labs=[lab])
    mixed = visit(0, labs=[{**lab, "value": 4.1}, {**lab, "patient_id": "p3", "value": 7.1}])
    read = chart(on_the_wire(json.dumps(page(strange, mixed)).encode()), "p1")
    assert [result.shown for result in read.results] == ["4.1 mmol/L"]
    assert read.counts["other_patient"] == 3
    assert "Left out because another patient is named: 3." in read.warnings


def test_entries_of_wrong_shape_are_counted_and_the_rest_is_read() -> None:
    odd = page(
        5,
        None,
        [],
        visit(0, labs=["x", {"name": "Sodium", "loinc": "2951-2", "value": 140, "unit": "mmol/L"}]),
    )
    read = chart(on_the_wire(json.dumps(odd).encode()), "p1")
    assert [result.shown for result in read.results] == ["140 mmol/L"]
    assert read.counts["misshapen"] == 4

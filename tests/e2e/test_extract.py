"""POST /extract_medical_data on the running stack."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import RunningStack

pytestmark = pytest.mark.e2e

TEXT = "PMH: HTN. Denies chest pain. Continue lisinopril 20 mg po daily. NKDA. BP 132/80."
PATH = "/extract_medical_data"


def test_a_text_is_extracted_and_audited(stack: RunningStack) -> None:
    before = len(stack.audit_rows())
    with stack.client("extract") as client:
        answer = client.post(PATH, json={"text": TEXT}).json()
    assert [(one["text"], one["assertion"]) for one in answer["problems"]] == [
        ("HTN", "historical"),
        ("chest pain", "negated"),
    ]
    assert answer["medications"][0]["frequency"] == "once daily"
    assert all(TEXT[one["start"] : one["end"]] == one["text"] for one in answer["problems"])
    rows = stack.audit_rows()[before:]
    assert [(row["operation"], row["outcome"]) for row in rows] == [("extract", "succeeded")]


def test_fhir_is_answered_where_it_is_asked_for(stack: RunningStack) -> None:
    with stack.client("extract") as client:
        answer = client.post(PATH, json={"text": TEXT}, headers={"accept": "application/fhir+json"})
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert answer.json()["resourceType"] == "Bundle"


def test_half_a_million_characters_are_answered_in_time(stack: RunningStack) -> None:
    text = ("The patient was seen with her daughter, who asked about her sleep. " * 40 + TEXT + "\n") * 200
    with stack.client("extract") as client:
        answer = client.post(PATH, json={"text": text[:500_000]})
    assert answer.status_code == 200


def test_another_scope_is_refused(stack: RunningStack) -> None:
    with stack.client("scrub") as client:
        assert client.post(PATH, json={"text": TEXT}).status_code == 403

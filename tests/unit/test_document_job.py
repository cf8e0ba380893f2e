"""A document with more scanned pages than a call has time for: a job, of which no page is lost unsaid."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hntai.contracts.document import DocumentAnswer
from hntai.domain.errors import (
    AuditUnavailableError,
    BlobsUnavailableError,
    DocumentTooLongError,
    ResourceUnknownError,
    ScopeMissingError,
    WorkflowUnavailableError,
)
from hntai.domain.identity import Caller, Identity
from hntai.domain.jobs import DOCUMENT_LIMIT, JobId, JobKind, JobState
from hntai.services.document_steps.assemble_document import upload_id_of
from hntai.services.upload_document import MOST_SCANS
from tests.memory.documents import ANNA, BERTA, Documents

LETTER = b"Dear colleague.\nSCAN Patient John Doe.\nSCAN His SSN is 123-45-6789.\nEnclosed.\n" + b"".join(
    b"SCAN Page %d.\n" % number for number in range(5, 11)
)
"""Two pages with text, eight pictures of pages."""


@pytest.fixture
def house() -> Documents:
    return Documents()


def begun(house: Documents, content: bytes = LETTER, *, is_scrubbed: bool = False) -> JobId:
    outcome = house.upload.file(content, ANNA, is_scrubbed=is_scrubbed)
    assert not isinstance(outcome, DocumentAnswer)
    return outcome


def ended(house: Documents, content: bytes = LETTER, *, is_scrubbed: bool = False) -> dict[str, Any]:
    job_id = begun(house, content, is_scrubbed=is_scrubbed)
    house.run(job_id)
    outcome = house.runs.outcome(job_id)
    assert outcome.answer is not None, outcome
    return outcome.answer


def test_scans_that_fit_in_the_call_are_answered_at_once(house: Documents) -> None:
    house.reader.in_time = 8
    assert house.answered(LETTER, ANNA).pages[1].text == "Patient John Doe."
    assert not house.jobs.stored


def test_more_become_a_job_with_the_answer_of_the_call(house: Documents) -> None:
    answer = DocumentAnswer.model_validate(ended(house))
    assert [page.number for page in answer.pages] == list(range(1, 11))
    assert answer.text.startswith(
        "Dear colleague.\n\nPatient John Doe.\n\nHis SSN is 123-45-6789.\n\nEnclosed."
    )
    assert [page.source.value for page in answer.pages[:4]] == ["text", "ocr", "ocr", "text"]
    assert answer.pages[1].warnings == ("no_text_layer",)
    assert (answer.phi, answer.scrubbed) == ({"NAME": 1, "SSN": 1}, False)


def test_its_text_is_kept_under_its_upload_id_as_it_was_answered(house: Documents) -> None:
    job_id = begun(house, is_scrubbed=True)
    house.run(job_id)
    answer = house.runs.outcome(job_id).answer
    assert answer is not None
    assert answer["upload_id"] == str(upload_id_of(job_id))
    kept = house.store.document(upload_id_of(job_id), ANNA.identity)
    assert kept.text == answer["text"]
    assert "Doe" not in json.dumps(answer)
    with pytest.raises(ResourceUnknownError):
        house.store.document(upload_id_of(job_id), BERTA.identity)


def test_pages_are_recognised_in_ranges_of_four(house: Documents) -> None:
    ended(house)
    assert house.reader.asked == [(2, 3, 5, 6), (7, 8, 9, 10)]


def test_a_page_that_ends_who_recognises_it_is_told_alone(house: Documents) -> None:
    answer = ended(house, b"SCAN One.\nSCAN BAD page.\nSCAN Three.")
    assert [page["text"] for page in answer["pages"]] == ["One.", "", "Three."]
    assert answer["pages"][1]["warnings"] == ["no_text_layer", "ocr_failed"]
    assert [page["warnings"] for page in answer["pages"][::2]] == [["no_text_layer"]] * 2


def test_a_page_there_was_no_time_for_among_others_is_tried_alone(house: Documents) -> None:
    answer = ended(house, b"SCAN One.\nSCAN SLOW page.")
    assert [page["text"] for page in answer["pages"]] == ["One.", "SLOW page."]
    assert house.reader.asked == [(1, 2), (2,)]


def test_when_it_has_ended_only_the_text_is_left_and_the_audit_says_what_went(house: Documents) -> None:
    job_id = begun(house)
    ((source, sealed),) = house.blobs.kept.items()
    assert source.startswith(f"jobs/{job_id}/")
    assert b"Doe" not in sealed
    house.run(job_id)
    assert [key.partition("/")[0] for key in house.blobs.kept] == ["documents"]
    assert not house.documents.kept
    assert house.rows() == [
        ("upload", "succeeded", {"NAME": 1, "SSN": 1}),
        ("document_deleted", "succeeded", {"DOCUMENT_OBJECT": 1}),
    ]


def test_what_a_form_had_posted_stays_for_the_job_and_is_gone_after_it(house: Documents) -> None:
    key = house.posted(LETTER)
    job_id = house.upload.upload(key, ANNA, is_scrubbed=False)
    assert not isinstance(job_id, DocumentAnswer)
    assert list(house.blobs.kept) == [key]
    house.run(job_id)
    assert key not in house.blobs.kept


def test_the_same_state_twice_makes_the_same_answer_and_rows(house: Documents) -> None:
    job_id = begun(house)
    for _ in range(2):
        for place in house.prepare(job_id)["ranges"]:
            house.recognise(job_id, place)
        house.assemble(job_id)
    for _ in range(2):
        house.end.publish(job_id)
    assert len(house.rows()) == 2
    assert sum(key.startswith("documents/") for key in house.blobs.kept) == 1


def test_what_the_states_put_out_is_numbers(house: Documents) -> None:
    job_id = begun(house)
    assert house.prepare(job_id) == {"pages": 10, "scanned": 8, "ranges": [0, 1]}
    assert house.recognise(job_id, 0) == {"range": 0, "pages": 4, "failed": 0}
    house.recognise(job_id, 1)
    assert house.assemble(job_id) == {"pages": 10, "failed": 0, "identifiers": 2}


def test_a_job_that_fails_leaves_nothing_of_the_document(house: Documents) -> None:
    job_id = begun(house)
    for place in house.prepare(job_id)["ranges"]:
        house.recognise(job_id, place)
    house.assemble(job_id)
    house.end.fail(job_id, "States.Timeout")
    assert (house.blobs.kept, house.documents.kept) == ({}, {})
    assert house.runs.outcome(job_id).error == "RunTimedOutError"
    assert house.rows()[0][:2] == ("upload", "failed")


def test_too_much_text_is_told_as_the_jobs_problem(house: Documents) -> None:
    job_id = begun(house, b"SCAN " + b"a" * 1500 + b"\nSCAN " + b"b" * 1500)
    house.run(job_id)
    assert house.runs.outcome(job_id).error == "DocumentTooLongError"


def test_more_scans_than_a_job_takes_are_refused_and_deleted(house: Documents) -> None:
    key = house.posted(b"SCAN a\n" * (MOST_SCANS + 1))
    with pytest.raises(DocumentTooLongError) as refused:
        house.upload.upload(key, ANNA, is_scrubbed=False)
    assert refused.value.details["limit_scanned_pages"] == MOST_SCANS
    assert not house.blobs.kept
    assert not house.jobs.stored


def test_without_its_audit_row_there_is_no_result(house: Documents) -> None:
    job_id = begun(house)
    for place in house.prepare(job_id)["ranges"]:
        house.recognise(job_id, place)
    house.assemble(job_id)
    house.audit.failing = AuditUnavailableError()
    with pytest.raises(AuditUnavailableError):
        house.end.publish(job_id)
    assert house.runs.outcome(job_id).answer is None


def test_where_nothing_starts_nothing_is_kept(house: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: JobId) -> None:
        raise WorkflowUnavailableError

    house.starter.on_start = fail
    with pytest.raises(WorkflowUnavailableError):
        begun(house)
    assert not house.blobs.kept
    house.blobs.is_down = True
    with pytest.raises(BlobsUnavailableError):
        begun(house)


def test_a_job_is_seen_by_its_owner_with_the_scope_that_started_it(house: Documents) -> None:
    job_id = begun(house)
    house.run(job_id)
    assert house.runs.read(job_id, ANNA).state is JobState.SUCCEEDED
    with pytest.raises(ResourceUnknownError):
        house.runs.read(job_id, BERTA)
    other = Caller(Identity("default", "anna", frozenset({"extract"})), "request-9")
    with pytest.raises(ScopeMissingError):
        house.runs.read(job_id, other)


def test_it_has_an_hour() -> None:
    assert JobKind.DOCUMENT.limit == DOCUMENT_LIMIT

"""A document is answered, kept sealed for its owner, and what a form had posted is gone and proved to be."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from hntai.domain.errors import (
    AuditUnavailableError,
    BlobsUnavailableError,
    DocumentUnreadableError,
    RecognizerBudgetError,
    ResourceUnknownError,
    UploadMissingError,
    UploadTooLargeError,
)
from hntai.services.documents.document_store import UploadId
from hntai.services.start_upload import DIRECT_BYTES
from tests.memory.documents import ANNA, BERTA, MAX_BYTES, OTHER_ANNA, Documents, LineReader
from tests.memory.runs import MemoryAuditLog

LETTER = b"Patient John Doe was seen.\nHis SSN is 123-45-6789.\nPotassium 4.1."


@pytest.fixture
def house() -> Documents:
    return Documents()


def test_a_document_is_answered_with_its_pages_digest_and_counts(house: Documents) -> None:
    answer = house.upload.file(LETTER, ANNA, is_scrubbed=False)
    assert answer.text == LETTER.decode().replace("\n", "\n\n")
    assert [(page.number, page.confidence) for page in answer.pages] == [(1, 1.0), (2, 1.0), (3, 1.0)]
    assert (answer.media_type, answer.sha256) == ("text/plain", hashlib.sha256(LETTER).hexdigest())
    assert (answer.phi, answer.scrubbed) == ({"NAME": 1, "SSN": 1}, False)
    assert house.rows() == [("upload", "succeeded", {"NAME": 1, "SSN": 1})]


def test_scrubbing_takes_identifiers_out_of_text_pages_and_what_is_kept(house: Documents) -> None:
    answer = house.upload.file(LETTER, ANNA, is_scrubbed=True)
    assert "Doe" not in answer.model_dump_json()
    assert answer.pages[1].text == "His SSN is [REDACTED]."
    assert house.store.document(UploadId(answer.upload_id), ANNA.identity).text == answer.text
    assert (answer.phi, answer.scrubbed) == ({"NAME": 1, "SSN": 1}, True)


def test_what_is_kept_is_sealed_under_a_key_that_says_nothing(house: Documents) -> None:
    answer = house.upload.file(LETTER, ANNA, is_scrubbed=False)
    ((key, kept),) = house.blobs.kept.items()
    assert key.startswith("documents/")
    assert key.endswith(answer.upload_id.hex)
    assert "anna" not in key
    assert b"Doe" not in kept


@pytest.mark.parametrize("caller", [BERTA, OTHER_ANNA])
def test_a_document_of_someone_else_does_not_exist(house: Documents, caller) -> None:  # type: ignore[no-untyped-def]
    answer = house.upload.file(LETTER, ANNA, is_scrubbed=False)
    with pytest.raises(ResourceUnknownError):
        house.store.document(UploadId(answer.upload_id), caller.identity)
    with pytest.raises(ResourceUnknownError):
        house.store.document(UploadId(uuid.uuid4()), ANNA.identity)


def test_a_document_whose_time_is_over_does_not_exist() -> None:
    house = Documents(retention=timedelta(0))
    answer = house.upload.file(LETTER, ANNA, is_scrubbed=False)
    with pytest.raises(ResourceUnknownError):
        house.store.document(UploadId(answer.upload_id), ANNA.identity)


def test_what_a_form_posted_is_read_once_and_deleted_with_proof(house: Documents) -> None:
    key = house.posted(LETTER)
    house.upload.upload(key, ANNA, is_scrubbed=False)
    assert [row[0] for row in house.rows()] == ["document_deleted", "upload"]
    deleted, read = house.audit.rows.values()
    assert deleted.input_hmac == read.input_hmac
    assert [kept.partition("/")[0] for kept in house.blobs.kept] == ["documents"]
    with pytest.raises(UploadMissingError):
        house.upload.upload(key, ANNA, is_scrubbed=False)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda key: f"{key}\n",
        lambda key: key.replace("uploads", "documents"),
        lambda key: key.replace("uploads", "retained"),
        lambda key: key.replace("/", "/../", 1),
    ],
)
def test_a_key_that_is_not_the_callers_upload_does_not_exist(
    house: Documents, spoil: Callable[[str], str]
) -> None:
    key = house.posted(LETTER)
    with pytest.raises(ResourceUnknownError):
        house.upload.upload(spoil(key), ANNA, is_scrubbed=False)
    with pytest.raises(ResourceUnknownError):
        house.upload.upload(key, BERTA, is_scrubbed=False)
    assert key in house.blobs.kept


def test_what_cannot_be_read_is_deleted_with_proof_and_kept_nowhere() -> None:
    house = Documents(reader=LineReader(DocumentUnreadableError(cause="truncated")))
    with pytest.raises(DocumentUnreadableError):
        house.upload.upload(house.posted(LETTER), ANNA, is_scrubbed=False)
    assert house.rows() == [("document_deleted", "succeeded", {"DOCUMENT_OBJECT": 1})]
    assert not house.blobs.kept


def test_what_is_too_large_is_refused_unread(house: Documents) -> None:
    with pytest.raises(UploadTooLargeError):
        house.upload.file(bytes(DIRECT_BYTES + 1), ANNA, is_scrubbed=False)
    with pytest.raises(UploadTooLargeError):
        house.upload.upload(house.posted(bytes(MAX_BYTES + 1)), ANNA, is_scrubbed=False)
    assert not house.blobs.kept


def test_what_cannot_be_scrubbed_in_time_leaves_a_row_and_no_document() -> None:
    house = Documents(budget_s=-1.0)
    with pytest.raises(RecognizerBudgetError):
        house.upload.file(LETTER, ANNA, is_scrubbed=False)
    assert house.rows() == [("upload", "failed", {})]
    assert not house.blobs.kept


def test_without_its_row_there_is_no_answer_and_nothing_is_kept() -> None:
    house = Documents(audit=MemoryAuditLog(failing=AuditUnavailableError()))
    with pytest.raises(AuditUnavailableError):
        house.upload.file(LETTER, ANNA, is_scrubbed=False)
    assert not house.blobs.kept


def test_a_store_that_is_down_is_told(house: Documents) -> None:
    house.blobs.is_down = True
    with pytest.raises(BlobsUnavailableError):
        house.upload.file(LETTER, ANNA, is_scrubbed=False)

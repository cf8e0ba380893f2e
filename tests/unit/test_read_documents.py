"""Documents of a run: checked before any work, read in the pipeline, missed without stopping it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from hntai.contracts.patient_summary import PatientSummaryRequest
from hntai.domain.errors import BlobsUnavailableError, ResourceUnknownError
from hntai.domain.identity import Caller
from hntai.domain.jobs import JobId
from hntai.services.documents.document_store import UploadId
from hntai.services.run_steps.read_documents import ReadDocuments, documents_missed, documents_read
from hntai.services.run_steps.step import RECORD, StepPorts
from hntai.services.run_workspace import RunWorkspace
from hntai.services.start_run import StartRun
from tests.memory.documents import ANNA, BERTA, OTHER_ANNA, Documents
from tests.memory.runs import MemoryJobs, MemoryRunDocuments, MemoryRunEvents, MemoryRunStarter, MemorySealer
from tests.unit.chart_records import PATIENT

LETTER = "Date: 2026-02-20\nRe: Anna Testpatient\nDiagnosis: asthma."
LONGEST = 200


@dataclass
class House:
    """A run's start and its step, over the uploads of Documents."""

    uploads: Documents = field(default_factory=Documents)
    budget_s: float = 20.0

    def __post_init__(self) -> None:
        self.jobs, self.starter, events = MemoryJobs(), MemoryRunStarter(), MemoryRunEvents()
        clock = self.uploads.clock
        workspace = RunWorkspace(self.jobs, MemoryRunDocuments(), MemorySealer())
        self.step = StepPorts(self.jobs, workspace, events, clock)
        self.start = StartRun(
            self.jobs, workspace, events, self.starter, clock, self.uploads.store, sweep=lambda: 0
        )
        self.read = ReadDocuments(self.step, self.uploads.store, LONGEST, self.budget_s)

    def keep(self, text: str, caller: Caller = ANNA, days: int = 30) -> uuid.UUID:
        upload_id = UploadId(uuid.uuid4())
        until = self.uploads.clock() + timedelta(days=days)
        self.uploads.store.keep(upload_id, caller.identity, [text], until)
        return upload_id

    def begun(self, *documents: uuid.UUID) -> JobId:
        """A run of ANNA's whose record is there."""
        request = PatientSummaryRequest(patientid="p1", documents=documents)
        job_id = self.start(request, ANNA)
        content: dict[str, Any] = {"resources": [PATIENT], "warnings": []}
        self.step.workspace.put(job_id, RECORD, content)
        return job_id


@pytest.fixture
def house() -> House:
    return House()


def test_a_run_reads_the_documents_it_was_asked_for(house: House) -> None:
    one, other = house.keep(LETTER), house.keep("Re: Anna Testpatient. No gout.")
    job_id = house.begun(one, other)
    assert house.read(job_id) == {"documents": 2, "entries": 2, "unread": 0}
    assert [document.source.upload_id for document in documents_read(house.step, job_id)] == [
        str(one),
        str(other),
    ]
    assert documents_missed(house.step, job_id) == ([], [])


def test_what_the_state_puts_out_is_counts_alone(house: House) -> None:
    assert all(isinstance(count, int) for count in house.read(house.begun(house.keep(LETTER))).values())


@pytest.mark.parametrize("owner", [BERTA, OTHER_ANNA])
def test_a_document_of_someone_else_stops_the_run_before_any_work(house: House, owner: Caller) -> None:
    with pytest.raises(ResourceUnknownError):
        house.begun(house.keep(LETTER), house.keep(LETTER, owner))
    assert (house.jobs.stored, house.starter.started) == ({}, [])


def test_an_unknown_or_expired_document_stops_it_too(house: House) -> None:
    for upload_id in (uuid.uuid4(), house.keep(LETTER, days=0)):
        with pytest.raises(ResourceUnknownError):
            house.begun(upload_id)
    assert house.jobs.stored == {}


def test_a_document_that_expires_between_start_and_reading_is_named_and_the_rest_read(house: House) -> None:
    gone, stays = house.keep(LETTER, days=1), house.keep(LETTER)
    job_id = house.begun(gone, stays)
    house.uploads.clock.advance(2 * 86_400)
    assert house.read(job_id) == {"documents": 1, "entries": 1, "unread": 1}
    fallbacks, (warning,) = documents_missed(house.step, job_id)
    assert fallbacks == ["document_missing"]
    assert warning.startswith(f"Uploaded document {gone} had expired")


def test_a_deleted_document_is_told_like_an_expired_one(house: House) -> None:
    upload_id = house.keep(LETTER)
    job_id = house.begun(upload_id)
    house.uploads.store.forget(UploadId(upload_id), ANNA.identity)
    assert house.read(job_id)["unread"] == 1
    assert documents_missed(house.step, job_id)[0] == ["document_missing"]


def test_a_document_beyond_the_limit_of_all_together_is_named_and_shorter_ones_read(house: House) -> None:
    first, long, short = house.keep("a" * 150), house.keep("b" * 100), house.keep("c" * 50)
    job_id = house.begun(first, long, short)
    assert house.read(job_id)["documents"] == 2
    fallbacks, (warning,) = documents_missed(house.step, job_id)
    assert fallbacks == ["document_unread"]
    assert str(long) in warning


def test_documents_there_is_no_time_for_are_named() -> None:
    house = House(budget_s=0.0)
    job_id = house.begun(house.keep(LETTER))
    assert house.read(job_id) == {"documents": 0, "entries": 0, "unread": 1}
    assert documents_missed(house.step, job_id)[0] == ["document_unread"]


def test_where_the_step_itself_failed_every_document_is_named(house: House) -> None:
    one, other = house.keep(LETTER), house.keep(LETTER)
    job_id = house.begun(one, other)
    fallbacks, warnings = documents_missed(house.step, job_id)
    assert fallbacks == ["document_unread"]
    assert len(warnings) == 2
    assert documents_read(house.step, job_id) == []


def test_a_store_that_is_down_is_left_to_the_state_machine(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = house.begun(house.keep(LETTER))

    def down(*_: object, **__: object) -> None:
        raise BlobsUnavailableError

    monkeypatch.setattr(house.uploads.blobs, "read", down)
    with pytest.raises(BlobsUnavailableError):
        house.read(job_id)


@pytest.mark.parametrize(
    "documents", [[str(uuid.uuid4())] * 2, [str(uuid.uuid4()) for _ in range(11)], ["x"]]
)
def test_repeated_too_many_and_misshapen_ids_are_refused(documents: list[str]) -> None:
    with pytest.raises(ValidationError):
        PatientSummaryRequest.model_validate({"patientid": "p1", "documents": documents})

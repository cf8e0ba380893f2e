"""Jobs, run documents and stored records: one suite over memory and PostgreSQL."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest

from hntai.adapters.jobs import PostgresJobs, PostgresRunDocuments, PostgresStoredRecords
from hntai.adapters.postgres import PostgresSession
from hntai.domain.errors import RecordMissingError, ResourceUnknownError, StoredRecordMissingError
from hntai.domain.identity import Identity
from hntai.domain.jobs import RUN_LIMIT, Job, JobId, JobState, PatientKey
from hntai.ports import JobResult, Jobs, RunDocuments, StoredRecord, StoredRecords
from tests.memory.runs import MemoryJobs, MemoryRunDocuments, MemoryStoredRecords, SteppingClock

NOW = SteppingClock().now


@dataclass
class Stores:
    jobs: Jobs
    documents: RunDocuments
    records: StoredRecords


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        return Stores(MemoryJobs(), MemoryRunDocuments(), MemoryStoredRecords())
    session: PostgresSession = request.getfixturevalue("app_session")
    return Stores(PostgresJobs(session), PostgresRunDocuments(session), PostgresStoredRecords(session))


def new_job() -> Job:
    return Job(JobId(uuid.uuid4()), "default", "anna", "request-1", JobState.QUEUED, NOW)


def test_a_job_is_read_as_it_was_created(stores: Stores) -> None:
    job = new_job()
    stores.jobs.create(job, b"sealed")
    assert stores.jobs.get(job.id) == job
    assert stores.jobs.sealed_request(job.id) == b"sealed"
    assert stores.jobs.result(job.id) == JobResult(JobState.QUEUED, None, None)


def test_another_identitys_job_does_not_exist(stores: Stores) -> None:
    job = new_job()
    stores.jobs.create(job, b"sealed")
    assert stores.jobs.get_owned(job.id, Identity("default", "anna", frozenset())) == job
    for stranger in (Identity("default", "berta", frozenset()), Identity("other", "anna", frozenset())):
        with pytest.raises(ResourceUnknownError):
            stores.jobs.get_owned(job.id, stranger)


def test_an_unknown_job_is_an_error_everywhere(stores: Stores) -> None:
    unknown = JobId(uuid.uuid4())
    for read in (stores.jobs.get, stores.jobs.sealed_request, stores.jobs.result):
        with pytest.raises(ResourceUnknownError):
            read(unknown)


def test_retries_of_the_fetch_keep_the_first_start(stores: Stores) -> None:
    job = new_job()
    stores.jobs.create(job, b"sealed")
    first = stores.jobs.start_fetch(job.id, NOW)
    second = stores.jobs.start_fetch(job.id, NOW + timedelta(seconds=5))
    assert (first.state, first.fetch_started_at) == (JobState.RUNNING, NOW)
    assert second.fetch_started_at == NOW


def test_a_run_ends_once(stores: Stores) -> None:
    job = new_job()
    stores.jobs.create(job, b"sealed")
    done = JobResult(JobState.SUCCEEDED, b"sealed result", None)
    assert stores.jobs.finish(job.id, done, NOW) is True
    assert stores.jobs.finish(job.id, JobResult(JobState.FAILED, None, "EhrTimeoutError"), NOW) is False
    assert stores.jobs.result(job.id) == done
    assert stores.jobs.get(job.id).ended_at == NOW


def test_a_finished_run_cannot_be_fetched_again(stores: Stores) -> None:
    job = new_job()
    stores.jobs.create(job, b"sealed")
    stores.jobs.finish(job.id, JobResult(JobState.FAILED, None, "EhrTimeoutError"), NOW)
    with pytest.raises(ResourceUnknownError):
        stores.jobs.start_fetch(job.id, NOW)


def test_a_run_past_its_limit_has_expired() -> None:
    job = new_job()
    assert job.state_at(NOW + RUN_LIMIT) is JobState.QUEUED
    assert job.state_at(NOW + RUN_LIMIT + timedelta(seconds=1)) is JobState.EXPIRED


def test_phi_touched_and_secrets_replaced(stores: Stores) -> None:
    job = new_job()
    stores.jobs.create(job, b"with secrets")
    stores.jobs.mark_phi_touched(job.id)
    stores.jobs.replace_sealed_request(job.id, b"without")
    assert stores.jobs.get(job.id).is_phi_touched
    assert stores.jobs.sealed_request(job.id) == b"without"


def test_documents_are_overwritten_and_discarded_by_job(stores: Stores) -> None:
    one, two = new_job(), new_job()
    for job in (one, two):
        stores.jobs.create(job, b"")
        stores.documents.put(job.id, "chart", b"first")
    stores.documents.put(one.id, "chart", b"second")
    assert stores.documents.get(one.id, "chart") == b"second"
    stores.documents.discard(one.id)
    with pytest.raises(RecordMissingError):
        stores.documents.get(one.id, "chart")
    assert stores.documents.get(two.id, "chart") == b"first"


def test_an_older_record_never_replaces_a_newer(stores: Stores) -> None:
    key = PatientKey(uuid.uuid4().bytes)
    with pytest.raises(StoredRecordMissingError):
        stores.records.get(key)
    newer, older = StoredRecord(b"newer", NOW), StoredRecord(b"older", NOW - timedelta(days=1))
    stores.records.put(key, newer)
    stores.records.put(key, older)
    assert stores.records.get(key) == newer

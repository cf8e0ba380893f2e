"""A bulk in memory: what is kept of it, what its steps do, and what an operator does with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from hntai.contracts.bulk import BulkRow
from hntai.domain.bulk import BLOCK_ROWS, BulkId, BulkPlan, batches, job_of
from hntai.domain.errors import (
    BulkRunningError,
    ConfigurationError,
    InvalidRequestError,
    ResourceUnknownError,
)
from hntai.domain.jobs import JobState
from hntai.ports import JobResult
from hntai.services.bulk.bulk_steps import KeepResults, PrepareBulk, StartRow, SumUp, TakeTurn
from hntai.services.bulk.bulk_store import BulkStore
from hntai.services.bulk.run_bulk import RunBulk
from hntai.services.run_workspace import RunWorkspace
from tests.memory.audio import MemoryBlobs
from tests.memory.runs import (
    MemoryAuditLog,
    MemoryJobs,
    MemoryRunDocuments,
    MemoryRunEvents,
    MemorySealer,
    SteppingClock,
)

PLAN = BulkPlan("default", "arn:operator", 3, 2, 5.0, 2, 10)
SECRET = json.dumps({"token": "t", "key": "k"})


@dataclass
class Starter:
    started: list[tuple[str, int]] = field(default_factory=list)
    running: bool = False

    def start(self, bulk_id: str, attempt: int) -> None:
        self.started.append((bulk_id, attempt))

    def is_running(self, bulk_id: str, attempt: int) -> bool | None:
        return self.running if (bulk_id, attempt) in self.started else None


class House:
    """Everything a bulk stands on."""

    def __init__(self) -> None:
        self.blobs, self.jobs, self.events = MemoryBlobs(), MemoryJobs(), MemoryRunEvents()
        self.audit, self.starter, self.clock = MemoryAuditLog(), Starter(), SteppingClock()
        self.store = BulkStore(self.blobs, MemorySealer())
        self.workspace = RunWorkspace(self.jobs, MemoryRunDocuments(), MemorySealer())
        self.secret = SECRET

    @property
    def start_row(self) -> StartRow:
        return StartRow(self.store, self.jobs, self.workspace, lambda: self.secret, self.clock)

    @property
    def keep(self) -> KeepResults:
        return KeepResults(self.store, self.jobs, self.workspace, self.events)

    @property
    def operator(self) -> RunBulk:
        return RunBulk(
            self.store, self.starter, self.audit, lambda *_: bytes(32), self.clock, lambda: "arn:operator"
        )

    def bulk(self, count: int = 3) -> BulkId:
        rows = [BulkRow(patientid=f"p-{number}") for number in range(count)]
        return self.store.create(replace(PLAN, rows=count), rows)

    def ended(self, bulk_id: BulkId, row: int, attempt: int = 1, error: str = "") -> dict[str, object]:
        """A row whose job has ended, as the state machine hands it on."""
        self.start_row(bulk_id, attempt, row)
        job_id = job_of(bulk_id, attempt, row)
        sealed = None if error else self.workspace.seal_result(job_id, {"summary": f"of {row}"})
        state = JobState.FAILED if error else JobState.SUCCEEDED
        self.jobs.finish(job_id, JobResult(state, sealed, error or None), self.clock())
        return {"row": row}


@pytest.fixture
def house() -> House:
    return House()


def test_batches_name_row_numbers_only() -> None:
    assert batches([0, 2, 5], 2) == [{"batch": 0, "rows": [0, 2]}, {"batch": 1, "rows": [5]}]
    assert batches([], 2) == []


def test_every_row_is_found_again_over_the_ends_of_blocks(house: House) -> None:
    bulk_id = house.bulk(2 * BLOCK_ROWS + 1)
    for row in (0, BLOCK_ROWS - 1, BLOCK_ROWS, 2 * BLOCK_ROWS):
        assert house.store.row(bulk_id, row).patientid == f"p-{row}"


def test_nothing_clear_in_the_store_names_a_patient(house: House) -> None:
    bulk_id = house.bulk()
    PrepareBulk(house.store)(bulk_id, 1)
    house.keep(bulk_id, 1, 0, [house.ended(bulk_id, 0), house.ended(bulk_id, 1, error="EhrTimeoutError")])
    for key, body in house.blobs.kept.items():
        assert b"p-0" not in body + key.encode()
        assert b"of 0" not in body
    clear = [json.loads(body) for key, body in house.blobs.kept.items() if key.endswith(".json")]
    assert clear == [batches(range(3), 2), {"succeeded": [0], "failed": {"1": "EhrTimeoutError"}}]


def test_what_is_done_is_not_prepared_again(house: House) -> None:
    bulk_id = house.bulk()
    assert PrepareBulk(house.store)(bulk_id, 1)["rows"] == 3
    house.keep(bulk_id, 1, 0, [house.ended(bulk_id, 0), house.ended(bulk_id, 1, error="EhrTimeoutError")])
    prepared = PrepareBulk(house.store)(bulk_id, 2)
    assert (prepared["rows"], prepared["batches"], prepared["concurrency"]) == (2, 1, 2)
    assert json.loads(house.blobs.kept[prepared["index_key"]]) == [{"batch": 0, "rows": [1, 2]}]
    assert SumUp(house.store)(bulk_id) == {"rows": 3, "succeeded": 1, "failed": 1, "pending": 1}


def test_the_last_word_on_a_row_is_its_success(house: House) -> None:
    bulk_id = house.bulk()
    house.keep(bulk_id, 1, 0, [house.ended(bulk_id, 0), house.ended(bulk_id, 1, error="EhrTimeoutError")])
    house.keep(bulk_id, 1, 1, [{"row": 2, "error": "CacheUnavailableError"}])
    house.keep(bulk_id, 2, 0, [house.ended(bulk_id, 1, 2), house.ended(bulk_id, 2, 2, "EhrRefusedError")])
    lines = {line["row"]: line for line in house.store.lines(bulk_id)}
    assert lines[0] == {
        "row": 0, "patientid": "p-0", "state": "succeeded", "answer": {"summary": "of 0"},
    }  # fmt: skip
    assert lines[1]["state"] == "succeeded"
    assert lines[2] == {"row": 2, "patientid": "p-2", "state": "failed", "error": "EhrRefusedError"}
    assert len(list(house.store.lines(bulk_id))) == 3


def test_an_error_that_is_not_ours_is_not_repeated(house: House) -> None:
    bulk_id = house.bulk()
    house.keep(bulk_id, 1, 0, [{"row": 0, "error": "Qzmark said"}])
    assert next(house.store.lines(bulk_id))["error"] == "UnexpectedStepError"


@pytest.mark.parametrize(
    ("turn", "waited", "slept"), [(0.0, 0, 0.0), (0.25, 0, 0.25), (7.5, 7, 0.5), (3600.0, 3600, 0.0)]
)
def test_a_turn_is_waited_for_in_whole_seconds_by_the_machine_and_in_parts_here(
    house: House, turn: float, waited: int, slept: float
) -> None:
    asked: list[float] = []
    paused: list[float] = []

    class Turns:
        def take(self, requests_per_s: float) -> float:
            asked.append(requests_per_s)
            return turn

        def spend(self, requests: int) -> None: ...

    take = TakeTurn(house.store, Turns(), paused.append)
    assert take(house.bulk()) == {"wait_s": waited}
    assert (asked, paused) == ([5.0], [slept])


def test_a_row_started_twice_is_one_job_with_the_secrets_of_the_bulk(house: House) -> None:
    bulk_id = house.bulk()
    first, second = house.start_row(bulk_id, 1, 2), house.start_row(bulk_id, 1, 2)
    assert first == second
    assert house.start_row(bulk_id, 2, 2) != first
    request = house.workspace.request(job_of(bulk_id, 1, 2))
    assert (request.patient_id, request.token, request.key) == ("p-2", "t", "k")
    assert house.jobs.get(job_of(bulk_id, 1, 2)).subject == "arn:operator"


@pytest.mark.parametrize("secret", ["Qzmark", "[1]", '"x"'])
def test_a_secret_of_another_form_is_named_and_not_told(house: House, secret: str) -> None:
    house.secret = secret
    with pytest.raises(ConfigurationError, match="HNTAI_BULK_EHR_CREDENTIALS") as raised:
        house.start_row(house.bulk(), 1, 0)
    assert "Qzmark" not in str(raised.value)


def test_an_operators_acts_are_recorded_and_two_attempts_do_not_meet(house: House) -> None:
    rows = [BulkRow(patientid=f"p-{number}") for number in range(3)]
    bulk_id = house.operator.start(PLAN, rows)
    PrepareBulk(house.store)(bulk_id, 1)
    house.starter.running = True
    with pytest.raises(BulkRunningError):
        house.operator.resume(bulk_id)
    house.starter.running = False
    house.keep(bulk_id, 1, 0, [house.ended(bulk_id, 0)])
    assert house.operator.resume(bulk_id) == 2
    assert house.operator.resume(bulk_id) == 3, "the second ended before it wrote its index"
    assert [json.loads(line)["row"] for line in house.operator.lines(bulk_id)] == [0]
    assert house.starter.started == [(str(bulk_id), number) for number in (1, 2, 3)]
    told = [(row.operation, row.actor, dict(row.entity_counts)) for row in house.audit.rows.values()]
    assert told == [
        ("bulk_started", "arn:operator", {"rows": 3}),
        ("bulk_started", "arn:operator", {"rows": 2}),
        ("bulk_started", "arn:operator", {"rows": 2}),
        ("bulk_results_read", "arn:operator", {"rows": 1}),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"batch_rows": 0}, {"batch_rows": 101}, {"concurrency": 0}, {"requests_per_s": 0.0},
     {"tolerated_failure_percentage": 101}],
)  # fmt: skip
def test_limits_that_are_none_start_nothing(house: House, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError):
        house.operator.start(replace(PLAN, **changes), [BulkRow(patientid="p")])
    with pytest.raises(InvalidRequestError):
        house.operator.start(PLAN, [])
    assert (house.blobs.kept, house.starter.started) == ({}, [])


def test_an_unknown_bulk_is_none(house: House) -> None:
    for act in (house.operator.resume, house.operator.lines, SumUp(house.store)):
        with pytest.raises(ResourceUnknownError):
            act(BulkId(job_of(house.bulk(), 1, 1)))

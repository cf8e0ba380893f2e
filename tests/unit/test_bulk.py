"""A bulk in memory: its manifest, what is kept of it, what it costs, and what an operator does with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from hntai.contracts.bulk import BulkRow, read_manifest
from hntai.domain.bulk import BLOCK_ROWS, BulkId, BulkPlan, batches, job_of
from hntai.domain.bulk_cost import BULK_STEP_MB, MEMORY_MB, MeasuredRun, estimate
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
from hntai_local.state_dir import PROJECT_ROOT
from tests.memory.audio import MemoryBlobs
from tests.memory.runs import (
    MemoryAuditLog,
    MemoryJobs,
    MemoryRunDocuments,
    MemoryRunEvents,
    MemorySealer,
    SteppingClock,
)
from tests.template.cloudformation import FUNCTIONS

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


def test_a_manifest_is_json_lines_or_csv() -> None:
    lines = ['{"patientid": "p-1"}\n', "\n", '{"patientid": "p-2", "generation_mode": "hq"}\n']
    read = list(read_manifest(lines, is_csv=False))
    assert [(row.patientid, row.generation_mode) for row in read] == [("p-1", "rule"), ("p-2", "hq")]
    table = ["patientid,generation_mode\r\n", "p-1,\r\n", "p-2,hq\r\n"]
    assert list(read_manifest(table, is_csv=True)) == read


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ('{"patientid": ""}', ["patientid"]),
        ('{"patientid": "a b"}', ["patientid"]),
        ('{"patientid": "p", "token": "Qzmark"}', ["unknown field"]),
        ('{"patientid": "p", "Qzmark": 1}', ["unknown field"]),
        ('{"patientid": "p", "generation_mode": "Qzmark"}', ["generation_mode"]),
        ("Qzmark", ["row"]),
        ("[]", ["row"]),
    ],
)
def test_a_wrong_row_is_told_by_line_and_field_and_not_by_what_it_says(line: str, fields: list[str]) -> None:
    with pytest.raises(InvalidRequestError) as raised:
        list(read_manifest(['{"patientid": "p"}', line], is_csv=False))
    assert raised.value.details == {"line": 2, "fields": fields}
    assert "Qzmark" not in str(raised.value)


def test_a_wrong_row_of_a_table_is_told_too() -> None:
    with pytest.raises(InvalidRequestError):
        list(read_manifest(["patientid\n", "p,too much\n"], is_csv=True))


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


MEASURED = MeasuredRun(
    runs=4, total_s=2.0, busy_s={"FetchRecord": 0.5, "GenerateSection": 0.4},
    calls={"FetchRecord": 1.0, "GenerateSection": 4.0}, transitions=12.0, ehr_requests=5.0,
)  # fmt: skip


def test_hours_are_those_of_hands_or_of_the_ehr_whichever_is_slower() -> None:
    by_hands = estimate(7920, MEASURED, concurrency=2, requests_per_s=1000.0, batch_rows=10)
    assert by_hands.limit == "concurrency"
    assert by_hands.rate == pytest.approx(2 / 2.2)
    assert by_hands.hours == pytest.approx(7920 * 2.2 / 2 / 3600)
    by_ehr = estimate(7200, MEASURED, concurrency=1000, requests_per_s=10.0, batch_rows=10)
    assert (by_ehr.limit, by_ehr.rate, by_ehr.hours) == ("ehr", 2.0, 1.0)


def test_dollars_are_gigabyte_seconds_calls_and_transitions() -> None:
    found = estimate(1000, MEASURED, concurrency=1, requests_per_s=1.0, batch_rows=10)
    gb_s = 0.5 * 1769 / 1024 + 0.4 * 3538 / 1024 + (2.1 * 0.1 + 0.5) * 1.0
    assert found.lambda_dollars == pytest.approx(1000 * (gb_s * 0.0000166667 + 7.1 * 0.2 / 1e6))
    assert found.step_functions_dollars == pytest.approx((1000 * 17 + 100 * 5) * 0.025 / 1000)
    assert found.dollars == found.lambda_dollars + found.step_functions_dollars


def test_the_memory_that_is_paid_is_the_memory_of_the_template() -> None:
    definition = json.loads((PROJECT_ROOT / "functions/patient_summary/workflow.asl.json").read_text("utf-8"))
    states = {**definition["States"]}
    states |= states["GenerateSections"]["ItemProcessor"]["States"]
    tasks = {name: state["Resource"] for name, state in states.items() if state["Type"] == "Task"}
    paid = {name: FUNCTIONS[arn[2:-4]]["MemorySize"] for name, arn in tasks.items()}
    assert paid == MEMORY_MB
    assert FUNCTIONS["BulkStepFunction"]["MemorySize"] == BULK_STEP_MB


def test_every_call_and_transition_of_a_row_is_counted() -> None:
    from hntai.domain import bulk_cost

    definition = json.loads((PROJECT_ROOT / "functions/bulk/workflow.asl.json").read_text("utf-8"))
    batch = definition["States"]["SummariseBatches"]["ItemProcessor"]["States"]
    row = batch["SummariseRows"]["ItemProcessor"]["States"]
    good_road = [name for name in row if name != "RowNotStarted"]
    assert len(good_road) == bulk_cost.ROW_TRANSITIONS
    steps = [name for name in good_road if "step" in row[name].get("Parameters", {})]
    assert len(steps) == bulk_cost.ROW_CALLS
    assert len(batch) - 1 + 1 == bulk_cost.BATCH_TRANSITIONS, (
        "without BatchFailed, with the batch's own start"
    )


def test_every_retryable_error_of_a_bulks_steps_is_retried_by_name() -> None:
    text = (PROJECT_ROOT / "functions/bulk/workflow.asl.json").read_text("utf-8")
    for name in ("BlobsUnavailableError", "CacheUnavailableError", "DatabaseUnavailableError"):
        assert f'"{name}"' in text

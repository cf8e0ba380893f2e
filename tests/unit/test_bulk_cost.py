"""What a bulk takes, from what runs took; and that what is counted is what the machines have."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from hntai.admin.measured_runs import measured_runs
from hntai.domain import bulk_cost
from hntai.domain.bulk_cost import BULK_STEP_MB, MEMORY_MB, MeasuredRun, estimate
from hntai.domain.errors import ResourceUnknownError
from hntai_local.state_dir import PROJECT_ROOT
from tests.bench.scale_bulk import simulated_s
from tests.template.cloudformation import FUNCTIONS
from tests.unit.test_run_history import MACHINES, StepFunctions, entered, event, exited

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


def of_lambda(number: int, output: str) -> dict[str, object]:
    details = {"lambdaFunctionSucceededEventDetails": {"output": output}}
    return event(number, "LambdaFunctionSucceeded", number - 1, **details)


class OneRun(StepFunctions):
    """A run of 1.5 s that succeeded: its fetch took 0.75 s and three requests, its chart two tries."""

    events: tuple[dict[str, Any], ...] = (
        event(1, "ExecutionStarted", 0),
        entered(2, 1, "FetchRecord"),
        event(3, "LambdaFunctionScheduled", 2),
        of_lambda(4, '{"requests": 3}'),
        exited(5, 4, "FetchRecord"),
        entered(6, 5, "BuildChart"),
        event(7, "LambdaFunctionScheduled", 6),
        event(8, "LambdaFunctionFailed", 7, lambdaFunctionFailedEventDetails={"error": "E"}),
        event(9, "LambdaFunctionScheduled", 8),
        of_lambda(10, "{}"),
        exited(11, 10, "BuildChart"),
        entered(12, 11, "Done", "Succeed"),
    )


def test_runs_are_measured_from_their_histories() -> None:
    assert measured_runs(OneRun(), MACHINES[0]) == MeasuredRun(
        runs=1, total_s=1.5, busy_s={"FetchRecord": 0.75, "BuildChart": 1.25},
        calls={"FetchRecord": 1.0, "BuildChart": 2.0}, transitions=3.0, ehr_requests=3.0,
    )  # fmt: skip
    with pytest.raises(ResourceUnknownError):
        measured_runs(OneRun(), MACHINES[1])


@pytest.mark.parametrize(("concurrency", "requests_per_s"), [(1, 100.0), (7, 100.0), (50, 2.0), (4, 9.0)])
def test_a_bulk_simulated_patient_by_patient_takes_as_long_as_was_estimated(
    concurrency: int, requests_per_s: float
) -> None:
    limits = {"concurrency": concurrency, "requests_per_s": requests_per_s}
    told = estimate(5000, MEASURED, concurrency=concurrency, requests_per_s=requests_per_s, batch_rows=25)
    assert simulated_s(5000, MEASURED, **limits) / 3600 == pytest.approx(told.hours, rel=0.02)  # type: ignore[arg-type]


def test_a_run_that_asks_the_ehr_more_takes_a_bulk_longer() -> None:
    once = simulated_s(1000, replace(MEASURED, ehr_requests=1.0), 50, 5.0)
    thrice = simulated_s(1000, replace(MEASURED, ehr_requests=3.0), 50, 5.0)
    assert thrice == pytest.approx(3 * once, rel=0.02)

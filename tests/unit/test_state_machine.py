"""State machines run in this process: the same file, the same order, retries, catches and maps."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from hntai.runtime.state_machine import ExecutionFailedError, StateMachine

ROOT = Path(__file__).parents[2]
MACHINES = sorted((ROOT / "functions").glob("*/workflow.asl.json"))
TASKS = (
    "FetchRecordFunctionArn",
    "RunStepFunctionArn",
    "GenerateSectionFunctionArn",
    "TranscribeStepFunctionArn",
    "UploadStepFunctionArn",
)


class BrokenError(Exception):
    pass


def _one(**state: Any) -> dict[str, Any]:
    """A machine of one task, and what may follow it."""
    return {
        "StartAt": "Work",
        "States": {
            "Work": {"Type": "Task", "Resource": "${Task}", "End": True, **state},
            "Told": {"Type": "Pass", "End": True},
            "Over": {"Type": "Fail", "Error": "OverError", "Cause": "as it must"},
        },
    }


def _run(definition: dict[str, Any], task: Any, given: Any, waits: list[float] | None = None) -> Any:
    sleep = (waits if waits is not None else []).append
    return StateMachine(definition, {"Task": task}, sleep=sleep).run(given)


@pytest.mark.parametrize("name", ["patient_summary", "transcribe", "upload"])
def test_the_machines_of_this_service_can_be_run_here(name: str) -> None:
    definition = json.loads((ROOT / "functions" / name / "workflow.asl.json").read_text("utf-8"))
    StateMachine(definition, dict.fromkeys(TASKS, lambda given: given))


def test_a_tasks_answer_goes_where_its_path_says_and_the_rest_stays() -> None:
    given = {"id": 1, "kept": {"a": 1}}
    answer = _run(
        _one(Parameters={"n.$": "$.id", "step": "x"}, ResultPath="$.kept.work"), lambda got: got, given
    )
    assert answer == {"id": 1, "kept": {"a": 1, "work": {"n": 1, "step": "x"}}}
    assert given == {"id": 1, "kept": {"a": 1}}


def test_an_error_is_tried_again_by_its_name_with_growing_waits() -> None:
    calls: list[int] = []

    def task(_given: Any) -> str:
        calls.append(1)
        if len(calls) < 4:
            raise BrokenError
        return "done"

    rule = {"ErrorEquals": ["BrokenError"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2.0}
    waits: list[float] = []
    assert _run(_one(Retry=[rule]), task, {}, waits) == "done"
    assert waits == [1.0, 2.0, 4.0]


def test_an_error_no_rule_names_is_not_tried_again() -> None:
    calls: list[int] = []

    def task(_given: Any) -> None:
        calls.append(1)
        raise BrokenError

    with pytest.raises(ExecutionFailedError, match="BrokenError"):
        _run(_one(Retry=[{"ErrorEquals": ["OtherError"]}]), task, {})
    assert len(calls) == 1


@pytest.mark.parametrize("names", [["BrokenError"], ["States.ALL"], ["States.TaskFailed"]])
def test_a_caught_error_is_told_to_the_state_that_follows(names: list[str]) -> None:
    def task(_given: Any) -> None:
        raise BrokenError("text that may hold anything")

    catch = {"ErrorEquals": names, "ResultPath": "$.error", "Next": "Told"}
    answer = _run(_one(Catch=[catch]), task, {"id": 1})
    assert answer == {"id": 1, "error": {"Error": "BrokenError", "Cause": ""}}


def test_a_fail_state_ends_the_execution_with_its_error() -> None:
    catch = {"ErrorEquals": ["States.ALL"], "Next": "Over"}
    with pytest.raises(ExecutionFailedError) as failed:
        _run(_one(Catch=[catch]), lambda _given: 1 / 0, {})
    assert (failed.value.error, failed.value.cause) == ("OverError", "as it must")


def test_a_task_that_hangs_is_given_up() -> None:
    release = threading.Event()
    started = time.monotonic()
    with pytest.raises(ExecutionFailedError, match=r"States\.Timeout"):
        _run(_one(TimeoutSeconds=0.1), lambda _given: release.wait(20), {})
    release.set()
    assert time.monotonic() - started < 10


def test_a_map_runs_its_items_side_by_side_and_keeps_their_order() -> None:
    both = threading.Barrier(3, timeout=20)

    def task(given: Any) -> Any:
        both.wait()
        return given

    definition = {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "ItemSelector": {"id.$": "$.id", "item.$": "$$.Map.Item.Value"},
                "ItemProcessor": _one(),
                "MaxConcurrency": 3,
                "ResultPath": "$.done",
                "End": True,
            }
        },
    }
    answer = _run(definition, task, {"id": 7, "items": [3, 1, 2]})
    assert answer["done"] == [{"id": 7, "item": item} for item in (3, 1, 2)]


@pytest.mark.parametrize(("count", "expected"), [(0, "none"), (1, "some"), (7, "some")])
def test_a_choice_follows_the_first_rule_that_holds(count: int, expected: str) -> None:
    rule = {"Variable": "$.record.documents", "NumericGreaterThan": 0, "Next": "Some"}
    definition = {
        "StartAt": "Any",
        "States": {
            "Any": {"Type": "Choice", "Choices": [rule], "Default": "None"},
            "Some": {"Type": "Pass", "Result": "some", "End": True},
            "None": {"Type": "Pass", "Result": "none", "End": True},
        },
    }
    assert StateMachine(definition, {}).run({"record": {"documents": count}}) == expected


def test_a_choice_by_a_rule_not_known_here_is_refused_when_it_is_read() -> None:
    rule = {"Variable": "$.x", "TimestampEquals": "2026-01-01T00:00:00Z", "Next": "Told"}
    states = {"Any": {"Type": "Choice", "Choices": [rule], "Default": "Told"}, "Told": {"Type": "Succeed"}}
    with pytest.raises(ValueError, match="Any"):
        StateMachine({"StartAt": "Any", "States": states}, {})


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Wait", "Seconds": 1},
        {"OutputPath": "$.x"},
        {"Resource": "${Other}"},
        {"HeartbeatSeconds": 1},
    ],
)
def test_what_is_not_known_here_is_refused_when_it_is_read(state: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Work"):
        StateMachine(_one(**state), {"Task": lambda given: given})

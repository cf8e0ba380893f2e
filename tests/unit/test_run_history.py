"""Runs and their histories as tables, over two runs that are made here event by event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hntai.admin.run_history import event_rows, run_of, run_rows
from hntai.admin.run_states import state_rows
from hntai.admin.table import table
from hntai.domain.errors import ResourceUnknownError

MACHINES = ["arn:aws:states:r:1:stateMachine:summary", "arn:aws:states:r:1:stateMachine:transcription"]
START = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def event(number: int, kind: str, previous: int, **details: Any) -> dict[str, Any]:
    moment = START + timedelta(milliseconds=250 * number)
    return {"id": number, "type": kind, "previousEventId": previous, "timestamp": moment, **details}


class StepFunctions:
    """The two calls of a Step Functions client, over two runs and five events in pages of three."""

    events: tuple[dict[str, Any], ...] = (
        event(1, "ExecutionStarted", 0, executionStartedEventDetails={"input": '{ "job_id": "j" }'}),
        event(2, "TaskStateEntered", 1, stateEnteredEventDetails={"name": "FetchRecord", "input": "{}"}),
        event(3, "LambdaFunctionFailed", 2, lambdaFunctionFailedEventDetails={"error": "EhrTimeoutError"}),
        event(4, "PassStateEntered", 3, stateEnteredEventDetails={"name": "UseStored", "input": "x" * 500}),
        event(5, "ExecutionSucceeded", 4, executionSucceededEventDetails={"output": "{}"}),
    )

    def list_executions(self, stateMachineArn: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        if stateMachineArn != MACHINES[0]:
            return {"executions": []}
        older = {"name": "one", "executionArn": "arn:one", "status": "SUCCEEDED", "startDate": START}
        older["stopDate"] = START + timedelta(seconds=1.5)
        newer = {"name": "two", "executionArn": "arn:two", "status": "RUNNING"}
        return {"executions": [older, {**newer, "startDate": START + timedelta(seconds=5)}]}

    def get_execution_history(self, executionArn: str, **asked: Any) -> dict[str, Any]:  # noqa: N803
        if asked.get("nextToken"):
            return {"events": self.events[3:]}
        return {"events": self.events[:3], "nextToken": "more"}


def entered(number: int, previous: int, name: str, kind: str = "Task") -> dict[str, Any]:
    return event(number, f"{kind}StateEntered", previous, stateEnteredEventDetails={"name": name})


def exited(number: int, previous: int, name: str, kind: str = "Task") -> dict[str, Any]:
    return event(number, f"{kind}StateExited", previous, stateExitedEventDetails={"name": name})


def failed(number: int, previous: int, error: str) -> dict[str, Any]:
    return event(number, "LambdaFunctionFailed", previous, lambdaFunctionFailedEventDetails={"error": error})


TROUBLED = [
    event(1, "ExecutionStarted", 0),
    entered(2, 1, "FetchRecord"),
    event(3, "LambdaFunctionScheduled", 2),
    failed(4, 3, "EhrUnavailableError"),
    exited(5, 4, "FetchRecord"),
    entered(6, 5, "Sections", "Map"),
    entered(7, 6, "Write"),
    event(8, "LambdaFunctionScheduled", 7),
    entered(9, 6, "Write"),
    event(10, "LambdaFunctionScheduled", 9),
    failed(11, 8, "DatabaseUnavailableError"),
    event(12, "LambdaFunctionScheduled", 11),
    event(13, "LambdaFunctionSucceeded", 12, lambdaFunctionSucceededEventDetails={"output": '{ "n": 1 }'}),
    exited(14, 13, "Write"),
    event(15, "LambdaFunctionTimedOut", 10, lambdaFunctionTimedOutEventDetails={"error": "States.Timeout"}),
    exited(16, 14, "Sections", "Map"),
    entered(17, 16, "Failed", "Fail"),
    event(18, "ExecutionFailed", 17, executionFailedEventDetails={"error": "RunFailed"}),
]
"""A fetch that failed and was caught, two items side by side: one retried, one out of time."""


def test_runs_are_listed_newest_first_with_their_duration() -> None:
    rows = run_rows(StepFunctions(), MACHINES)
    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        ("two", "summary", "RUNNING", "-"),
        ("one", "summary", "SUCCEEDED", "1.50 s"),
    ]


def test_the_newest_run_is_shown_unless_one_is_named() -> None:
    assert run_of(StepFunctions(), MACHINES, None)[0]["name"] == "two"
    assert run_of(StepFunctions(), MACHINES, "one")[0]["name"] == "one"


def test_events_carry_the_state_they_happened_in_and_what_is_stored() -> None:
    run, events = run_of(StepFunctions(), MACHINES, "one")
    rows = event_rows(run["startDate"], events)
    assert rows[0] == ("1", "ExecutionStarted", "+0.250 s", "", 'input={"job_id":"j"}')
    assert rows[2] == ("3", "LambdaFunctionFailed", "+0.750 s", "FetchRecord", "error=EhrTimeoutError")
    assert rows[3][3] == "UseStored"
    assert len(rows[3][4]) < 200
    assert len(rows) == 5


def test_each_state_says_how_long_it_took_how_often_it_was_tried_and_what_failed() -> None:
    assert state_rows(START, TROUBLED) == [
        ("+0.500 s", "FetchRecord", "0.750 s", "1", "EhrUnavailableError: caught", ""),
        ("+1.500 s", "Sections", "2.500 s", "", "ok", ""),
        ("+1.750 s", "Write", "1.750 s", "2", "DatabaseUnavailableError: retried, then ok", '{"n":1}'),
        ("+2.250 s", "Write", "-", "1", "States.Timeout: failed", ""),
        ("+4.250 s", "Failed", "-", "", "ok", ""),
    ]


def test_a_state_that_still_runs_is_unfinished() -> None:
    (row,) = state_rows(START, TROUBLED[:3])
    assert row[1:5] == ("FetchRecord", "-", "1", "unfinished")


def test_an_unknown_run_is_an_error() -> None:
    with pytest.raises(ResourceUnknownError):
        run_of(StepFunctions(), MACHINES, "three")


def test_a_table_is_as_wide_as_its_widest_cells() -> None:
    assert table(("a", "b"), [("long", "x")]) == "a     b\nlong  x"

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hntai.domain.errors import ResourceUnknownError
from hntai_local.run_history import event_rows, run_rows, table

MACHINES = ["arn:aws:states:r:1:stateMachine:summary", "arn:aws:states:r:1:stateMachine:transcription"]
START = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def event(number: int, kind: str, previous: int, **details: Any) -> dict[str, Any]:
    moment = START + timedelta(milliseconds=250 * number)
    return {"id": number, "type": kind, "previousEventId": previous, "timestamp": moment, **details}


class StepFunctions:
    """The two calls of a Step Functions client, over two runs and five events in pages of three."""

    events = (
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


def test_runs_are_listed_newest_first_with_their_duration() -> None:
    rows = run_rows(StepFunctions(), MACHINES)
    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        ("two", "summary", "RUNNING", "-"),
        ("one", "summary", "SUCCEEDED", "1.50 s"),
    ]


def test_the_newest_run_is_shown_unless_one_is_named() -> None:
    assert event_rows(StepFunctions(), MACHINES, None)[0] == "two"
    assert event_rows(StepFunctions(), MACHINES, "one")[0] == "one"


def test_events_carry_the_state_they_happened_in_and_what_is_stored() -> None:
    _, rows = event_rows(StepFunctions(), MACHINES, "one")
    assert rows[0] == ("1", "ExecutionStarted", "+0.250 s", "", 'input={"job_id":"j"}')
    assert rows[2] == ("3", "LambdaFunctionFailed", "+0.750 s", "FetchRecord", "error=EhrTimeoutError")
    assert rows[3][3] == "UseStored"
    assert len(rows[3][4]) < 200
    assert len(rows) == 5


def test_an_unknown_run_is_an_error() -> None:
    with pytest.raises(ResourceUnknownError):
        event_rows(StepFunctions(), MACHINES, "three")


def test_a_table_is_as_wide_as_its_widest_cells() -> None:
    assert table(("a", "b"), [("long", "x")]) == "a     b\nlong  x"

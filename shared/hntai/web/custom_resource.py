"""Requests of CloudFormation for a resource of our own: always answered, and answered in time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from hntai.adapters.stack_answer import send_answer
from hntai.domain.errors import HntaiError
from hntai.web.task import run_step

ANSWER_RESERVE_S = 25.0
"""Kept back of the function's time for the answer: three tries of 5 s each, their waits, and room."""
_GRACE_S = 2.0
"""What work is given beyond its own limit to come to an end by itself."""
Work = Callable[[Mapping[str, Any], float], Mapping[str, str]]


def answer_stack(event: Mapping[str, Any], context: Any, *, physical_id: str, work: Work) -> None:
    """Does the work on Create and Update, and tells CloudFormation how it went; Delete does nothing.

    work: takes the resource's properties and its seconds; gives the resource's attributes. Whatever it
    raises, and where it does not come back, the answer is FAILED, so that no stack waits for an hour.
    The physical id never changes, or CloudFormation would delete the old resource after an update.

    Raises:
        StackUnreachableError: the answer itself could not be sent.
    """
    budget_s = context.get_remaining_time_in_millis() / 1000 - ANSWER_RESERVE_S
    failure, attributes = "", dict[str, str]()
    if event["RequestType"] != "Delete":
        failure, attributes = _outcome(event, str(context.aws_request_id), budget_s, work)
    answer = {
        "Status": "FAILED" if failure else "SUCCESS",
        "Reason": failure or "done",
        "PhysicalResourceId": event.get("PhysicalResourceId") or physical_id,
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
        "Data": attributes,
    }
    send_answer(event["ResponseURL"], json.dumps(answer).encode())


def _outcome(
    event: Mapping[str, Any], request_id: str, budget_s: float, work: Work
) -> tuple[str, dict[str, str]]:
    """What went wrong, or nothing, and the attributes. Messages of ours hold no values."""
    made: dict[str, str] = {}
    failures: list[str] = []

    def run() -> None:
        try:
            properties = event.get("ResourceProperties", {})
            made.update(run_step("custom_resource", request_id, lambda: work(properties, budget_s)))
        except HntaiError as error:
            failures.append(str(error))

    worker = threading.Thread(target=run, name="custom-resource", daemon=True)
    worker.start()
    worker.join(max(0.0, budget_s) + _GRACE_S)
    if worker.is_alive():
        return f"not done within {budget_s:.0f} s", {}
    return "".join(failures), {} if failures else made

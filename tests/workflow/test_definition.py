"""The definition of the state machine, held to the error tree."""

from __future__ import annotations

import json
from typing import Any

from hntai.domain.errors import leaves
from tests.workflow.conftest import WORKFLOW


def definition() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(WORKFLOW.read_text("utf-8"))
    return read


NEVER_FROM_A_STEP = {
    "IdempotencyInProgressError",
    "RateLimitedError",
    "CacheUnavailableError",
    "WorkflowUnavailableError",
    "FunctionUnavailableError",
    "KeySetUnavailableError",
    "StackUnreachableError",
}
"""Retryable leaves of the web entry, the relay, deployments and transcriptions: not of a summary's states."""
RETRIED_WHERE_RAISED = {"EhrUnavailableError"}
"""By the EHR client, page by page and inside the caller's time limit, which the machine does not know."""


def names_in(part: str, node: Any = None) -> set[str]:
    """Every error named under the part ("Retry", "Catch") of any state."""
    node = definition() if node is None else node
    if isinstance(node, list):
        return set().union(*(names_in(part, one) for one in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {name for rule in node.get(part, ()) for name in rule["ErrorEquals"]}
    return own.union(*(names_in(part, value) for key, value in node.items() if key != part))


def test_every_retryable_leaf_a_step_can_raise_is_retried_by_name() -> None:
    retryable = {leaf.__name__ for leaf in leaves() if leaf.retryable}
    assert retryable - NEVER_FROM_A_STEP - RETRIED_WHERE_RAISED <= names_in("Retry")


def test_every_error_named_is_a_leaf_or_one_of_aws() -> None:
    ours = {leaf.__name__ for leaf in leaves()}
    named = names_in("Retry") | names_in("Catch")
    assert {name for name in named if "." not in name} <= ours
    assert named >= {"States.Timeout", "States.ALL", "Lambda.TooManyRequestsException"}


def test_every_task_of_the_machine_has_a_time_limit_and_a_way_to_fail() -> None:
    states = definition()["States"]
    inner = states["GenerateSections"]["ItemProcessor"]["States"]
    for name, state in {**states, **inner}.items():
        if state["Type"] == "Task":
            assert state["TimeoutSeconds"] <= 300, name
            assert state.get("Catch") or name in ("FailRun", "GenerateSectionByRule"), name

"""The definition of the bulk's machine: what it tries again, and what passes between its states."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from hntai.domain.errors import leaves
from hntai_local.state_dir import PROJECT_ROOT
from tests.unit.test_workflow_graph import all_states

TEXT = (PROJECT_ROOT / "functions/bulk/workflow.asl.json").read_text("utf-8")
DEFINITION: dict[str, Any] = json.loads(TEXT)
STATES = all_states(DEFINITION["States"])
STORE = {"BlobsUnavailableError", "SealingUnavailableError", "SecretUnavailableError"}
"""Whatever opens or keeps an object may meet these."""
RAISED = {
    "PrepareBatches": STORE,
    "TakeTurn": STORE | {"CacheUnavailableError"},
    "StartRow": STORE | {"DatabaseUnavailableError"},
    "KeepResults": STORE | {"DatabaseUnavailableError"},
    "SumUp": STORE,
}
LAMBDAS = {
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
}


@pytest.mark.parametrize("state", RAISED)
def test_what_a_step_can_raise_and_may_succeed_later_is_tried_again(state: str) -> None:
    retried = {name for rule in STATES[state]["Retry"] for name in rule["ErrorEquals"]}
    assert retried == RAISED[state] | LAMBDAS
    retryable = {leaf.__name__ for leaf in leaves() if leaf.retryable}
    assert RAISED[state] <= retryable


def test_every_task_of_ours_is_one_of_these() -> None:
    ours = {name for name, state in STATES.items() if "step" in state.get("Parameters", {})}
    assert ours == RAISED.keys()


def test_a_row_that_fails_ends_alone_and_a_map_that_fails_is_summed_up() -> None:
    row = STATES["SummariseRows"]["ItemProcessor"]["States"]
    assert {catch["Next"] for state in row.values() for catch in state.get("Catch", ())} == {
        "RowNotStarted",
        "RowEnded",
    }
    assert [catch["Next"] for catch in STATES["SummariseBatches"]["Catch"]] == ["SumUp"]


def test_nothing_passes_between_states_but_ids_numbers_and_names_of_errors() -> None:
    paths = set(re.findall(r'"(\$\$?\.[^"]*)"', TEXT))
    assert paths <= {
        *("$.bulk_id", "$.attempt", "$.batch", "$.rows", "$.row", "$.job.job_id", "$.turn", "$.turn.wait_s"),
        *("$.job", "$.ended", "$.kept", "$.kept.succeeded", "$.error", "$.error.Error", "$.counts"),
        *("$.stopped", "$.prepared", "$.prepared.index_key", "$.prepared.concurrency"),
        *("$.prepared.tolerated_failure_percentage", "$$.Map.Item.Value", "$$.Map.Item.Value.batch"),
        "$$.Map.Item.Value.rows",
    }

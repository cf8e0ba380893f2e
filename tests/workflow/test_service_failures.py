"""The services below fail and come back: each costs a retry, with waits recorded instead of slept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from hntai.domain.errors import RateLimitedError, SealingUnavailableError
from hntai_local.fhir_server_faults import Fault
from tests.workflow.conftest import Workflow, audit_rows, patient_id

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.valkey,
    pytest.mark.aws,
    # moto's interpreter leaves its own boto3 connections to the garbage collector
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]

ANNA = 0


STEPS = (
    "load_stored_record",
    "build_chart",
    "choose_mode",
    "generate_section/plan",
    "verify",
    "assemble",
    "publish",
    "fail_run",
)
FAILING_EHR = {"load_stored_record", "fail_run"}


def break_and_mend(
    workflow: Workflow, step: str, breaking: Callable[[], None], mending: Callable[[], None]
) -> None:
    """Breaks something before the step's first try and mends it before the second.

    A section waits until the other three are done: with waits not slept, theirs would be used up at once.
    """

    def break_it(_event: Mapping[str, Any]) -> None:
        time.sleep(2 if step.startswith("generate_section") else 0)
        breaking()

    workflow.functions.hooks[step, 1] = break_it

    def mend_it(_event: Mapping[str, Any]) -> None:
        mending()
        workflow.wait_until_well()

    workflow.functions.hooks[step, 2] = mend_it
    if step in FAILING_EHR:
        fault = Fault(status=503) if step == "load_stored_record" else Fault(wrong_content_type=True)
        workflow.ehr.faults[patient_id(ANNA)] = fault


@pytest.mark.parametrize("step", ["fetch_record", *STEPS])
def test_a_database_that_comes_back_costs_a_retry_and_nothing_else(workflow: Workflow, step: str) -> None:
    break_and_mend(workflow, step, workflow.postgres.stop, workflow.postgres.start)
    run = workflow.run()
    assert run.tries[step] == 2
    assert len(run.waits) == 1
    assert run.status == ("FAILED" if step in FAILING_EHR else "SUCCEEDED")


@contextmanager
def missing_key(workflow: Workflow) -> Iterator[None]:
    """The key's alias is gone for a while. (moto does not refuse a disabled key.)"""
    kms = workflow.aws("kms")
    key = kms.describe_key(KeyId="alias/hntai")["KeyMetadata"]["KeyId"]
    kms.delete_alias(AliasName="alias/hntai")
    try:
        yield
    finally:
        kms.create_alias(AliasName="alias/hntai", TargetKeyId=key)


@pytest.mark.parametrize(
    "step", ["fetch_record", "build_chart", "generate_section/plan", "verify", "assemble", "publish"]
)
def test_a_key_service_that_comes_back_costs_a_retry(workflow: Workflow, step: str) -> None:
    key = missing_key(workflow)

    def breaking() -> None:
        key.__enter__()
        forget_keys(workflow)

    def mending() -> None:
        key.__exit__(None, None, None)

    break_and_mend(workflow, step, breaking, mending)
    run = workflow.run()
    assert (run.status, run.tries[step]) == ("SUCCEEDED", 2)


def forget_keys(workflow: Workflow) -> None:
    """As a fresh environment: no data key in memory."""
    sealer = workflow.parts.sealer
    sealer._current = None
    sealer._opened.clear()


def test_forgetting_keys_with_a_missing_key_is_really_an_error(workflow: Workflow) -> None:
    sealed = workflow.parts.sealer.seal(b"text", "context")
    with missing_key(workflow):
        forget_keys(workflow)
        with pytest.raises(SealingUnavailableError):
            workflow.parts.sealer.open(sealed, "context")
        with pytest.raises(SealingUnavailableError):
            workflow.parts.sealer.seal(b"text", "context")
    assert workflow.parts.sealer.open(sealed, "context") == b"text"


@pytest.mark.parametrize("step", ["fetch_record", *STEPS])
def test_a_throttled_function_is_called_again(workflow: Workflow, step: str) -> None:
    def throttle(_event: Mapping[str, Any]) -> None:
        raise RateLimitedError(retry_after_s=1)

    break_and_mend(workflow, step, lambda: None, lambda: None)
    workflow.functions.hooks[step, 1] = throttle
    run = workflow.run()
    assert run.tries[step] == 2
    assert len(run.waits) == 1


def test_no_result_without_its_audit_row(workflow: Workflow) -> None:
    """The chain's heads are locked and the queue is gone: publishing waits for the first of them."""
    lock = psycopg.connect(workflow.postgres.url())
    queue_url = workflow.parts.settings.audit_queue_url
    before = audit_rows(workflow, "succeeded")

    def breaking(_event: Mapping[str, Any]) -> None:
        lock.execute("SELECT FROM phi_audit_head FOR UPDATE")
        workflow.parts.audit._queue._queue_url = "http://127.0.0.1:1/none"  # type: ignore[union-attr]

    def mending(_event: Mapping[str, Any]) -> None:
        lock.rollback()
        workflow.wait_until_well()

    workflow.functions.hooks["publish", 1] = breaking
    workflow.functions.hooks["publish", 2] = mending
    run = workflow.run()
    lock.close()
    workflow.parts.audit._queue._queue_url = queue_url or ""  # type: ignore[union-attr]
    assert "AuditUnavailableError" in run.history
    assert (run.status, run.tries["publish"]) == ("SUCCEEDED", 2)
    assert audit_rows(workflow, "succeeded") == before + 1


def test_without_valkey_the_run_ends_the_same(workflow: Workflow) -> None:
    workflow.valkey.stop()
    try:
        run = workflow.run(is_well_after=False)
    finally:
        workflow.valkey.start()
    assert run.status == "SUCCEEDED"

"""Our hands in moto's private parts: each test fails loudly where a new moto moves one."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.kms.models import kms_backends
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl as retrier
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils as lambda_calls

from hntai.domain.errors import RateLimitedError
from hntai_local import moto_shims
from hntai_local.aws_endpoint import AwsEndpoint
from hntai_local.aws_names import ACCOUNT_ID, function_arn
from hntai_local.lambda_pool import Invocation

pytestmark = pytest.mark.aws


class Flaky:
    """Fails as it is told to, then succeeds."""

    def __init__(self) -> None:
        self.faults: list[Exception | str] = []

    def invoke(self, name: str, payload: bytes, **_: Any) -> Invocation:
        if not self.faults:
            return Invocation(b'{"took": "it"}', None)
        fault = self.faults.pop(0)
        if isinstance(fault, Exception):
            raise fault
        return Invocation(json.dumps({"errorType": fault, "errorMessage": ""}).encode(), "Unhandled")


@pytest.fixture
def functions() -> Flaky:
    return Flaky()


@pytest.fixture
def endpoint(functions: Flaky, tmp_path: Path) -> Iterator[AwsEndpoint]:
    endpoint = AwsEndpoint(0, functions, state_dir=tmp_path)
    endpoint.start()
    yield endpoint
    reset = urllib.request.Request(f"{endpoint.url}/moto-api/reset", method="POST")
    urllib.request.urlopen(reset).close()
    endpoint.close()


def client(endpoint: AwsEndpoint, service: str) -> Any:
    session = boto3.session.Session("local", "local", region_name="us-east-1")
    return session.client(service, endpoint_url=endpoint.url)


def output_of(endpoint: AwsEndpoint, definition: dict[str, Any], given: Any = None) -> Any:
    sfn = client(endpoint, "stepfunctions")
    machine = sfn.create_state_machine(
        name="one", definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/r"
    )["stateMachineArn"]
    run = sfn.start_execution(stateMachineArn=machine, name="run", input=json.dumps(given or {}))
    until = time.monotonic() + 20
    while (shown := sfn.describe_execution(executionArn=run["executionArn"]))["status"] == "RUNNING":
        assert time.monotonic() < until
        time.sleep(0.01)
    assert shown["status"] == "SUCCEEDED", (shown.get("error"), shown.get("cause"))
    return json.loads(shown["output"])


def retried(errors: list[str]) -> dict[str, Any]:
    retry = {"ErrorEquals": errors, "IntervalSeconds": 20, "BackoffRate": 2.0, "MaxAttempts": 3}
    return {
        "StartAt": "A",
        "States": {"A": {"Type": "Task", "Resource": function_arn("F"), "Retry": [retry], "End": True}},
    }


def test_our_account_is_motos() -> None:
    assert ACCOUNT_ID == DEFAULT_ACCOUNT_ID


def test_waits_of_a_retry_are_recorded_and_not_slept(endpoint: AwsEndpoint, functions: Flaky) -> None:
    functions.faults = ["EhrUnavailableError", "EhrUnavailableError"]
    began = time.monotonic()
    with moto_shims.recorded_waits() as waits:
        assert output_of(endpoint, retried(["EhrUnavailableError"])) == {"took": "it"}
    assert waits == [20, 40]
    assert time.monotonic() - began < 10


def test_waits_are_slept_again_afterwards() -> None:
    with moto_shims.recorded_waits():
        pass
    assert retrier.time is time


def test_throttled_function_is_retried_by_lambdas_name_for_it(
    endpoint: AwsEndpoint, functions: Flaky
) -> None:
    functions.faults = [RateLimitedError(function="F")]
    with moto_shims.recorded_waits() as waits:
        assert output_of(endpoint, retried(["Lambda.TooManyRequestsException"])) == {"took": "it"}
    assert waits == [20]


def test_jsonata_and_variables_work(endpoint: AwsEndpoint) -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"x": "{% $states.input.a + 1 %}"}, "Next": "B"},
        "B": {"Type": "Pass", "Output": "{% {'n': $x * 2} %}", "End": True},
    }
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": states}
    assert output_of(endpoint, definition, {"a": 1}) == {"n": 4}


def test_a_state_starts_a_run_of_another_machine_and_waits_for_it(endpoint: AwsEndpoint) -> None:
    inner = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"b": 2}, "End": True}}}
    arn = client(endpoint, "stepfunctions").create_state_machine(
        name="inner", definition=json.dumps(inner), roleArn="arn:aws:iam::123456789012:role/r"
    )["stateMachineArn"]
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": arn, "Name.$": "$.name", "Input": {"a.$": "$.a"}},
        "OutputPath": "$.Output",
        "End": True,
    }
    outer = {"StartAt": "T", "States": {"T": task}}
    assert output_of(endpoint, outer, {"name": "nested-1", "a": 1}) == {"b": 2}
    run = client(endpoint, "stepfunctions").describe_execution(
        executionArn=arn.replace(":stateMachine:", ":execution:") + ":nested-1"
    )
    assert json.loads(run["input"]) == {"a": 1}


def test_a_distributed_map_reads_its_items_from_s3_by_paths(endpoint: AwsEndpoint) -> None:
    s3 = client(endpoint, "s3")
    s3.create_bucket(Bucket="items")
    s3.put_object(Bucket="items", Key="index.json", Body=b'[{"n": 1}, {"n": 2}]')
    each = {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Parameters": {"Bucket.$": "$.bucket", "Key": "index.json"},
        },
        "ItemSelector": {"n.$": "$$.Map.Item.Value.n", "bucket.$": "$.bucket"},
        "MaxConcurrencyPath": "$.width",
        "ToleratedFailurePercentagePath": "$.tolerated",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "P",
            "States": {"P": {"Type": "Pass", "End": True}},
        },
        "End": True,
    }
    given = {"bucket": "items", "width": 2, "tolerated": 5}
    made = output_of(endpoint, {"StartAt": "M", "States": {"M": each}}, given)
    assert made == [{"n": 1, "bucket": "items"}, {"n": 2, "bucket": "items"}]


@pytest.mark.parametrize(("tolerated", "status"), [(50, "SUCCEEDED"), (49, "FAILED")])
def test_a_distributed_map_fails_by_its_name_once_more_fails_than_is_tolerated(
    endpoint: AwsEndpoint, tolerated: int, status: str
) -> None:
    fail = {
        "Ask": {
            "Type": "Choice",
            "Choices": [{"Variable": "$", "NumericEquals": 1, "Next": "No"}],
            "Default": "Yes",
        },
        "No": {"Type": "Fail", "Error": "No"},
        "Yes": {"Type": "Succeed"},
    }
    each = {
        "Type": "Map",
        "ToleratedFailurePercentage": float(tolerated),  # moto's parser knows no whole number here
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Ask",
            "States": fail,
        },
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
        "Next": "Well",
    }
    states = {"M": each, "Caught": {"Type": "Pass", "End": True}, "Well": {"Type": "Succeed"}}
    made = output_of(endpoint, {"StartAt": "M", "States": states}, [1, 2])
    if status == "FAILED":
        assert made["Error"] == "States.ExceedToleratedFailureThreshold"
    else:
        assert made == [None, 2]


def test_task_calls_share_one_client(endpoint: AwsEndpoint) -> None:
    one, other = (lambda_calls.boto_client_for(service="lambda", region="us-east-1") for _ in "ab")
    assert one is other


def test_kept_key_comes_back_under_its_id(endpoint: AwsEndpoint, tmp_path: Path) -> None:
    kms, path = client(endpoint, "kms"), tmp_path / "key.json"
    first = moto_shims.keep_key(kms.create_key()["KeyMetadata"]["KeyId"], path)
    sealed = kms.encrypt(KeyId=first, Plaintext=b"p")["CiphertextBlob"]
    kms_backends[ACCOUNT_ID]["us-east-1"].keys.clear()
    second = moto_shims.keep_key(kms.create_key()["KeyMetadata"]["KeyId"], path)
    assert second == first
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"p"
    assert [key["KeyId"] for key in kms.list_keys()["Keys"]] == [first]


def test_stored_object_is_read_with_its_metadata(endpoint: AwsEndpoint) -> None:
    s3 = client(endpoint, "s3")
    s3.create_bucket(Bucket="one")
    s3.put_object(Bucket="one", Key="k", Body=b"x", ContentType="text/plain", Metadata={"a": "b"})
    assert moto_shims.stored_object("one", "k") == moto_shims.StoredObject(b"x", "text/plain", {"a": "b"})
    assert moto_shims.stored_object("one", "other") is None


def test_queued_messages_count_those_in_flight(endpoint: AwsEndpoint) -> None:
    sqs = client(endpoint, "sqs")
    queue = sqs.create_queue(QueueName="one")["QueueUrl"]
    sent = sqs.send_message(QueueUrl=queue, MessageBody="m")["MessageId"]
    received = sqs.receive_message(QueueUrl=queue)["Messages"][0]
    assert moto_shims.queued_messages("one") == {sent: "m"}
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=received["ReceiptHandle"])
    assert moto_shims.queued_messages("one") == {}
    assert moto_shims.queued_messages("other") == {}

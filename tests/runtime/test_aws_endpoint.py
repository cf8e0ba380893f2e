"""The local AWS endpoint as boto3 sees it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from hntai_local.aws_endpoint import AwsEndpoint
from hntai_local.aws_names import function_arn
from hntai_local.aws_resources import substituted
from hntai_local.lambda_pool import LambdaPool
from hntai_local.leash import Leash
from tests.runtime.local_functions import ENVIRONMENT, plain

pytestmark = [pytest.mark.runtime, pytest.mark.aws]

Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def endpoint(leash: Leash, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsEndpoint]:
    folder = tmp_path_factory.mktemp("aws")
    functions = (plain(), plain("SlowFunction", timeout_s=1))
    pool = LambdaPool(functions, environment=ENVIRONMENT, leash=leash, log_dir=folder / "logs")
    endpoint = AwsEndpoint(0, pool, state_dir=folder)
    endpoint.start()
    yield endpoint
    endpoint.close()
    pool.close()


@pytest.fixture(scope="module")
def client(endpoint: AwsEndpoint) -> Client:
    return _client_of(endpoint)


def _client_of(endpoint: AwsEndpoint) -> Client:
    session = boto3.session.Session("local", "local", region_name="us-east-1")
    config = Config(retries={"total_max_attempts": 1})
    return lambda service: session.client(service, endpoint_url=endpoint.url, config=config)


def run_machine(client: Client, definition: dict[str, Any], given: Any = None) -> dict[str, Any]:
    """The finished execution of a machine of its own."""
    sfn = client("stepfunctions")
    text = substituted(json.dumps(definition), ["PlainFunction", "SlowFunction", "NopeFunction"])
    name = f"machine-{time.time_ns()}"
    machine = sfn.create_state_machine(name=name, definition=text, roleArn="arn:aws:iam::123456789012:role/r")
    started = sfn.start_execution(
        stateMachineArn=machine["stateMachineArn"], name="run", input=json.dumps(given or {})
    )
    until = time.monotonic() + 20
    while (run := sfn.describe_execution(executionArn=started["executionArn"]))["status"] == "RUNNING":
        assert time.monotonic() < until
        time.sleep(0.01)
    history = sfn.get_execution_history(executionArn=started["executionArn"], maxResults=1000)
    return dict(run, events=history["events"])


def task(**more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": "${PlainFunctionArn}", **more}


def one_task(**more: Any) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": task(End=True, **more)}}


@pytest.mark.parametrize(
    "name", ["PlainFunction", function_arn("PlainFunction"), function_arn("PlainFunction") + ":$LATEST"]
)
def test_function_is_invoked_by_name_and_by_arn(client: Client, name: str) -> None:
    answer = client("lambda").invoke(FunctionName=name, Payload=b'{"a": 1}')
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert json.loads(answer["Payload"].read())["event"] == {"a": 1}


def test_function_error_and_timeout_are_marked_in_the_answer(client: Client) -> None:
    raised = client("lambda").invoke(FunctionName="PlainFunction", Payload=b'{"do": "raise"}')
    assert (raised["StatusCode"], raised["FunctionError"]) == (200, "Unhandled")
    assert json.loads(raised["Payload"].read())["errorType"] == "NoteLostError"
    slow = client("lambda").invoke(FunctionName="SlowFunction", Payload=b'{"do": "sleep", "for_s": 9}')
    assert slow["FunctionError"] == "Unhandled"
    assert json.loads(slow["Payload"].read())["errorType"] == "Sandbox.Timedout"


@pytest.mark.parametrize(
    ("name", "payload", "status", "code"),
    [
        ("NopeFunction", b"{}", 404, "ResourceNotFoundException"),
        ("PlainFunction", b"{nope", 400, "InvalidRequestContentException"),
        ("PlainFunction", b'"' + b"x" * 6_291_555 + b'"', 413, "RequestTooLargeException"),
    ],
)
def test_call_that_lambda_would_refuse_is_refused_by_its_name(
    client: Client, name: str, payload: bytes, status: int, code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        client("lambda").invoke(FunctionName=name, Payload=payload)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert refused.value.response["Error"]["Code"] == code


def test_event_is_queued_and_runs_and_dry_run_runs_nothing(client: Client) -> None:
    before = json.loads(client("lambda").invoke(FunctionName="PlainFunction")["Payload"].read())["calls"]
    dry = client("lambda").invoke(FunctionName="PlainFunction", InvocationType="DryRun")
    queued = client("lambda").invoke(FunctionName="PlainFunction", InvocationType="Event")
    assert (dry["StatusCode"], queued["StatusCode"]) == (204, 202)
    time.sleep(0.3)
    after = json.loads(client("lambda").invoke(FunctionName="PlainFunction")["Payload"].read())["calls"]
    assert after == before + 2
    with pytest.raises(ClientError):
        client("lambda").invoke(FunctionName="NopeFunction", InvocationType="Event")


def test_seven_tasks_over_warm_functions_cost_less_than_a_second(client: Client) -> None:
    section = {"StartAt": "S", "States": {"S": task(End=True)}}
    definition = {
        "StartAt": "A",
        "States": {
            "A": task(ResultPath=None, Next="B"),
            "B": task(ResultPath=None, Next="C"),
            "C": task(ResultPath=None, Next="M"),
            "M": {
                "Type": "Map",
                "ItemsPath": "$.sections",
                "MaxConcurrency": 4,
                "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **section},
                "End": True,
            },
        },
    }
    run_machine(client, definition, {"sections": [{"n": n} for n in range(4)]})
    run = run_machine(client, definition, {"sections": [{"n": n} for n in range(4)]})
    assert run["status"] == "SUCCEEDED"
    assert [answer["event"] for answer in json.loads(run["output"])] == [{"n": n} for n in range(4)]
    assert (run["stopDate"] - run["startDate"]).total_seconds() < 1
    assert [event["type"] for event in run["events"]].count("LambdaFunctionSucceeded") == 7


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({"Parameters": {"do": "raise"}}, "NoteLostError"),
        ({"Parameters": {"do": "exit"}}, "Runtime.ExitError"),
        (
            {"Resource": "${SlowFunctionArn}", "Parameters": {"do": "sleep", "for_s": 9}},
            "Sandbox.Timedout",
        ),
        ({"Parameters": {"do": "sleep", "for_s": 3}, "TimeoutSeconds": 1}, "States.Timeout"),
        ({"Resource": "${NopeFunctionArn}"}, "Lambda.ResourceNotFoundException"),
    ],
)
def test_state_machine_catches_errors_by_the_names_aws_gives_them(
    client: Client, state: dict[str, Any], error: str
) -> None:
    definition = one_task(**state)
    definition["States"]["A"]["Catch"] = [{"ErrorEquals": [error], "Next": "Caught"}]
    definition["States"]["Caught"] = {"Type": "Pass", "End": True}
    run = run_machine(client, definition)
    assert run["status"] == "SUCCEEDED"
    assert json.loads(run["output"])["Error"] == error


def test_uncaught_error_ends_the_run_under_its_name(client: Client) -> None:
    run = run_machine(client, one_task(Parameters={"do": "raise"}))
    assert (run["status"], run["error"]) == ("FAILED", "NoteLostError")


def test_six_services_answer_on_one_port(client: Client) -> None:
    ssm, secrets, kms = client("ssm"), client("secretsmanager"), client("kms")
    ssm.put_parameter(Name="/hntai/a", Value="v", Type="SecureString")
    assert ssm.get_parameter(Name="/hntai/a", WithDecryption=True)["Parameter"]["Value"] == "v"
    arn = secrets.create_secret(Name="one", SecretString="s")["ARN"]
    assert secrets.get_secret_value(SecretId=arn)["SecretString"] == "s"
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"p", EncryptionContext={"a": "b"})["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "b"})["Plaintext"] == b"p"
    queue = client("sqs").create_queue(QueueName="one")["QueueUrl"]
    client("sqs").send_message(QueueUrl=queue, MessageBody="m")
    assert client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "m"
    client("s3").create_bucket(Bucket="one")
    client("s3").put_object(Bucket="one", Key="a/b", Body=b"x" * 100_000)
    assert client("s3").head_object(Bucket="one", Key="a/b")["ContentLength"] == 100_000
    assert client("stepfunctions").list_state_machines()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_nothing_is_printed(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    client("s3").list_buckets()
    run_machine(client, one_task(Parameters={"do": "raise"}))
    assert capfd.readouterr() == ("", "")


def test_endpoint_on_a_taken_port_says_so(endpoint: AwsEndpoint, tmp_path: Path) -> None:
    class Nobody:
        def invoke(self, name: str, payload: bytes, **_: Any) -> Any:
            raise KeyError(name)

    port = int(endpoint.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        AwsEndpoint(port, Nobody(), state_dir=tmp_path).start()


def test_definition_that_names_an_unknown_function_is_refused() -> None:
    with pytest.raises(KeyError):
        substituted('{"Resource": "${OtherArn}", "Path": "$.a"}', ["One"])

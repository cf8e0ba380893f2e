"""Administration over a database of its own and AWS as moto answers it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import boto3
import psycopg
import pytest

from hntai.adapters import aws_clients
from hntai.adapters.migrations import migrate
from hntai.adapters.named_sql import sql_folder
from hntai.admin.commands import main
from hntai_local.aws_endpoint import AwsEndpoint
from hntai_local.aws_names import ACCOUNT_ID
from hntai_local.postgres import PostgresServer
from tests.contract.test_blobs import _NoFunctions

SECRET = "a secret for tests only, 32 bytes or more"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The resources of a stack, by setting."""
    endpoint = AwsEndpoint(0, _NoFunctions(), state_dir=Path(tmp_path_factory.mktemp("aws")))
    endpoint.start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": endpoint.url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            patch.setenv(name, value)
        aws_clients._client.cache_clear()
        boto3.client("s3").create_bucket(Bucket="anchors")
        sqs = boto3.client("sqs")
        machine = boto3.client("stepfunctions").create_state_machine(
            name="summary",
            definition=json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}),
            roleArn=f"arn:aws:iam::{ACCOUNT_ID}:role/any",
        )
        yield {
            "HNTAI_AUDIT_QUEUE_URL": sqs.create_queue(QueueName="rows")["QueueUrl"],
            "HNTAI_AUDIT_ANCHOR_BUCKET": "anchors",
            "HNTAI_STATE_MACHINE_ARN": machine["stateMachineArn"],
        }
        endpoint.close()
    aws_clients._client.cache_clear()


@pytest.fixture
def database(postgres: PostgresServer) -> Callable[[str], str]:
    """A migrated database of its own: its URL by role."""
    name = f"admin_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    migrate(postgres.url(database=name), sql_folder() / "migrations")
    return lambda role: postgres.url(role, name)


@pytest.fixture
def hntai(
    aws: Mapping[str, str],
    database: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """The command: its exit code, standard output and standard error."""
    for name, value in {
        **aws,
        "DATABASE_URL": database("hntai_app"),
        "HNTAI_OWNER_DATABASE_URL": database("postgres"),
        "HNTAI_AUDITOR_DATABASE_URL": database("hntai_auditor"),
        "SECRET_KEY": SECRET,
    }.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run

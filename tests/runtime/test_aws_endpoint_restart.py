"""What the local endpoint keeps when its stack ends, however it ends."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from hntai_local.aws_endpoint import AwsEndpoint
from hntai_local.aws_resources import provision

pytestmark = pytest.mark.aws

SECRETS = {"secret-key": "one", "jwt-secret-key": "two", "bulk-ehr": "{}"}
MACHINE = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${FetchFunctionArn}", "End": True}}}


class NoFunctions:
    def invoke(self, name: str, payload: bytes, **_: Any) -> Any:
        raise KeyError(name)


class Run:
    """One life of the endpoint; forget() loses all that moto held, as a killed process does."""

    def __init__(self, state_dir: Path) -> None:
        self.endpoint = AwsEndpoint(0, NoFunctions(), state_dir=state_dir)
        self.endpoint.start()
        definition = state_dir / "machine.json"
        definition.write_text(json.dumps(MACHINE))
        self.settings = provision(
            self.endpoint.url,
            state_dir=state_dir,
            secrets=SECRETS,
            definitions={"HNTAI_STATE_MACHINE_ARN": definition},
            functions=["FetchFunction"],
        )
        self._session = boto3.session.Session("local", "local", region_name="us-east-1")

    def client(self, service: str) -> Any:
        return self._session.client(service, endpoint_url=self.endpoint.url)

    def forget(self) -> None:
        reset = urllib.request.Request(f"{self.endpoint.url}/moto-api/reset", method="POST")
        urllib.request.urlopen(reset).close()
        self.endpoint.close()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path)
    yield run
    run.forget()


def again(before: Run, tmp_path: Path) -> Run:
    """The next life of the endpoint."""
    before.forget()
    after = Run(tmp_path)
    before.endpoint = after.endpoint
    return after


def bodies(run: Run) -> list[str]:
    received = run.client("sqs").receive_message(
        QueueUrl=run.settings["HNTAI_AUDIT_QUEUE_URL"], MaxNumberOfMessages=10
    )
    return sorted(message["Body"] for message in received.get("Messages", []))


def test_settings_name_what_was_made(run: Run) -> None:
    settings = run.settings
    assert set(settings) == {
        "SECRET_KEY",
        "JWT_SECRET_KEY",
        "HNTAI_KMS_KEY_ID",
        "HNTAI_AUDIT_QUEUE_URL",
        "HNTAI_AUDIT_ANCHOR_BUCKET",
        "HNTAI_UPLOADS_BUCKET",
        "HNTAI_BULK_EHR_CREDENTIALS",
        "HNTAI_STATE_MACHINE_ARN",
    }
    secret = run.client("secretsmanager").get_secret_value(SecretId=settings["SECRET_KEY"])
    assert (secret["Name"], secret["SecretString"]) == ("hntai/secret-key", "one")
    machine = run.client("stepfunctions").describe_state_machine(
        stateMachineArn=settings["HNTAI_STATE_MACHINE_ARN"]
    )
    assert "arn:aws:lambda:us-east-1:123456789012:function:FetchFunction" in machine["definition"]
    redrive = run.client("sqs").get_queue_attributes(
        QueueUrl=settings["HNTAI_AUDIT_QUEUE_URL"], AttributeNames=["RedrivePolicy"]
    )
    assert json.loads(redrive["Attributes"]["RedrivePolicy"])["deadLetterTargetArn"].endswith(
        "hntai-audit-dlq"
    )


def test_what_was_sealed_in_an_earlier_run_can_be_opened(run: Run, tmp_path: Path) -> None:
    context = {"purpose": "test"}
    sealed = run.client("kms").generate_data_key(
        KeyId="alias/hntai", KeySpec="AES_256", EncryptionContext=context
    )
    later = again(run, tmp_path)
    opened = later.client("kms").decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == sealed["Plaintext"]
    assert later.client("kms").describe_key(KeyId="alias/hntai")["KeyMetadata"]["Arn"] == opened["KeyId"]


def test_key_material_is_readable_by_its_owner_only(run: Run, tmp_path: Path) -> None:
    assert (tmp_path / "aws" / "kms-key.json").stat().st_mode & 0o777 == 0o600


def test_anchors_survive_and_deleted_ones_do_not(run: Run, tmp_path: Path) -> None:
    s3, bucket = run.client("s3"), run.settings["HNTAI_AUDIT_ANCHOR_BUCKET"]
    kept = {"ContentType": "application/json", "Metadata": {"signature": "abc"}}
    s3.put_object(Bucket=bucket, Key="anchors/2026 é.json", Body=b'{"heads": []}', **kept)
    s3.put_object(Bucket=bucket, Key="gone", Body=b"x")
    s3.delete_object(Bucket=bucket, Key="gone")
    s3.put_object(Bucket=run.settings["HNTAI_UPLOADS_BUCKET"], Key="upload", Body=b"x")
    later = again(run, tmp_path)
    listed = later.client("s3").list_objects_v2(Bucket=bucket)
    found = later.client("s3").get_object(Bucket=bucket, Key="anchors/2026 é.json")
    assert listed["KeyCount"] == 1
    assert found["Body"].read() == b'{"heads": []}'
    assert (found["ContentType"], found["Metadata"]) == ("application/json", {"signature": "abc"})
    uploads = later.client("s3").list_objects_v2(Bucket=later.settings["HNTAI_UPLOADS_BUCKET"])
    assert uploads["KeyCount"] == 0


def test_audit_messages_survive_until_they_are_deleted(run: Run, tmp_path: Path) -> None:
    sqs, queue = run.client("sqs"), run.settings["HNTAI_AUDIT_QUEUE_URL"]
    entries = [{"Id": str(number), "MessageBody": f"row {number}"} for number in range(3)]
    sqs.send_message_batch(QueueUrl=queue, Entries=entries)
    first = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=1)["Messages"][0]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=first["ReceiptHandle"])
    left = sorted({f"row {number}" for number in range(3)} - {first["Body"]})
    later = again(run, tmp_path)
    assert bodies(later) == left
    assert len(list((tmp_path / "aws" / "queues" / "hntai-audit").glob("*.json"))) == 2

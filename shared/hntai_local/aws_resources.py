"""The resources that template.yaml makes on AWS, made at the local endpoint."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3

from hntai_local import moto_shims
from hntai_local.aws_mirror import ANCHORS_BUCKET, AwsMirror
from hntai_local.aws_names import ACCOUNT_ID, REGION, function_arn, machine_arn

KEY_ALIAS = "alias/hntai"
QUEUE = "hntai-audit"
DEAD_LETTER_QUEUE = "hntai-audit-dlq"
UPLOADS_BUCKET = "hntai-uploads-local"
_MAX_RECEIVES = "1000"
"""Local retries come seconds apart, so that many make a longer outage than on AWS."""
_WEEK_S = "604800"


def provision(
    endpoint_url: str,
    *,
    state_dir: Path,
    secrets: Mapping[str, str],
    definitions: Mapping[str, Path],
    functions: Sequence[str],
) -> dict[str, str]:
    """Makes every resource and gives back the settings that name them.

    To be called in the process of the endpoint, once after its start. What earlier runs left in
    state_dir is there again: the key, the anchors, the messages not yet drained.

    secrets: values by name ("secret-key", "jwt-secret-key", "bulk-ehr"). definitions: state machines by
    the setting that names each. functions: the names that ${<Name>Arn} in the definition may stand for.
    """
    aws = _Clients(endpoint_url)
    mirror = AwsMirror(state_dir / "aws")
    settings = {
        "HNTAI_KMS_KEY_ID": _key(aws("kms"), state_dir / "aws" / "kms-key.json"),
        "SECRET_KEY": _secret(aws("secretsmanager"), "hntai/secret-key", secrets["secret-key"]),
        "JWT_SECRET_KEY": _secret(aws("secretsmanager"), "hntai/jwt-secret-key", secrets["jwt-secret-key"]),
        "HNTAI_AUDIT_QUEUE_URL": _queues(aws("sqs"), mirror),
        "HNTAI_AUDIT_ANCHOR_BUCKET": _anchors(aws("s3"), mirror),
        "HNTAI_UPLOADS_BUCKET": _bucket(aws("s3"), UPLOADS_BUCKET),
        "HNTAI_BULK_EHR_CREDENTIALS": _secret(aws("secretsmanager"), "hntai/bulk-ehr", secrets["bulk-ehr"]),
    }
    for setting, path in definitions.items():
        definition = substituted(path.read_text("utf-8"), functions)
        name = path.parent.name.replace("_", "-")
        settings[setting] = _state_machine(aws("stepfunctions"), name, definition)
    return settings


def substituted(definition: str, functions: Sequence[str]) -> str:
    """The state machine's definition with ${<Name>Arn} replaced, as SAM's DefinitionSubstitutions do.

    Raises:
        KeyError: the definition names a function that is not among functions.
    """
    arns = {f"{name}Arn": function_arn(name) for name in functions}
    arns |= {"PatientSummaryMachineArn": machine_arn("patient-summary"), "UploadsBucket": UPLOADS_BUCKET}
    return re.sub(r"\$\{(\w+)\}", lambda placeholder: arns[placeholder[1]], definition)


class _Clients:
    """boto3 clients of one session, made when first asked for."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url
        self._session = boto3.session.Session(
            aws_access_key_id="local", aws_secret_access_key="local", region_name=REGION
        )
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._made:
            self._made[service] = self._session.client(service, endpoint_url=self._endpoint_url)
        return self._made[service]


def _key(kms: Any, kept_at: Path) -> str:
    fresh = kms.create_key(Description="Seals what HNTAI keeps at rest")["KeyMetadata"]["KeyId"]
    key_id = moto_shims.keep_key(fresh, kept_at)
    kms.create_alias(AliasName=KEY_ALIAS, TargetKeyId=key_id)
    return KEY_ALIAS


def _secret(secrets_manager: Any, name: str, value: str) -> str:
    return str(secrets_manager.create_secret(Name=name, SecretString=value)["ARN"])


def _queues(sqs: Any, mirror: AwsMirror) -> str:
    """Both queues, with what was not yet drained when the stack last ended."""
    dead = sqs.create_queue(QueueName=DEAD_LETTER_QUEUE, Attributes={"MessageRetentionPeriod": _WEEK_S})
    dead_arn = sqs.get_queue_attributes(QueueUrl=dead["QueueUrl"], AttributeNames=["QueueArn"])
    redrive = {
        "deadLetterTargetArn": dead_arn["Attributes"]["QueueArn"],
        "maxReceiveCount": _MAX_RECEIVES,
    }
    queue = sqs.create_queue(
        QueueName=QUEUE,
        Attributes={"MessageRetentionPeriod": _WEEK_S, "RedrivePolicy": json.dumps(redrive)},
    )
    for name, url in ((DEAD_LETTER_QUEUE, dead["QueueUrl"]), (QUEUE, queue["QueueUrl"])):
        for path, body in tuple(mirror.messages(name)):
            sqs.send_message(QueueUrl=url, MessageBody=body)
            path.unlink(missing_ok=True)
    return str(queue["QueueUrl"])


def _anchors(s3: Any, mirror: AwsMirror) -> str:
    _bucket(s3, ANCHORS_BUCKET)
    for key, kept in tuple(mirror.objects()):
        s3.put_object(
            Bucket=ANCHORS_BUCKET,
            Key=key,
            Body=kept.body,
            ContentType=kept.content_type,
            Metadata=dict(kept.metadata),
        )
    return ANCHORS_BUCKET


def _bucket(s3: Any, name: str) -> str:
    s3.create_bucket(Bucket=name)
    return name


def _state_machine(sfn: Any, name: str, definition: str) -> str:
    made = sfn.create_state_machine(
        name=name,
        definition=definition,
        roleArn=f"arn:aws:iam::{ACCOUNT_ID}:role/{name}",
    )
    return str(made["stateMachineArn"])

"""Where the settings of administration come from: the environment, a file, or a deployed stack."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hntai.adapters.aws_clients import client
from hntai.domain.errors import ConfigurationError

OF_PARAMETERS: Final = {
    "DatabaseUrlSecretArn": "DATABASE_URL",
    "OwnerDatabaseUrlSecretArn": "HNTAI_OWNER_DATABASE_URL",
    "AuditorDatabaseUrlSecretArn": "HNTAI_AUDITOR_DATABASE_URL",
    "DatabaseIamAuth": "HNTAI_DATABASE_IAM",
    "RedisUrl": "REDIS_URL",
    "SecretKeyArn": "SECRET_KEY",
}
"""Settings by the parameter of template.yaml that holds them: addresses and ARNs, never a secret."""
OF_OUTPUTS: Final = {
    "StateMachineArn": "HNTAI_STATE_MACHINE_ARN",
    "TranscriptionMachineArn": "HNTAI_TRANSCRIPTION_MACHINE_ARN",
    "DocumentMachineArn": "HNTAI_DOCUMENT_MACHINE_ARN",
    "BulkMachineArn": "HNTAI_BULK_MACHINE_ARN",
    "DataKeyArn": "HNTAI_KMS_KEY_ID",
    "AuditQueueUrl": "HNTAI_AUDIT_QUEUE_URL",
    "AuditAnchorBucketName": "HNTAI_AUDIT_ANCHOR_BUCKET",
    "UploadsBucketName": "HNTAI_UPLOADS_BUCKET",
}
"""The same, of outputs."""


def use_file(path: Path) -> None:
    """Puts the settings of a JSON object into the environment, over those that are there.

    Raises:
        ConfigurationError: there is no such file, or it is no object of strings.
    """
    try:
        settings = json.loads(path.read_text("utf-8"))
        os.environ.update({str(name): str(value) for name, value in settings.items()})
    except (OSError, ValueError, AttributeError):
        expected = "a JSON object; the local stack writes .hntai/settings.json while it runs (make run)"
        raise ConfigurationError(setting="--settings", expected=expected) from None


def use_stack(name: str) -> None:
    """Puts what a deployed stack says of itself into the environment, under those that are there.

    Raises:
        ConfigurationError: there is no such stack in this account and region, or it may not be read.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        (stack,) = client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except (BotoCoreError, ClientError, ValueError) as error:
        expected = "a stack of this account and region that these credentials may describe"
        raise ConfigurationError(setting="--stack", expected=expected) from error
    parameters = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", ())}
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", ())}
    for setting, value in {**_named(parameters, OF_PARAMETERS), **_named(outputs, OF_OUTPUTS)}.items():
        os.environ.setdefault(setting, value)


def _named(values: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return {setting: values[name] for name, setting in names.items() if values.get(name)}

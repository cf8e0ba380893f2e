"""Starting a bulk's machine."""

from __future__ import annotations

import json

from hntai.adapters.aws_clients import client
from hntai.domain.errors import WorkflowUnavailableError


class StepFunctionsBulkStarter:
    """See hntai.ports.bulk.BulkStarter."""

    def __init__(self, state_machine_arn: str) -> None:
        self._arn = state_machine_arn

    def start(self, bulk_id: str, attempt: int) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        payload = json.dumps({"bulk_id": bulk_id, "attempt": attempt})
        try:
            client("stepfunctions").start_execution(
                stateMachineArn=self._arn, name=f"{bulk_id}-{attempt}", input=payload
            )
        except (BotoCoreError, ClientError) as error:
            raise WorkflowUnavailableError from error

    def is_running(self, bulk_id: str, attempt: int) -> bool | None:
        from botocore.exceptions import BotoCoreError, ClientError

        name = f"{bulk_id}-{attempt}"
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{name}"
        try:
            described = client("stepfunctions").describe_execution(executionArn=arn)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "ExecutionDoesNotExist":
                return None
            raise WorkflowUnavailableError from error
        except BotoCoreError as error:
            raise WorkflowUnavailableError from error
        return bool(described["status"] == "RUNNING")

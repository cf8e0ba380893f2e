"""Starting a run of the state machine, and invoking a function."""

from __future__ import annotations

import json

from hntai.adapters.aws_clients import client
from hntai.adapters.in_process import PREFIX, InProcessInvoker, InProcessRunStarter
from hntai.domain.errors import FunctionUnavailableError, WorkflowUnavailableError
from hntai.domain.jobs import JobId


class StepFunctionsRunStarter:
    """One execution per job, named by it: starting the same job again starts nothing new."""

    def __init__(self, state_machine_arn: str) -> None:
        self._arn = state_machine_arn

    def start(self, job_id: JobId) -> None:
        """Raises WorkflowUnavailableError."""
        from botocore.exceptions import BotoCoreError, ClientError

        payload = json.dumps({"job_id": str(job_id)})
        try:
            client("stepfunctions").start_execution(
                stateMachineArn=self._arn, name=str(job_id), input=payload
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "ExecutionAlreadyExists":
                raise WorkflowUnavailableError from error
        except BotoCoreError as error:
            raise WorkflowUnavailableError from error


def run_starter(machine: str) -> StepFunctionsRunStarter | InProcessRunStarter:
    """What starts runs of a machine: the ARN of a state machine, or a name in this process."""
    starter = InProcessRunStarter if machine.startswith(PREFIX) else StepFunctionsRunStarter
    return starter(machine)


def invoker(function: str) -> LambdaInvoker | InProcessInvoker:
    """What invokes a function: a Lambda's name or ARN, or a name in this process."""
    invokes = InProcessInvoker if function.startswith(PREFIX) else LambdaInvoker
    return invokes(function)


class LambdaInvoker:
    """Sends an event to a function and waits for its answer."""

    def __init__(self, function: str) -> None:
        self._function = function

    def __call__(self, event: dict[str, object]) -> dict[str, object]:
        """The function's answer.

        Raises:
            FunctionUnavailableError: it could not be reached, or failed.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer = client("lambda", read_timeout_s=35, attempts=1).invoke(
                FunctionName=self._function, Payload=json.dumps(event).encode()
            )
        except (BotoCoreError, ClientError) as error:
            raise FunctionUnavailableError from error
        if answer.get("FunctionError"):
            raise FunctionUnavailableError
        result: dict[str, object] = json.loads(answer["Payload"].read())
        return result

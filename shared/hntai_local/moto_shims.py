"""Everything we do to moto's private parts, in one place; each has a test that fails loudly.

moto is pinned: a new version is taken only when these tests pass on it.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
import jsonata
import moto.stepfunctions.parser.asl.component.common.retry.retrier_decl as retrier
import moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component as distributed  # noqa: E501
import moto.stepfunctions.parser.asl.component.state.exec.state_task.lambda_eval_utils as lambda_calls
import moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn as nested
import moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda as lambda_task
import moto.stepfunctions.parser.asl.jsonata.jsonata as jsonata_bridge
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.core.config import default_user_config
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)

from hntai_local.aws_names import ACCOUNT_ID, REGION

_FROM_ERROR = lambda_task.StateTaskLambda._from_error
_EXCEEDED = "States.ExceedToleratedFailureThreshold"
_MAP_RUN = distributed.DistributedIterationComponent._map_run


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An S3 object's content and what was sent with it."""

    body: bytes
    content_type: str
    metadata: Mapping[str, str]


def install(endpoint_url: str) -> None:
    """Makes moto's server a good enough AWS: state machines run, in silence, on our functions."""
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    for name in ("moto", "werkzeug"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    jsonata_bridge._eval_jsonata = lambda expression: jsonata.Jsonata(expression).evaluate(None)
    lambda_calls.boto_client_for = lambda **_: _lambda_client(endpoint_url)
    lambda_task.StateTaskLambda._from_error = _from_error
    distributed.DistributedIterationComponent._map_run = _map_run
    nested.StateTaskServiceSfn._normalise_parameters = _as_boto_writes
    nested.StateTaskServiceSfn._normalise_response = _as_asl_writes


@contextmanager
def recorded_waits() -> Iterator[list[float]]:
    """The waits of every Retry in the block, in seconds, recorded in order instead of slept."""
    waits: list[float] = []
    before = retrier.time
    retrier.time = types.SimpleNamespace(sleep=waits.append)
    try:
        yield waits
    finally:
        retrier.time = before


def keep_key(key_id: str, path: Path) -> str:
    """Gives a fresh symmetric key the id and material kept at path, or keeps its own there.

    Without this no ciphertext of an earlier run could be decrypted. Returns the key's id.
    """
    backend = kms_backends[ACCOUNT_ID][REGION]
    key = backend.keys[key_id]
    if path.exists():
        kept = json.loads(path.read_text("utf-8"))
        del backend.keys[key.id]
        key.arn = key.arn.replace(key.id, kept["key_id"])
        key.id, key.key_material = kept["key_id"], base64.b64decode(kept["key_material"])
        backend.keys[key.id] = key
    else:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        material = base64.b64encode(key.key_material).decode()
        sink = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(sink, "w", encoding="utf-8") as file:
            json.dump({"key_id": key.id, "key_material": material}, file)
    return str(key.id)


def stored_object(bucket: str, key: str) -> StoredObject | None:
    """The object as moto holds it, None if there is none."""
    found = s3_backends[ACCOUNT_ID]["aws"].get_object(bucket, key)
    if found is None:
        return None
    content_type = str(found.metadata.get("Content-Type", "binary/octet-stream"))
    own = {
        name.lower().removeprefix("x-amz-meta-"): str(value)
        for name, value in found.metadata.items()
        if name.lower().startswith("x-amz-meta-")
    }
    return StoredObject(bytes(found.value), content_type, own)


def queued_messages(queue: str) -> dict[str, str]:
    """Body by message id, for all messages not yet deleted, in flight or not; empty without a queue."""
    found = sqs_backends[ACCOUNT_ID][REGION].queues.get(queue)
    return {} if found is None else {str(one.id): str(one.body) for one in tuple(found._messages)}


def _map_run(component: Any, env: Any, eval_input: Any) -> None:
    """Fails the state once more of its items failed than it tolerates, by AWS's name for that.

    moto tolerates all of them. AWS stops as soon as the share is passed; here every item is tried first.
    """
    _MAP_RUN(component, env, eval_input)
    counted = eval_input.map_run_record.execution_counter.describe()
    share = 100 * counted["failed"] / max(1, counted["total"])
    allowed = max(eval_input.tolerated_failure_percentage, 0.0)
    if counted["failed"] > eval_input.tolerated_failure_count and share > allowed:
        env.stack.pop()
        raise FailureEventException(
            FailureEvent(
                env=env,
                error_name=StatesErrorName(StatesErrorNameType.StatesExceedToleratedFailureThreshold),
                event_type=HistoryEventType.MapRunFailed,
                event_details={"mapRunFailedEventDetails": {"error": _EXCEEDED, "cause": "too many failed"}},
            )
        )


def _as_boto_writes(_task: Any, parameters: dict[str, Any], *_: object, **__: object) -> None:
    """StateMachineArn as stateMachineArn, and an input that is no string as JSON.

    moto leaves both as they are, so that no state could start another machine's run.
    """
    given = dict(parameters)
    parameters.clear()
    for name, value in given.items():
        parameters[name[0].lower() + name[1:]] = value if isinstance(value, str) else json.dumps(value)


def _as_asl_writes(_task: Any, response: dict[str, Any], *_: object, **__: object) -> None:
    """The way back."""
    given = dict(response)
    response.clear()
    response.update({name[0].upper() + name[1:]: value for name, value in given.items()})


@lru_cache(maxsize=4)
def _lambda_client(endpoint_url: str) -> Any:
    """One client for all tasks: making one costs more than the call, and is not thread safe.

    Step Functions' own task limits apply, so it waits as long as a function may run (900 s).
    """
    return boto3.session.Session().client(
        "lambda",
        region_name=REGION,
        endpoint_url=endpoint_url,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(
            parameter_validation=False,
            retries={"total_max_attempts": 1},
            read_timeout=930,
            max_pool_connections=64,
        ),
    )


def _from_error(task: Any, env: Any, ex: Exception) -> Any:
    """Names the errors of the Lambda service as AWS does: Lambda.TooManyRequestsException and so on.

    moto calls them all "Exception" for tasks whose resource is a function's ARN, so no Retry
    could name them.
    """
    event = _FROM_ERROR(task, env, ex)
    if isinstance(ex, ClientError):
        name = f"Lambda.{ex.response['Error']['Code']}"
        event.error_name.error_name = name
        event.event_details["lambdaFunctionFailedEventDetails"]["error"] = name
    return event

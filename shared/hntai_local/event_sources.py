"""What invokes functions without being asked: the audit queue and the anchoring schedule.

Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS" (event, partial batch responses),
and Amazon EventBridge User Guide, "Scheduled events".
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from hntai.domain.errors import HntaiError
from hntai_local.aws_names import ACCOUNT_ID, REGION
from hntai_local.lambda_pool import FunctionInvoker

_BATCH = 10
_LONG_POLL_S = 1
"""Short, so that close() need not wait; messages arrive at once all the same."""
_VISIBILITY_S = 90
"""Longer than DrainAuditFunction may run."""


class EventSources:
    """Threads from start() to close(): one drains the queue, one keeps the schedule.

    anchor_every_s: the schedule's rate; it first fires one period after the start. retry_after_s:
    when a message that was not drained is tried again, seconds here and minutes on AWS.
    """

    def __init__(
        self,
        pool: FunctionInvoker,
        endpoint_url: str,
        queue_url: str,
        *,
        drain: str = "DrainAuditFunction",
        anchor: str = "AnchorAuditFunction",
        anchor_every_s: float = 300.0,
        retry_after_s: int = 5,
    ) -> None:
        self._pool = pool
        self._queue_url = queue_url
        self._drain = drain
        self._anchor = anchor
        self._anchor_every_s = anchor_every_s
        self._retry_after_s = retry_after_s
        self._sqs = _sqs(endpoint_url)
        self._stopping = threading.Event()
        self._threads = (
            threading.Thread(target=self._keep_draining, name="audit-queue", daemon=True),
            threading.Thread(target=self._keep_schedule, name="anchor-schedule", daemon=True),
        )

    def start(self) -> None:
        """Returns at once."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Waits a few seconds for what is under way; the threads do not keep the process alive."""
        self._stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=_LONG_POLL_S + 1.0)

    def _keep_draining(self) -> None:
        while not self._stopping.is_set():
            try:
                self._drain_once()
            except (BotoCoreError, ClientError, HntaiError, KeyError):
                self._stopping.wait(1.0)

    def _drain_once(self) -> None:
        received = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=_BATCH,
            WaitTimeSeconds=_LONG_POLL_S,
            VisibilityTimeout=_VISIBILITY_S,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if received:
            failed = self._failed_ids(received)
            for message in received:
                self._settle(message, message["MessageId"] in failed)

    def _failed_ids(self, received: Sequence[Mapping[str, Any]]) -> frozenset[str]:
        """The messages the function did not take: those it names, or all of them if it failed."""
        everything = frozenset(str(message["MessageId"]) for message in received)
        try:
            answered = self._pool.invoke(self._drain, json.dumps(queue_event(received)).encode())
        except (HntaiError, KeyError):
            return everything
        return everything if answered.function_error else batch_failures(answered.payload, everything)

    def _settle(self, message: Mapping[str, Any], has_failed: bool) -> None:
        handle = {"QueueUrl": self._queue_url, "ReceiptHandle": message["ReceiptHandle"]}
        if has_failed:
            self._sqs.change_message_visibility(**handle, VisibilityTimeout=self._retry_after_s)
        else:
            self._sqs.delete_message(**handle)

    def _keep_schedule(self) -> None:
        while not self._stopping.wait(self._anchor_every_s):
            try:
                self._pool.invoke(self._anchor, json.dumps(schedule_event(datetime.now(UTC))).encode())
            except (HntaiError, KeyError):
                continue


def queue_event(received: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The event Lambda makes of messages boto3 received."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message.get("Attributes", {}),
                "messageAttributes": message.get("MessageAttributes", {}),
                "md5OfBody": message.get("MD5OfBody", ""),
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:hntai-audit",
                "awsRegion": REGION,
            }
            for message in received
        ]
    }


def batch_failures(payload: bytes, everything: frozenset[str]) -> frozenset[str]:
    """The messages an answer reports as not taken.

    As on AWS: no answer, or an empty list, is success; an unreadable report, an empty id or one
    that is not of this batch is failure of the whole batch.
    """
    try:
        answer = json.loads(payload)
        failures = (answer or {}).get("batchItemFailures") or []
        named = frozenset(str(item["itemIdentifier"]) for item in failures)
    except (ValueError, KeyError, TypeError, AttributeError):
        return everything
    return named if named <= everything else everything


def schedule_event(now: datetime) -> dict[str, Any]:
    """The event EventBridge sends when a schedule's time has come."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT_ID,
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT_ID}:rule/hntai-anchor-audit"],
        "detail": {},
    }


def _sqs(endpoint_url: str) -> Any:
    session = boto3.session.Session(
        aws_access_key_id="local", aws_secret_access_key="local", region_name=REGION
    )
    return session.client(
        "sqs", endpoint_url=endpoint_url, config=Config(retries={"total_max_attempts": 1}, connect_timeout=2)
    )

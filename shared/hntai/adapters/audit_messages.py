"""Audit rows that wait in SQS, taken by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from hntai.adapters.aws_clients import client
from hntai.domain.errors import AuditUnavailableError

_BATCH = 10
"""Messages in one call. Source: Amazon SQS API reference, ReceiveMessage."""
_WAIT_S = 1
"""A long poll asks every server of the queue: an empty answer to it is empty."""
_HIDDEN_S = 60


class SqsAuditMessages:
    """See hntai.ports.admin.AuditMessages."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    def receive(self) -> Mapping[str, str]:
        with _translated():
            answer = client("sqs", read_timeout_s=10).receive_message(
                QueueUrl=self._queue_url,
                MaxNumberOfMessages=_BATCH,
                WaitTimeSeconds=_WAIT_S,
                VisibilityTimeout=_HIDDEN_S,
            )
        return {message["ReceiptHandle"]: message["Body"] for message in answer.get("Messages", ())}

    def delete(self, receipts: Sequence[str]) -> None:
        if not receipts:
            return
        entries = [{"Id": str(place), "ReceiptHandle": one} for place, one in enumerate(receipts)]
        with _translated():
            answer = client("sqs", read_timeout_s=10).delete_message_batch(
                QueueUrl=self._queue_url, Entries=entries
            )
        if answer.get("Failed"):
            raise AuditUnavailableError(messages=len(answer["Failed"]))


@contextmanager
def _translated() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise AuditUnavailableError from error

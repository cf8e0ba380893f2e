"""The audit queue and the schedule invoking functions by themselves."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from hntai.domain.errors import FunctionUnavailableError
from hntai_local.aws_endpoint import AwsEndpoint
from hntai_local.aws_resources import provision
from hntai_local.event_sources import EventSources, batch_failures, schedule_event
from hntai_local.lambda_pool import Invocation

pytestmark = pytest.mark.aws


class Functions:
    """Takes events; the drain function refuses the bodies it is told to, so many times."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.refusals: dict[str, int] = {}
        self.outage = 0

    def invoke(self, name: str, payload: bytes, **_: Any) -> Invocation:
        event = json.loads(payload)
        self.events.append((name, event))
        if self.outage:
            self.outage -= 1
            raise FunctionUnavailableError(function=name)
        failures = [one["messageId"] for one in event.get("Records", []) if self._refuses(one["body"])]
        report = {"batchItemFailures": [{"itemIdentifier": one} for one in failures]}
        return Invocation(json.dumps(report).encode(), None)

    def _refuses(self, body: str) -> bool:
        left = self.refusals.get(body, 0)
        self.refusals[body] = left - 1
        return left > 0

    def bodies(self) -> list[str]:
        return [record["body"] for _, event in self.events for record in event.get("Records", [])]


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def stack(functions: Functions, tmp_path: Path) -> Iterator[tuple[str, str]]:
    endpoint = AwsEndpoint(0, functions, state_dir=tmp_path)
    endpoint.start()
    settings = provision(
        endpoint.url,
        state_dir=tmp_path,
        secrets={"secret-key": "a", "jwt-secret-key": "b", "bulk-ehr": "{}"},
        definitions={},
        functions=[],
    )
    yield endpoint.url, settings["HNTAI_AUDIT_QUEUE_URL"]
    urllib.request.urlopen(urllib.request.Request(f"{endpoint.url}/moto-api/reset", method="POST")).close()
    endpoint.close()


@pytest.fixture
def sqs(stack: tuple[str, str]) -> Any:
    session = boto3.session.Session("local", "local", region_name="us-east-1")
    return session.client("sqs", endpoint_url=stack[0])


@pytest.fixture
def sources(functions: Functions, stack: tuple[str, str]) -> Iterator[EventSources]:
    sources = EventSources(functions, *stack, anchor_every_s=0.3, retry_after_s=1)
    sources.start()
    yield sources
    sources.close()


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def left(sqs: Any, queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(count) for count in counts.values())


def test_message_reaches_the_drain_function_as_lambda_would_send_it_and_is_deleted(
    sqs: Any, stack: tuple[str, str], functions: Functions, sources: EventSources
) -> None:
    sent = sqs.send_message(QueueUrl=stack[1], MessageBody='{"row": 1}')
    wait_until(lambda: bool(functions.bodies()))
    record = next(event for name, event in functions.events if name == "DrainAuditFunction")["Records"][0]
    assert (record["messageId"], record["body"]) == (sent["MessageId"], '{"row": 1}')
    assert (record["eventSource"], record["awsRegion"]) == ("aws:sqs", "us-east-1")
    assert record["eventSourceARN"] == "arn:aws:sqs:us-east-1:123456789012:hntai-audit"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    wait_until(lambda: left(sqs, stack[1]) == 0)


def test_only_the_messages_reported_as_failed_come_again(
    sqs: Any, stack: tuple[str, str], functions: Functions, sources: EventSources
) -> None:
    functions.refusals = {"bad": 1}
    for body in ("good", "bad"):
        sqs.send_message(QueueUrl=stack[1], MessageBody=body)
    wait_until(lambda: functions.bodies().count("bad") == 2)
    wait_until(lambda: left(sqs, stack[1]) == 0)
    assert functions.bodies().count("good") == 1


def test_nothing_is_lost_while_the_function_cannot_run(
    sqs: Any, stack: tuple[str, str], functions: Functions, sources: EventSources
) -> None:
    functions.outage = 3
    sqs.send_message(QueueUrl=stack[1], MessageBody="row")
    wait_until(lambda: left(sqs, stack[1]) == 0)
    assert "row" in functions.bodies()


def test_schedule_fires_once_per_period_and_not_at_once(functions: Functions, sources: EventSources) -> None:
    assert functions.events == []
    wait_until(lambda: [name for name, _ in functions.events].count("AnchorAuditFunction") == 2)
    event = functions.events[0][1]
    assert (event["detail-type"], event["source"], event["detail"]) == ("Scheduled Event", "aws.events", {})


def test_closed_sources_leave_no_thread(functions: Functions, stack: tuple[str, str]) -> None:
    sources = EventSources(functions, *stack)
    sources.start()
    sources.close()
    assert not {"audit-queue", "anchor-schedule"} & {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize(
    ("payload", "failed"),
    [
        (b"null", set()),
        (b"{}", set()),
        (b'{"batchItemFailures": []}', set()),
        (b'{"batchItemFailures": null}', set()),
        (b'{"batchItemFailures": [{"itemIdentifier": "a"}]}', {"a"}),
        (b'{"batchItemFailures": [{"itemIdentifier": ""}]}', {"a", "b"}),
        (b'{"batchItemFailures": [{"itemIdentifier": "c"}]}', {"a", "b"}),
        (b'{"batchItemFailures": [{}]}', {"a", "b"}),
        (b'{"batchItemFailures": 3}', {"a", "b"}),
        (b'"done"', {"a", "b"}),
        (b"not json", {"a", "b"}),
    ],
)
def test_report_of_failures_is_read_as_lambda_reads_it(payload: bytes, failed: set[str]) -> None:
    assert batch_failures(payload, frozenset("ab")) == failed


def test_scheduled_event_carries_its_time() -> None:
    assert schedule_event(datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC))["time"] == "2026-11-23T01:02:03Z"

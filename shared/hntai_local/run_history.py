"""Runs of the state machines, as the local AWS endpoint (or AWS itself) remembers them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import boto3
from botocore.config import Config

from hntai.domain.errors import ResourceUnknownError
from hntai_local.stack_environment import AWS_CREDENTIALS

_LISTED = 50
_DETAIL_KEYS = ("input", "output", "error", "cause")
_DETAIL_CHARS = 160


def step_functions(endpoint_url: str) -> Any:
    """A client of the local endpoint's Step Functions."""
    return boto3.client(
        "stepfunctions",
        endpoint_url=endpoint_url,
        region_name=AWS_CREDENTIALS["AWS_REGION"],
        aws_access_key_id=AWS_CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=AWS_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2}),
    )


def run_rows(client: Any, state_machine_arns: Iterable[str]) -> list[tuple[str, ...]]:
    """Id, machine, state, start and duration of each run, newest first."""
    return [
        (
            run["name"],
            run["stateMachineArn"].rpartition(":")[2],
            run["status"],
            _clock(run["startDate"]),
            _duration(run["startDate"], run.get("stopDate")),
        )
        for run in _newest_first(client, state_machine_arns)[:_LISTED]
    ]


def event_rows(
    client: Any, state_machine_arns: Iterable[str], run_id: str | None
) -> tuple[str, list[tuple[str, ...]]]:
    """The run's id and its events: id, type, time, state, and what went in or out, as stored.

    run_id: None for the newest run.

    Raises:
        ResourceUnknownError: there is no such run, or none at all.
    """
    runs = _newest_first(client, state_machine_arns)
    chosen = next((run for run in runs if run_id in (None, run["name"])), None)
    if chosen is None:
        raise ResourceUnknownError(runs=len(runs))
    events = list(_events(client, chosen["executionArn"]))
    states = _states(events)
    first: datetime = chosen["startDate"]
    rows: list[tuple[str, ...]] = [
        (
            str(event["id"]),
            event["type"],
            f"+{(event['timestamp'] - first).total_seconds():.3f} s",
            states.get(event["id"], ""),
            _detail(event),
        )
        for event in events
    ]
    return chosen["name"], rows


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Aligned columns under their headings."""
    lines = [tuple(headings), *map(tuple, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(headings))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _newest_first(client: Any, state_machine_arns: Iterable[str]) -> list[Mapping[str, Any]]:
    runs: list[Mapping[str, Any]] = []
    for arn in state_machine_arns:
        answer = client.list_executions(stateMachineArn=arn, maxResults=1000)
        runs += ({**run, "stateMachineArn": arn} for run in answer["executions"])
    return sorted(runs, key=lambda run: run["startDate"], reverse=True)


def _events(client: Any, execution_arn: str) -> Iterator[Mapping[str, Any]]:
    asked: dict[str, Any] = {"executionArn": execution_arn, "maxResults": 1000}
    while True:
        answer = client.get_execution_history(**asked)
        yield from answer["events"]
        if not answer.get("nextToken"):
            return
        asked["nextToken"] = answer["nextToken"]


def _details(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one member of an event that says more than its kind and time."""
    return next((value for key, value in event.items() if key.endswith("EventDetails")), {})


def _states(events: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """State names by event id: events inside a state carry none, but lead back to its entry."""
    names: dict[int, str] = {}
    for event in events:
        names[event["id"]] = _details(event).get("name") or names.get(event.get("previousEventId", 0), "")
    return names


def _detail(event: Mapping[str, Any]) -> str:
    details = _details(event)
    shown = [f"{key}={_compact(details[key])}" for key in _DETAIL_KEYS if details.get(key)]
    return " ".join(shown)


def _compact(value: str) -> str:
    try:
        text = json.dumps(json.loads(value), separators=(",", ":"))
    except ValueError:
        text = value
    return text if len(text) <= _DETAIL_CHARS else text[: _DETAIL_CHARS - 3] + "..."


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _duration(start: datetime, stop: datetime | None) -> str:
    return "-" if stop is None else f"{(stop - start).total_seconds():.2f} s"

"""Runs of the state machines, as Step Functions remembers them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from hntai.domain.errors import ResourceUnknownError

_LISTED = 50
_DETAIL_KEYS = ("input", "output", "error", "cause")
_DETAIL_CHARS = 160
RUN_HEADINGS = ("run", "machine", "state", "started", "took")
EVENT_HEADINGS = ("id", "type", "time", "state", "in / out")


def run_rows(client: Any, state_machine_arns: Iterable[str]) -> list[tuple[str, ...]]:
    """Id, machine, state, start and duration of each run, newest first."""
    return listed(runs_of(client, state_machine_arns)[:_LISTED])


def listed(runs: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """The runs as rows, under RUN_HEADINGS."""
    return [
        (
            run["name"],
            run["stateMachineArn"].rpartition(":")[2],
            run["status"],
            _clock(run["startDate"]),
            _duration(run["startDate"], run.get("stopDate")),
        )
        for run in runs
    ]


def run_of(
    client: Any, state_machine_arns: Iterable[str], run_id: str | None
) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """A run as it is listed, and all events of its history.

    run_id: None for the newest run.

    Raises:
        ResourceUnknownError: there is no such run, or none at all.
    """
    runs = runs_of(client, state_machine_arns)
    chosen = next((run for run in runs if run_id in (None, run["name"])), None)
    if chosen is None:
        raise ResourceUnknownError(runs=len(runs))
    return chosen, list(events_of(client, chosen["executionArn"]))


def event_rows(started: datetime, events: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Each event: id, type, time, state, and what went in or out, as stored."""
    kept = list(events)
    states = state_names(kept)
    return [
        (
            str(event["id"]),
            event["type"],
            f"+{(event['timestamp'] - started).total_seconds():.3f} s",
            states.get(event["id"], ""),
            _detail(event),
        )
        for event in kept
    ]


def details(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one member of an event that says more than its kind and time."""
    return next((value for key, value in event.items() if key.endswith("EventDetails")), {})


def state_names(events: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """State names by event id: events inside a state carry none, but lead back to its entry."""
    names: dict[int, str] = {}
    for event in events:
        names[event["id"]] = details(event).get("name") or names.get(event.get("previousEventId", 0), "")
    return names


def runs_of(client: Any, state_machine_arns: Iterable[str]) -> list[Mapping[str, Any]]:
    """The newest thousand runs of each machine, newest first, each with its stateMachineArn."""
    runs: list[Mapping[str, Any]] = []
    for arn in state_machine_arns:
        answer = client.list_executions(stateMachineArn=arn, maxResults=1000)
        runs += ({**run, "stateMachineArn": arn} for run in answer["executions"])
    return sorted(runs, key=lambda run: run["startDate"], reverse=True)


def events_of(client: Any, execution_arn: str) -> Iterator[Mapping[str, Any]]:
    """A run's whole history, in order."""
    asked: dict[str, Any] = {"executionArn": execution_arn, "maxResults": 1000}
    while True:
        answer = client.get_execution_history(**asked)
        yield from answer["events"]
        if not answer.get("nextToken"):
            return
        asked["nextToken"] = answer["nextToken"]


def _detail(event: Mapping[str, Any]) -> str:
    found = details(event)
    shown = [f"{key}={_compact(found[key])}" for key in _DETAIL_KEYS if found.get(key)]
    return " ".join(shown)


def _compact(value: str) -> str:
    try:
        text = json.dumps(json.loads(value), separators=(",", ":"))
    except ValueError:
        text = value
    return text if len(text) <= _DETAIL_CHARS else text[: _DETAIL_CHARS - 3] + "..."


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _duration(started: datetime, stopped: datetime | None) -> str:
    return "-" if stopped is None else f"{(stopped - started).total_seconds():.2f} s"

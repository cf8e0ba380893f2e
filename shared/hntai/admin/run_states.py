"""One line per state a run went through: when, how long, how many tries, what failed, what came out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hntai.admin.run_history import details

HEADINGS = ("at", "state", "took", "tries", "how", "what came out")
_SHOWN_CHARS = 100
_TRY = ("LambdaFunctionScheduled", "TaskScheduled")
_SUCCESS = ("LambdaFunctionSucceeded", "TaskSucceeded")
_TIMED_OUT = ("LambdaFunctionTimedOut", "TaskTimedOut")


@dataclass(slots=True)
class StateVisit:
    """One passage through a state. Inside a Map there is one per item."""

    name: str
    kind: str
    """As the event of entering names it: Task, Pass, Map, …"""
    entered_at: datetime
    exited_at: datetime | None = None
    tries: int = 0
    failures: list[str] = field(default_factory=list)
    """Error names, in order; a retried one stands here too."""
    output: str = ""
    is_done: bool = False
    """The last try succeeded."""

    @property
    def how(self) -> str:
        """What a person wants to know: ok, or what failed and what became of it."""
        if not self.failures:
            return "ok" if self.exited_at or self.kind in ("Succeed", "Fail") else "unfinished"
        counted = Counter(self.failures)
        told = ", ".join(f"{name} x{count}" if count > 1 else name for name, count in counted.items())
        if self.is_done:
            return f"{told}: retried, then ok"
        return f"{told}: caught" if self.exited_at else f"{told}: failed"


def visits(events: Iterable[Mapping[str, Any]]) -> list[StateVisit]:
    """Every passage through a state, in order of entering."""
    entered: dict[int, StateVisit] = {}
    owner: dict[int, int] = {}
    for event in events:
        number, kind = event["id"], str(event["type"])
        told = details(event)
        if "stateEnteredEventDetails" in event:
            owner[number] = number
            entered[number] = StateVisit(told["name"], kind.removesuffix("StateEntered"), event["timestamp"])
            continue
        owner[number] = owner.get(event.get("previousEventId", 0), 0)
        visit = entered.get(owner[number])
        if "stateExitedEventDetails" in event:
            visit = _left(entered.values(), told["name"], visit)
            visit.exited_at = event["timestamp"]
        elif visit is not None:
            _note(visit, kind, told)
    return list(entered.values())


def state_rows(started: datetime, events: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """The visits as a table, under HEADINGS."""
    return [
        (
            f"+{(visit.entered_at - started).total_seconds():.3f} s",
            visit.name,
            _took(visit),
            str(visit.tries or ""),
            visit.how,
            _short(visit.output),
        )
        for visit in visits(events)
    ]


def _left(all_visits: Iterable[StateVisit], name: str, visit: StateVisit | None) -> StateVisit:
    """The visit that ends: a Map's exit follows the last event of an item, not its own."""
    if visit is not None and visit.name == name:
        return visit
    return [one for one in all_visits if one.name == name and one.exited_at is None][-1]


def _note(visit: StateVisit, kind: str, told: Mapping[str, Any]) -> None:
    if kind in _TRY:
        visit.tries += 1
    elif kind in _SUCCESS:
        visit.is_done, visit.output = True, str(told.get("output", ""))
    elif kind in _TIMED_OUT:
        visit.failures.append(str(told.get("error") or "States.Timeout"))
    elif kind.endswith("Failed") and not kind.startswith("Execution"):
        visit.failures.append(str(told.get("error") or "States.TaskFailed"))


def _took(visit: StateVisit) -> str:
    if visit.exited_at is None:
        return "-"
    return f"{(visit.exited_at - visit.entered_at).total_seconds():.3f} s"


def _short(output: str) -> str:
    try:
        text = json.dumps(json.loads(output), separators=(",", ":")) if output else ""
    except ValueError:
        text = output
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 3] + "..."

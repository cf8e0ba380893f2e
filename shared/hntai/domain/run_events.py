"""What a run says while it goes: the events behind the SSE stream."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EventType(StrEnum):
    """The `type` of an event's data and its SSE event name."""

    PROGRESS = "progress"
    COMPLETE = "complete"
    ERROR = "error"
    HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One event. data is JSON-ready and may hold text: it is sealed wherever it rests."""

    type: EventType
    data: Mapping[str, object]

    @property
    def is_last(self) -> bool:
        return self.type in (EventType.COMPLETE, EventType.ERROR)

    def to_json(self) -> str:
        return json.dumps({"type": self.type.value, **self.data}, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with the id by which a client resumes after it."""

    id: str
    event: RunEvent


def progress(percent: int, stage: str, **more: object) -> RunEvent:
    """percent: 0 to 100. stage: a state's name. more: `section` and `delta` as text arrives."""
    return RunEvent(EventType.PROGRESS, {"percent": percent, "stage": stage, **more})


def sse(event_id: str | None, event: RunEvent) -> str:
    """One event in text/event-stream form. Source: WHATWG HTML, server-sent events."""
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {event.type.value}\ndata: {event.to_json()}\n\n"

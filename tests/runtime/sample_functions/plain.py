"""A handler that does what its event asks for."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

BORN = time.time_ns()
"""Tells one runtime process from another."""
CALLS: list[int] = []


class NoteLostError(Exception):
    """Raised on request."""


def handler(event: dict[str, Any], context: Any) -> object:
    CALLS.append(1)
    action = event.get("do", "echo")
    if action == "raise":
        raise NoteLostError("Testpatient, Anna")
    if action == "look like an error":
        return {
            "errorMessage": "fine",
            "errorType": "Fine",
            "requestId": context.aws_request_id,
            "stackTrace": [],
        }
    if action == "sleep":
        time.sleep(event["for_s"])
    if action == "exit":
        os._exit(3)
    if action == "answer of bytes":
        return "x" * (event["size"] - 2)
    return {
        "event": event if len(str(event)) < 1000 else {},
        "born": BORN,
        "pid": os.getpid(),
        "calls": len(CALLS),
        "request_id": context.aws_request_id,
        "remaining_ms": context.get_remaining_time_in_millis(),
        "variables": {name: os.environ.get(name, "") for name in event.get("variables", [])},
        "cwd": str(Path.cwd()),
    }

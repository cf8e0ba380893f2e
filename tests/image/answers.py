"""Two answers to one question, without what differs from call to call: ids, times, keys."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32,64}\b")
_INSTANT = re.compile(r"\b\d{8}T\d{6}Z\b|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|\+\d{2}:?\d{2})?")
_EVENT_ID = re.compile(r"(?m)^id: .*$|\b\d{13}-\d+\b")
_ADDRESS = re.compile(r"https?://(?:127\.0\.0\.1|localhost):\d+")
_LONG_TOKEN = re.compile(r"[A-Za-z0-9_\-+/=]{100,}")
_METRIC = re.compile(r"# TYPE \w+ (?:counter|histogram)|\w+\{[^}]*\} [0-9.e+]+")
"""One line of Prometheus text; which there are grows from call to call."""
_TIMES = frozenset(
    {"timing", "duration_s", "duration_ms", "age_s", "expires_in_s", "stackTrace", "cached", "instance"}
)
"""Fields that say how long this very call took, where it was, or what the one before it left."""
_CHANGING_HEADERS = frozenset({"x-request-id", "date", "server", "connection", "content-length", "x-job-id"})


def settled(answer: bytes) -> Any:
    """The answer as it is comparable: JSON read, nested bodies too, or text."""
    text = answer.decode("utf-8", "replace").strip()
    try:
        value = json.loads(text)
    except ValueError:
        return _settled_text(text)
    return _settled(value)


def _settled(value: Any) -> Any:
    if isinstance(value, dict):
        if "body" in value and "statusCode" in value:
            return _settled_http(value)
        return {key: "..." if key in _TIMES else _settled(one) for key, one in sorted(value.items())}
    if isinstance(value, list):
        return [_settled(one) for one in value]
    return _settled_text(value) if isinstance(value, str) else value


def _settled_http(answer: dict[str, Any]) -> dict[str, Any]:
    body = answer["body"] or ""
    raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    return {
        "status": answer["statusCode"],
        "type": headers.get("content-type", ""),
        "headers": sorted(set(headers) - _CHANGING_HEADERS),
        "body": settled(raw),
    }


def _settled_text(text: str) -> Any:
    if "\0" in text or text.startswith(("data:", "event:", "id:")):
        return _settled_stream(text)
    if text.startswith("# TYPE"):
        return {"not in the format": [line for line in text.splitlines() if not _METRIC.fullmatch(line)]}
    for pattern in (_INSTANT, _ID, _EVENT_ID, _ADDRESS, _LONG_TOKEN):
        text = pattern.sub("...", text)
    return text


def _settled_stream(text: str) -> dict[str, Any]:
    """Of server-sent events: their kinds, each once, in order, and the last one whole."""
    events = [
        json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")
    ]
    kinds = list(dict.fromkeys(event["type"] for event in events if event["type"] != "heartbeat"))
    return {"kinds": kinds, "last": _settled(events[-1]) if events else None}

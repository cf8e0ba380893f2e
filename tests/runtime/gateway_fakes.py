"""Functions in memory for the gateway's tests, and raw bytes to send it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hntai.domain.errors import RateLimitedError
from hntai_local.gateway import Gateway
from hntai_local.gateway_calls import PAYLOAD_LIMIT
from hntai_local.template import Route

ROUTES = (
    Route("POST", "/echo", "Echo"),
    Route("GET", "/echo", "Echo"),
    Route("GET", "/jobs/{id}", "Echo"),
    Route("GET", "/odd/{case}", "Odd"),
)
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Answer:
    payload: bytes
    function_error: str | None = None


def structured(**members: Any) -> Answer:
    return Answer(json.dumps({"statusCode": 200, **members}).encode())


class Functions:
    """Two functions in memory: Echo answers with its event, Odd as its case says."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.ended = threading.Event()
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()
        self._odd: dict[str, Callable[[], Answer]] = {
            "slow": self._slow,
            "rest": self._rest,
            "error": lambda: Answer(b'{"errorType": "KeyError", "errorMessage": "Testpatient"}', "Unhandled"),
            "timeout": lambda: Answer(b'{"errorType": "Sandbox.Timedout", "errorMessage": "x"}', "Unhandled"),
            "garbage": lambda: Answer(b"<html>Testpatient"),
            "large": lambda: Answer(b'"' + b"x" * PAYLOAD_LIMIT + b'"'),
            "busy": self._busy,
            "broken": lambda: 1 / 0,  # type: ignore[dict-item, return-value]
            "cookies": lambda: structured(cookies=["a=1", "b=2"], headers={"X-Request-Id": "mine"}),
            "binary": lambda: structured(body="AAECAw==", isBase64Encoded=True),
            "empty": lambda: structured(statusCode=204),
        }

    def invoke(self, name: str, payload: bytes, *, wait_s: float | None = None, trace_id: str = "") -> Answer:
        event = json.loads(payload)
        with self._lock:
            self.calls.append(event)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if name == "Odd":
                return self._odd[event["pathParameters"]["case"]]()
            return structured(body=json.dumps(event), headers={"content-type": "application/json"})
        finally:
            with self._lock:
                self.at_once -= 1

    def _slow(self) -> Answer:
        time.sleep(1.0)
        self.ended.set()
        return structured()

    def _rest(self) -> Answer:
        time.sleep(0.15)
        return structured()

    def _busy(self) -> Answer:
        raise RateLimitedError(environments=8)


def raw(gateway: Gateway, *pieces: bytes, pause_s: float = 0.0) -> bytes:
    """What comes back for these bytes, until the line closes or nothing comes for a while."""
    received = b""
    with socket.create_connection(("127.0.0.1", int(gateway.url.rsplit(":", 1)[1])), timeout=3) as line:
        for piece in pieces:
            line.sendall(piece)
            time.sleep(pause_s)
        line.settimeout(1.0)
        try:
            while piece := line.recv(65536):
                received += piece
        except TimeoutError:
            pass
    return received

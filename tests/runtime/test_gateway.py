from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from hntai.domain.errors import RateLimitedError
from hntai_local.gateway import Gateway
from hntai_local.gateway_body import BODY_LIMIT
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


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "gateway.jsonl"


@pytest.fixture
def gateway(functions: Functions, log: Path) -> Iterator[Gateway]:
    serving = Gateway(
        0, ROUTES, functions, cors_origins=("http://localhost:3000",), log=log, integration_limit_s=0.5
    )
    serving.start()
    yield serving
    serving.close()


@pytest.fixture
def client(gateway: Gateway) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway.url, timeout=15) as http:
        yield http


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


def test_a_function_gets_the_event_api_gateway_would_send(client: httpx.Client) -> None:
    answer = client.post(
        "/echo?a=1&a=2", json={"text": "é"}, headers={"Cookie": "s=1", "Authorization": "Bearer t"}
    )

    event = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"] == event["requestContext"]["requestId"]
    assert event["routeKey"] == "POST /echo"
    assert event["headers"]["authorization"] == "Bearer t"
    assert event["headers"]["x-amzn-trace-id"].startswith("Root=1-")
    assert event["headers"]["x-forwarded-for"] == "127.0.0.1"
    assert event["cookies"] == ["s=1"]
    assert event["queryStringParameters"] == {"a": "1,2"}
    assert json.loads(event["body"]) == {"text": "é"}


def test_chunked_bodies_and_encoded_paths_arrive_whole(client: httpx.Client) -> None:
    pieces = (piece for piece in (b"abc", b"", b"def"))
    chunked = client.post("/echo", content=pieces, headers={"content-type": "text/plain"}).json()
    assert chunked["body"] == "abcdef"
    assert client.get("/jobs/a%2Fb%20c").json()["pathParameters"] == {"id": "a/b c"}


def test_answers_keep_cookies_binary_bodies_and_their_own_request_id(client: httpx.Client) -> None:
    cookies = client.get("/odd/cookies")
    assert cookies.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert cookies.headers.get_list("x-request-id") == ["mine"]
    assert client.get("/odd/binary").content == b"\x00\x01\x02\x03"
    empty = client.get("/odd/empty")
    assert (empty.status_code, empty.content) == (204, b"")


@pytest.mark.parametrize(
    ("case", "status", "slug"),
    [
        ("error", 502, "function-failed"),
        ("broken", 502, "function-failed"),
        ("garbage", 502, "answer-malformed"),
        ("large", 502, "answer-too-large"),
        ("timeout", 504, "function-timeout"),
        ("slow", 504, "function-timeout"),
        ("busy", 429, "throttled"),
    ],
)
def test_a_function_that_gives_no_answer_is_a_problem_that_echoes_nothing(
    client: httpx.Client, case: str, status: int, slug: str
) -> None:
    answer = client.get(f"/odd/{case}?name=Testpatient", headers={"origin": "http://localhost:3000"})

    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert answer.headers["content-type"] == PROBLEM
    assert problem["type"] == f"urn:hntai:problem:{slug}"
    assert problem["instance"] == answer.headers["x-request-id"]
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "Testpatient" not in answer.text
    assert ("retry-after" in answer.headers) == (status == 429)


def test_a_function_over_the_api_limit_runs_to_its_end(client: httpx.Client, functions: Functions) -> None:
    assert client.get("/odd/slow").status_code == 504
    assert functions.ended.wait(2.0)


def test_unknown_paths_are_404_and_wrong_methods_405(client: httpx.Client) -> None:
    assert client.get("/nowhere/Testpatient").json()["type"] == "urn:hntai:problem:unknown-resource"
    wrong = client.delete("/echo")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, OPTIONS, POST")
    head = client.head("/echo")
    assert (head.status_code, head.content) == (405, b"")
    assert client.options("/echo").status_code == 200


def test_an_event_of_exactly_the_limit_passes_and_one_byte_more_does_not(
    client: httpx.Client, functions: Functions
) -> None:
    def sent(size: int) -> httpx.Response:
        return client.post(
            "/echo", content=b"x" * size, headers={"content-type": "text/plain", "content-length": str(size)}
        )

    sent(6_000_000)
    event = functions.calls[-1]
    overhead = len(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()) - 6_000_000
    room = PAYLOAD_LIMIT - overhead

    sent(room)
    assert len(functions.calls) == 2
    refused = sent(room + 1)

    assert (refused.status_code, len(functions.calls)) == (413, 2)
    assert refused.json()["limit"] == PAYLOAD_LIMIT
    assert refused.json()["size"] == PAYLOAD_LIMIT + 1


def test_a_body_over_10_mb_is_refused_by_its_limit(client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(12):
            yield b"x" * 1024 * 1024

    for content in (b"x" * (BODY_LIMIT + 1), endless()):
        answer = client.post("/echo", content=content)
        assert (answer.status_code, answer.json()["limit"]) == (413, BODY_LIMIT)


def test_a_declared_body_nobody_would_read_is_refused_unread(gateway: Gateway) -> None:
    head = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n"
    assert raw(gateway, head).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_asks_to_continue_is_told_to(gateway: Gateway) -> None:
    head = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n"
    received = raw(gateway, head, b"hi", pause_s=0.1)
    assert received.startswith(b"HTTP/1.1 100 ")
    assert b"HTTP/1.1 200 " in received


def test_headers_over_10240_bytes_are_refused(client: httpx.Client) -> None:
    answer = client.get("/echo", headers={"x-long": "x" * 10_300})
    assert (answer.status_code, answer.json()["limit"]) == (431, 10_240)


@pytest.mark.parametrize(
    "piece",
    [
        b"Testpatient, Anna\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nbad header\r\n\r\n",
        b"\x16\x03\x01\x02\x00\r\n\r\n",
    ],
)
def test_what_is_not_http_gets_a_problem_and_the_next_is_served(
    gateway: Gateway, client: httpx.Client, piece: bytes
) -> None:
    received = raw(gateway, piece)
    assert received.startswith(b"HTTP/1.1 400 ")
    assert PROBLEM.encode() in received
    assert b"Testpatient" not in received
    assert client.get("/echo").status_code == 200


def test_a_head_or_a_body_that_does_not_come_is_not_waited_for(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hntai_local.http_server._HEAD_S", 0.2)
    monkeypatch.setattr("hntai_local.gateway_body._PAUSE_S", 0.2)
    began = time.monotonic()
    assert raw(gateway, b"GET /echo HT") == b""
    assert time.monotonic() - began < 0.9
    body = raw(gateway, b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf")
    assert body.startswith(b"HTTP/1.1 408 ")


def test_a_client_that_leaves_disturbs_nobody(gateway: Gateway, client: httpx.Client) -> None:
    address = ("127.0.0.1", int(gateway.url.rsplit(":", 1)[1]))
    for piece in (
        b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf",
        b"GET /odd/rest HTTP/1.1\r\n",
    ):
        with socket.create_connection(address) as line:
            line.sendall(piece + b"host: x\r\n\r\n")
    assert client.get("/echo").status_code == 200


def test_a_kept_line_answers_without_delay(client: httpx.Client) -> None:
    client.get("/echo")
    began = time.monotonic()
    for _ in range(10):
        client.get("/echo")
    assert time.monotonic() - began < 0.3, "delayed acknowledgements cost 40 ms each"


def test_overlapping_calls_overlap(client: httpx.Client, functions: Functions) -> None:
    with ThreadPoolExecutor(6) as callers:
        statuses = list(callers.map(lambda _: client.get("/odd/rest").status_code, range(6)))
    assert statuses == [200] * 6
    assert functions.most_at_once >= 5


def test_the_log_names_routes_and_never_paths_or_values(client: httpx.Client, log: Path) -> None:
    client.get("/jobs/Testpatient?name=Testpatient", headers={"x-name": "Testpatient"})
    line = json.loads(log.read_text().splitlines()[-1])
    assert (line["route"], line["status"]) == ("GET /jobs/{id}", 200)
    assert "Testpatient" not in log.read_text()

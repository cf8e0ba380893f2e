from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from hntai_local.gateway import Gateway
from hntai_local.gateway_body import BODY_LIMIT
from hntai_local.gateway_calls import PAYLOAD_LIMIT
from tests.runtime.gateway_fakes import PROBLEM, ROUTES, Functions, raw


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def gateway(functions: Functions) -> Iterator[Gateway]:
    serving = Gateway(0, ROUTES, functions, integration_limit_s=0.5)
    serving.start()
    yield serving
    serving.close()


@pytest.fixture
def client(gateway: Gateway) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway.url, timeout=15) as http:
        yield http


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

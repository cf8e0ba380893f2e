from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from hntai_local.gateway import Gateway
from tests.runtime.gateway_fakes import PROBLEM, ROUTES, Functions


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

"""The streaming function URL: chunks as they are made, and every way a stream can end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from hntai.domain.errors import ConfigurationError
from hntai_local.function_url import FunctionUrl
from hntai_local.leash import Leash
from hntai_local.template import LocalFunction
from tests.runtime.local_functions import ENVIRONMENT, streaming

pytestmark = pytest.mark.runtime

ORIGIN = "http://localhost:3000"
MakeUrl = Callable[[LocalFunction], httpx.Client]


@pytest.fixture(scope="module")
def serve(leash: Leash, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeUrl]:
    urls, clients = [], []

    def make(function: LocalFunction) -> httpx.Client:
        url = FunctionUrl(
            0,
            function,
            environment=ENVIRONMENT,
            leash=leash,
            log_dir=tmp_path_factory.mktemp("logs"),
            cors_origins=[ORIGIN],
        )
        url.start()
        urls.append(url)
        clients.append(httpx.Client(base_url=url.url, timeout=20))
        return clients[-1]

    yield make
    for client in clients:
        client.close()
    for url in urls:
        url.close()


@pytest.fixture(scope="module")
def client(serve: MakeUrl) -> httpx.Client:
    return serve(streaming())


def test_events_200_ms_apart_arrive_in_reads_of_their_own_within_100_ms(client: httpx.Client) -> None:
    client.get("/events", params={"count": 1})
    arrivals = []
    with client.stream("GET", "/events", params={"count": 4, "every_s": 0.2}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for piece in answer.iter_raw():
            made = float(json.loads(piece.split(b"data: ")[1])["made"])
            arrivals.append((time.time(), made, piece.count(b"data: ")))
    assert [count for _, _, count in arrivals] == [1, 1, 1, 1]
    assert all(arrived - made < 0.1 for arrived, made, _ in arrivals)


def test_headers_arrive_before_the_body_is_complete(client: httpx.Client) -> None:
    began = time.monotonic()
    with client.stream("GET", "/events", params={"count": 5, "every_s": 0.2}):
        assert time.monotonic() - began < 0.5


def test_status_headers_cookies_body_and_ids_pass_both_ways(client: httpx.Client) -> None:
    answer = client.post(
        "/echo?a=1&a=%20",
        content=b"\x00\x01\xff",
        headers={"Cookie": "x=1; y=2", "x-amzn-trace-id": "Root=1-2-3"},
    )
    said = answer.json()
    assert answer.status_code == 201
    assert answer.headers.get_list("set-cookie") == ["a=1; Path=/; SameSite=lax", "b=2; Path=/; SameSite=lax"]
    assert answer.headers["x-twice"] == "one, two"
    assert answer.headers["x-amzn-requestid"] == said["request_id"]
    assert (said["size"], said["hex"], said["query"]) == (3, "0001ff", "a=1&a=%20")
    assert (said["cookies"], said["event_version"]) == ({"x": "1", "y": "2"}, "2.0")
    assert said["trace_id"] == "Root=1-2-3"
    assert 0 < said["deadline_ms"] - time.time() * 1000 <= 5000


def test_requests_one_after_another_share_a_warm_runtime(client: httpx.Client) -> None:
    assert client.post("/echo").json()["pid"] == client.post("/echo").json()["pid"]


def test_streams_side_by_side_have_runtimes_of_their_own(client: httpx.Client) -> None:
    def stream(_: int) -> float:
        began = time.monotonic()
        client.get("/events", params={"count": 4, "every_s": 0.25})
        return time.monotonic() - began

    client.get("/events", params={"count": 1})
    with ThreadPoolExecutor(3) as callers:
        list(callers.map(stream, range(3)))
        assert max(callers.map(stream, range(3))) < 1.8


def test_error_in_a_stream_cuts_it_and_the_next_request_is_fine(client: httpx.Client) -> None:
    pieces = []
    with client.stream("GET", "/events", params={"every_s": 0.05, "fails_at": 2}) as answer:
        reading = answer.iter_raw()
        pieces += [next(reading), next(reading)]
        with pytest.raises(httpx.RemoteProtocolError):
            next(reading)
    assert all(b"Testpatient" not in piece for piece in pieces)
    assert client.post("/echo").status_code == 201


def test_error_before_the_first_byte_is_a_502_problem_without_a_word_of_it(serve: MakeUrl) -> None:
    answer = serve(streaming("streamed:bare")).get("/")
    assert answer.status_code == 502
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:hntai:problem:function-failed"
    assert answer.json()["instance"] == answer.headers["x-amzn-requestid"]
    assert "Testpatient" not in answer.text


def test_function_that_cannot_start_is_a_502_problem_and_no_hang(serve: MakeUrl) -> None:
    broken = serve(streaming("broken:app", timeout_s=60))
    began = time.monotonic()
    assert broken.get("/").status_code == 502
    assert time.monotonic() - began < 10


def test_runtime_that_exits_is_a_502_problem_and_is_replaced(client: httpx.Client) -> None:
    assert client.get("/exit").status_code == 502
    assert client.post("/echo").status_code == 201


def test_timeout_before_the_first_byte_is_a_504_problem_and_its_process_is_gone(serve: MakeUrl) -> None:
    quick = serve(streaming(timeout_s=1))
    pid = quick.post("/echo").json()["pid"]
    assert quick.get("/hang").json()["type"] == "urn:hntai:problem:function-timeout"
    until = time.monotonic() + 3
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.02)
    with pytest.raises(httpx.RemoteProtocolError):
        quick.get("/events", params={"count": 50, "every_s": 0.1})
    assert quick.post("/echo").status_code == 201


def test_client_that_leaves_stops_nothing_and_its_runtime_is_used_again(serve: MakeUrl) -> None:
    alone = serve(streaming())
    pid = alone.post("/echo").json()["pid"]
    with alone.stream("GET", "/events", params={"count": 6, "every_s": 0.2}) as answer:
        next(answer.iter_raw())
    other = alone.post("/echo").json()["pid"]
    assert other != pid, "the first runtime still streams"
    time.sleep(1.5)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(alone.get("/events", params={"count": 2})))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 2
    assert {alone.post("/echo").json()["pid"]} <= {pid, other}


def test_event_over_6_mb_is_a_413_problem_that_names_the_limit(client: httpx.Client) -> None:
    assert client.post("/echo", content=b"\x00" * 4_600_000).json()["size"] == 4_600_000
    answer = client.post("/echo", content=b"\x00" * 4_800_000)
    assert answer.status_code == 413
    assert answer.json()["limit"] == 6_291_556


def test_cors_is_added_where_the_application_adds_none(client: httpx.Client) -> None:
    allowed = client.get("/nope", headers={"Origin": ORIGIN})
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-origin" not in client.get("/nope", headers={"Origin": "http://evil"}).headers
    own = client.get("/with-cors", headers={"Origin": ORIGIN})
    assert own.headers.get_list("access-control-allow-origin") == ["*"]


def test_preflight_is_answered_where_the_application_does_not(client: httpx.Client) -> None:
    asks = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    answer = client.options("/echo", headers=asks)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, ORIGIN)
    assert "last-event-id" in answer.headers["access-control-allow-headers"]
    assert client.options("/echo", headers=asks | {"Origin": "http://evil"}).status_code == 405


def test_taken_port_is_a_configuration_error(client: httpx.Client, leash: Leash, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        FunctionUrl(
            client.base_url.port or 0, streaming(), environment=ENVIRONMENT, leash=leash, log_dir=tmp_path
        )

"""The EHR client against real sockets: slow in every way, failing and recovering, never past its budget."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpcore
import httpx
import pytest

from hntai.adapters import ehr_http
from hntai.adapters.deadline_transport import DeadlineTransport
from hntai.adapters.ehr_budget import MAX_RETRIES
from hntai.adapters.ehr_fhir import FhirEhr
from hntai.domain.errors import EhrRefusedError, EhrTimeoutError, EhrUnavailableError
from hntai.ports import EhrCredentials
from tests.contract.raw_server import Talk, answer, raw_server

CREDENTIALS = EhrCredentials("t-1", "k-1")
WHOLE = b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"p1"}}]}'
BUDGET_S = 0.8


def dripping(what: bytes, every_s: float = 0.05) -> Talk:
    def talk(line: socket.socket, _number: int) -> None:
        for byte in what:
            line.sendall(bytes([byte]))
            time.sleep(every_s)

    return talk


def silent(_line: socket.socket, _number: int) -> None:
    time.sleep(2)


def headers_without_end(line: socket.socket, number: int) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    dripping(b"X-A: b\r\n" * 12)(line, number)


@pytest.mark.parametrize(
    "talk",
    [
        silent,
        headers_without_end,
        dripping(answer(WHOLE)),
        lambda line, number: (line.sendall(answer(WHOLE)[:-60]), dripping(b" " * 60)(line, number))[1],
    ],
    ids=["silence", "headers without end", "headers drop by drop", "body drop by drop"],
)
def test_no_slowness_outlasts_the_budget(talk: Talk) -> None:
    with raw_server(talk) as server:
        began = time.monotonic()
        with pytest.raises(EhrTimeoutError):
            FhirEhr(server.url).fetch("p1", CREDENTIALS, BUDGET_S)
        assert time.monotonic() - began < BUDGET_S + 0.25


def test_pages_and_tries_share_one_budget() -> None:
    """Each answer alone is quick enough; together they are not."""

    def talk(line: socket.socket, number: int) -> None:
        time.sleep(0.15)
        body = b'{"resourceType":"Bundle","link":[{"relation":"next","url":"?page=%d"}]}' % number
        line.sendall(answer(body) if number % 2 else answer(b"", "503 Busy", "Retry-After: 0"))

    with raw_server(talk) as server:
        began = time.monotonic()
        with pytest.raises(EhrTimeoutError):
            FhirEhr(server.url).fetch("p1", CREDENTIALS, BUDGET_S)
        assert time.monotonic() - began < BUDGET_S + 0.25


def scripted(*answers: bytes) -> Talk:
    """One of these on each connection; the last for all further ones."""

    def talk(line: socket.socket, number: int) -> None:
        line.sendall(answers[min(number, len(answers)) - 1])

    return talk


TROUBLE = [
    answer(b"", "500 Oops"),
    answer(b"", "502 Bad Gateway"),
    answer(b"", "503 Busy"),
    answer(b"", "504 Late"),
    answer(b"", "429 Too Many"),
    answer(b"", "408 Slow"),
    answer(WHOLE)[:-20],
    b"HTTP/1.1 200 OK\r\nContent-Le",
    b"not HTTP at all\r\n\r\n",
    b"",
]


@pytest.mark.parametrize("trouble", TROUBLE)
def test_what_may_pass_is_asked_again(trouble: bytes) -> None:
    waits: list[float] = []
    with raw_server(scripted(trouble, trouble, answer(WHOLE))) as server:
        record = FhirEhr(server.url, pause=waits.append).fetch("p1", CREDENTIALS, 5)
        assert len(record.resources) == 1
        assert len(server.requests) == 3
        assert waits == list(ehr_http.RETRY_WAITS_S[:2])


@pytest.mark.parametrize("trouble", TROUBLE)
def test_what_does_not_pass_is_given_up_by_name(trouble: bytes) -> None:
    with raw_server(scripted(trouble)) as server:
        with pytest.raises(EhrUnavailableError):
            FhirEhr(server.url, pause=lambda _: None).fetch("p1", CREDENTIALS, 5)
        assert len(server.requests) == 1 + len(ehr_http.RETRY_WAITS_S)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 406, 409, 412, 415, 422, 431, 451])
def test_other_refusals_are_never_asked_again(status: int) -> None:
    with raw_server(scripted(answer(b"{}", f"{status} No"))) as server:
        with pytest.raises(EhrRefusedError):
            FhirEhr(server.url, pause=lambda _: None).fetch("p1", CREDENTIALS, 5)
        assert len(server.requests) == 1


def test_a_page_that_fails_costs_that_page_and_not_the_record() -> None:
    first = b'{"resourceType":"Bundle","link":[{"relation":"next","url":"?page=2"}]}'
    talk = scripted(answer(first), answer(b"", "503 Busy"), answer(WHOLE))
    with raw_server(talk) as server:
        record = FhirEhr(server.url, pause=lambda _: None).fetch("p1", CREDENTIALS, 5)
        assert len(record.resources) == 1
        assert [request.split()[1].partition(b"?")[2] for request in server.requests] == [
            b"_count=200",
            b"page=2",
            b"page=2",
        ]


def test_tries_of_a_whole_record_are_bounded() -> None:
    """Every page fails once before it is given: no more than the bound is asked again."""

    def talk(line: socket.socket, number: int) -> None:
        body = b'{"resourceType":"Bundle","link":[{"relation":"next","url":"?page=%d"}]}' % number
        line.sendall(answer(body) if number % 2 else answer(b"", "503 Busy"))

    with raw_server(talk) as server:
        with pytest.raises(EhrUnavailableError):
            FhirEhr(server.url, pause=lambda _: None).fetch("p1", CREDENTIALS, 20)
        assert len(server.requests) == 2 * (MAX_RETRIES + 1)


@pytest.mark.parametrize(
    ("written", "least", "most"),
    [
        ("2", 2, 2),
        ("0", 0, 0),
        (timedelta(seconds=30), 1, 30),
        (timedelta(days=-1), 0, 0),
        ("soon", 0.25, 0.25),
        ("-1", 0.25, 0.25),
        ("1.5", 0.25, 0.25),
    ],
)
def test_a_busy_server_is_asked_again_when_it_says(
    written: str | timedelta, least: float, most: float
) -> None:
    if isinstance(written, timedelta):  # from the moment the test runs, not from when it was collected
        written = format_datetime(datetime.now(UTC) + written, usegmt=True)
    waits: list[float] = []
    busy = answer(b"", "429 Too Many", f"Retry-After: {written}")
    with raw_server(scripted(busy, answer(WHOLE))) as server:
        FhirEhr(server.url, pause=waits.append).fetch("p1", CREDENTIALS, 60)
    assert len(waits) == 1
    assert least <= waits[0] <= most


@pytest.mark.parametrize("written", ["60", "999999999999999999", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_a_wait_that_does_not_fit_the_budget_is_not_begun(written: str) -> None:
    waits: list[float] = []
    with raw_server(scripted(answer(b"", "429 Too Many", f"Retry-After: {written}"))) as server:
        with pytest.raises(EhrUnavailableError):
            FhirEhr(server.url, pause=waits.append).fetch("p1", CREDENTIALS, 8)
        assert (len(server.requests), waits) == (1, [])


def test_nobody_listening_is_tried_again_and_then_named() -> None:
    waits: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(EhrUnavailableError):
        FhirEhr(f"http://127.0.0.1:{port}", pause=waits.append).fetch("p1", CREDENTIALS, 5)
    assert waits == list(ehr_http.RETRY_WAITS_S)


def test_a_name_nobody_has_is_named_without_its_name() -> None:
    with pytest.raises(EhrUnavailableError) as raised:
        FhirEhr("http://nobody.invalid", pause=lambda _: None).fetch("p1", CREDENTIALS, 5)
    assert "nobody" not in str(raised.value)


def test_a_host_of_two_addresses_is_reached_by_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(scripted(answer(WHOLE))) as server:
        port = int(server.url.rpartition(":")[2].partition("/")[0])
        places = ["127.0.0.9", "127.0.0.1"]
        monkeypatch.setattr("hntai.adapters.deadline_transport._addresses", lambda _host, _port: places)
        record = FhirEhr(f"http://ehr.test:{port}/fhir").fetch("p1", CREDENTIALS, 5)
        assert len(record.resources) == 1
        assert b"ehr.test" in server.requests[0]


def test_a_handshake_that_never_ends_ends_with_the_budget() -> None:
    def talk(line: socket.socket, number: int) -> None:
        dripping(b"\x16\x03\x03\x40\x00" + b"\x00" * 60)(line, number)

    with raw_server(talk) as server:
        began = time.monotonic()
        with pytest.raises((EhrTimeoutError, EhrUnavailableError)):
            FhirEhr(server.url.replace("http:", "https:")).fetch("p1", CREDENTIALS, BUDGET_S)
        assert time.monotonic() - began < BUDGET_S + 0.25


def test_a_deadline_that_has_passed_sends_nothing() -> None:
    with raw_server(scripted(answer(WHOLE))) as server:
        transport = DeadlineTransport(time.monotonic() - 1, None)
        with httpx.Client(transport=transport) as client, pytest.raises(httpcore.ConnectTimeout):
            client.get(server.url)
        assert server.requests == []

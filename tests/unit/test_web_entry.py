"""The web entry: identity before body, limits, idempotency, problems without an echo, one log line."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import Request

from hntai.contracts.scrub import ScrubRequest
from hntai.domain.errors import HntaiError
from hntai.ports import EntryPorts
from hntai.web.app import create_app, lambda_handler
from hntai.web.guard import MAX_EVENT_BYTES, _smaller_answer
from tests.memory.access import MemoryMetrics
from tests.unit.web_entry import SECRET_WORD, Entry, problem_of


@pytest.fixture
def entry() -> Entry:
    return Entry()


@pytest.fixture
def log(entry: Entry) -> Iterator[io.StringIO]:
    """What is logged meanwhile, line by line."""
    handler = logging.getLogger("hntai").handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    lines = io.StringIO()
    before = handler.setStream(lines)
    yield lines
    handler.setStream(before or sys.stdout)


def test_a_good_call_is_answered_and_counted(entry: Entry) -> None:
    response = entry.post({"text": "hello"})
    assert (response.status_code, response.json()["by"]) == (200, "anna")
    counted = {name: dict(labels) for name, labels in entry.metrics.counts}
    assert counted["hntai_requests_total"] == {"function": "test", "route": "/note", "status": "200"}


def test_an_unknown_caller_is_refused_before_the_body_is_looked_at(entry: Entry) -> None:
    response = entry.post(b"{ broken " + SECRET_WORD.encode(), token="stranger")
    problem_of(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"].startswith("Bearer")
    problem_of(entry.post({"text": "x"}, token=None), 401, "unauthenticated")


def test_a_known_caller_without_the_scope_is_refused(entry: Entry) -> None:
    assert problem_of(entry.post({"text": "x"}, token="reader"), 403, "scope-missing")["scope"] == "scrub"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"text": NaN}',
        b'{"text": "a", "text": "Testpatient"}',
        b'{"text": "\xff"}',
        rb'{"text": "\ud800"}',
    ],
)
def test_a_body_that_is_not_strict_json_is_a_400_or_422(entry: Entry, body: bytes) -> None:
    response = entry.post(body)
    assert response.status_code in (400, 422)
    assert SECRET_WORD not in response.text
    assert entry.calls == 0


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["body.text: missing"]),
        ({"text": 7}, ["body.text: string_type"]),
        ({"text": "x", "copies": "2"}, ["body.copies: int_type"]),
        ({"text": "x", SECRET_WORD: 1}, ["body.(unknown field): extra_forbidden"]),
        ([SECRET_WORD], ["body: model_attributes_type"]),
    ],
)
def test_a_body_off_the_contract_is_a_422_with_paths_and_codes(
    entry: Entry, body: Any, fields: list[str]
) -> None:
    assert problem_of(entry.post(body), 422, "invalid-request")["fields"] == fields


def test_a_parameter_there_is_not_is_a_422_and_not_passed_over(entry: Entry) -> None:
    problem = problem_of(entry.post({"text": "x"}, path=f"/note?{SECRET_WORD}=1"), 422, "invalid-request")
    assert problem["fields"] == ["query.(unknown parameter): extra_forbidden"]
    assert entry.calls == 0


def test_an_event_over_six_megabytes_is_a_413_with_the_limit(entry: Entry) -> None:
    response = entry.post(b'{"text": "' + b"x" * MAX_EVENT_BYTES)
    assert problem_of(response, 413, "event-too-large")["limit_bytes"] == MAX_EVENT_BYTES


def test_an_answer_over_six_megabytes_is_never_sent(entry: Entry) -> None:
    problem_of(entry.post({"text": '"' * 1000, "copies": 3200}), 413, "answer-too-large")


def test_the_advice_for_a_smaller_answer_names_only_fields_of_the_route(entry: Entry) -> None:
    problem = problem_of(entry.post({"text": '"' * 1000, "copies": 3200}), 413, "answer-too-large")
    assert problem["advice"] == "split the text"


def test_who_may_leave_the_entities_out_is_told_so() -> None:
    api = create_app(EntryPorts("test", MemoryMetrics(), ()))

    @api.post("/long")
    def long(request: ScrubRequest) -> None: ...

    (route,) = [route for route in api.routes if getattr(route, "path", "") == "/long"]
    assert '"entities": false' in _smaller_answer(Request({"type": "http", "route": route}))


def test_an_error_of_ours_is_its_problem(entry: Entry) -> None:
    assert problem_of(entry.post({"text": "too long"}), 413, "text-too-long")["limit"] == 10


def test_a_defect_is_a_500_and_its_message_reaches_no_one(
    entry: Entry, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    problem_of(entry.post({"text": "defect"}), 500, "unforeseen")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert SECRET_WORD not in log.getvalue() + "".join(capfd.readouterr())
    failed = next(line for line in lines if line["message"] == "request_failed")
    assert failed["error_class"] == "RuntimeError"
    assert any(frame.startswith("web_entry.py:") for frame in failed["frames"])
    assert entry.post({"text": "well again"}).status_code == 200


def test_unknown_paths_and_methods_are_problems_without_the_path(entry: Entry) -> None:
    problem_of(entry.get(f"/{SECRET_WORD}"), 404, "unknown-path")
    problem_of(entry.get("/note"), 405, "unknown-method")


def test_too_many_calls_are_told_when_to_come_again() -> None:
    entry = Entry(limit=1)
    entry.post({"text": "x"})
    response = entry.post({"text": "x"})
    problem_of(response, 429, "rate-limited")
    assert response.headers["retry-after"] == "7"


def test_a_repeated_key_gets_the_first_answer(entry: Entry) -> None:
    first = entry.post({"text": "x"}, idempotency_key="k")
    again = entry.post({"text": "x"}, idempotency_key="k")
    assert again.json() == first.json() == {"by": "anna", "text": "x", "call": 1}
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    problem_of(entry.post({"text": "y"}, idempotency_key="k"), 422, "idempotency-key-reused")


@pytest.mark.parametrize("body", [{"text": "too long"}, {"text": "defect"}, {"text": 7}, {}])
def test_a_call_that_failed_is_not_remembered(entry: Entry, body: Any) -> None:
    assert entry.post(body, idempotency_key="k").status_code >= 400
    assert entry.post({"text": "good"}, idempotency_key="k").status_code == 200


def form(content: bytes, boundary: str) -> tuple[bytes, dict[str, str]]:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x.wav"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, {"content_type": f"multipart/form-data; boundary={boundary}"}


def post_form(entry: Entry, content: bytes, boundary: str, **headers: str) -> httpx.Response:
    import anyio

    body, sent = form(content, boundary)
    named = {name.replace("_", "-"): value for name, value in {**sent, **headers}.items()}
    named["authorization"] = "Bearer anna"
    return anyio.run(lambda: entry.ask("POST", "/file", content=body, headers=named))


def test_a_form_with_one_file_is_taken_where_the_route_says_so(entry: Entry) -> None:
    assert post_form(entry, b"\xff\x00 bytes", "b1").json()["bytes"] == 8
    body, sent = form(b"x", "b1")
    problem_of(entry.post(body, **sent), 400, "malformed-request")


def test_the_same_file_under_the_same_key_is_one_call_whatever_its_boundary(entry: Entry) -> None:
    first = post_form(entry, b"bytes", "b1", idempotency_key="k")
    again = post_form(entry, b"bytes", "another-one", idempotency_key="k")
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    problem_of(post_form(entry, b"others", "b1", idempotency_key="k"), 422, "idempotency-key-reused")


def test_one_of_several_scopes_is_enough(entry: Entry) -> None:
    assert entry.get("/either", authorization="Bearer anna").status_code == 200
    assert entry.get("/either", authorization="Bearer reader").status_code == 403


def test_open_routes_need_no_identity(entry: Entry) -> None:
    assert entry.get("/open").json() == {"status": "open"}


def test_origins_are_allowed_by_name_only(entry: Entry) -> None:
    good = entry.get("/open", origin="https://app.example")
    assert good.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-origin" not in entry.get("/open", origin="https://evil.example").headers


def test_log_lines_carry_the_routes_template_and_never_the_path(entry: Entry, log: io.StringIO) -> None:
    entry.get(f"/open?name={SECRET_WORD}")
    entry.get(f"/{SECRET_WORD}")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["route"] for line in lines] == ["/open", "unmatched"]
    assert all(SECRET_WORD not in json.dumps(line) for line in lines)


class _Context:
    aws_request_id = "invocation-1"


def test_a_payload_without_http_goes_straight_to_the_task(entry: Entry) -> None:
    handler = lambda_handler(entry.app, lambda payload, request_id: {"got": payload["n"], "id": request_id})
    assert handler({"n": 1}, _Context()) == {"got": 1, "id": "invocation-1"}


def test_a_tasks_unforeseen_error_loses_its_message(entry: Entry) -> None:
    def work(_payload: object, _request_id: str) -> None:
        raise KeyError(SECRET_WORD)

    with pytest.raises(HntaiError) as raised:
        lambda_handler(entry.app, work)({}, _Context())
    assert SECRET_WORD not in str(raised.value)
    assert raised.value.__suppress_context__

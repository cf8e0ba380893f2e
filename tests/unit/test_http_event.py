from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hntai.domain.errors import FunctionUnavailableError
from hntai_local.http_event import HttpRequest, answer_from_payload, request_event, trace_of

NOW = datetime(2026, 11, 23, 21, 46, 9, 500_000, tzinfo=UTC)


def event_of(request: HttpRequest, **path_parameters: str) -> dict[str, Any]:
    return request_event(
        request,
        route_key="POST /phi/scrub",
        path_parameters=path_parameters,
        request_id="r-1",
        trace_id="Root=1-0-0",
        now=NOW,
    )


def test_an_event_has_the_fields_of_format_2() -> None:
    request = HttpRequest(
        "POST",
        "/phi/scrub",
        "a=1&a=2&b=%20x&c=",
        (
            ("Host", "api.local:7860"),
            ("X-Tag", "one"),
            ("x-tag", "two"),
            ("Content-Type", "application/json"),
        ),
        b'{"text": "\xc3\xa9"}',
    )

    event = event_of(request)

    assert event["version"] == "2.0"
    assert event["routeKey"] == "POST /phi/scrub"
    assert event["rawQueryString"] == "a=1&a=2&b=%20x&c="
    assert event["queryStringParameters"] == {"a": "1,2", "b": " x", "c": ""}
    assert event["headers"]["x-tag"] == "one,two"
    assert event["body"] == '{"text": "é"}'
    assert event["isBase64Encoded"] is False
    context = event["requestContext"]
    assert context["http"] == {
        "method": "POST",
        "path": "/phi/scrub",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "",
    }
    assert (context["requestId"], context["stage"], context["domainName"]) == ("r-1", "$default", "api.local")
    assert (context["time"], context["timeEpoch"]) == ("23/Nov/2026:21:46:09 +0000", 1795470369500)


def test_what_is_absent_has_no_key() -> None:
    event = event_of(HttpRequest("GET", "/live", "", ()))
    assert not {"body", "cookies", "queryStringParameters", "pathParameters", "stageVariables"} & set(event)


def test_cookies_leave_the_headers_for_a_list_of_their_own() -> None:
    event = event_of(HttpRequest("GET", "/", "", (("Cookie", "a=1; b=2"), ("cookie", "c=3"))))
    assert event["cookies"] == ["a=1", "b=2", "c=3"]
    assert "cookie" not in event["headers"]


def test_paths_arrive_decoded() -> None:
    event = event_of(HttpRequest("GET", "/jobs/a%20b", "", ()), id="a b")
    assert event["rawPath"] == event["requestContext"]["http"]["path"] == "/jobs/a b"
    assert event["pathParameters"] == {"id": "a b"}


@pytest.mark.parametrize(
    ("content_type", "body", "is_text"),
    [
        ("application/json", b"{}", True),
        ("application/json; charset=utf-8", b"{}", True),
        ("application/fhir+json", b"{}", True),
        ("text/plain", b"x", True),
        ("TEXT/HTML", b"x", True),
        ("application/json", b"\xff\xfe", False),
        ("application/jsonish", b"{}", False),
        ("multipart/form-data; boundary=x", b"--x", False),
        ("application/octet-stream", b"x", False),
        ("image/png; note=text/plain", b"x", False),
        ("", b"{}", False),
    ],
)
def test_only_text_types_travel_as_text(content_type: str, body: bytes, is_text: bool) -> None:
    event = event_of(HttpRequest("POST", "/", "", (("content-type", content_type),), body))
    assert event["isBase64Encoded"] is not is_text
    assert (event["body"].encode() if is_text else base64.b64decode(event["body"])) == body


def test_a_callers_trace_is_kept_and_anything_else_is_not() -> None:
    given = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    kept = HttpRequest("GET", "/", "", (("X-Amzn-Trace-Id", given),))
    odd = HttpRequest("GET", "/", "", (("X-Amzn-Trace-Id", "Testpatient, Anna"),))
    assert trace_of(kept, NOW, "0" * 24) == given
    assert trace_of(odd, NOW, "0" * 24) == f"Root=1-{1795470369:08x}-{0:024x}"


@pytest.mark.parametrize(
    ("value", "status", "headers", "body"),
    [
        ({"statusCode": 201, "headers": {"X-A": "b"}, "body": "ok"}, 201, (("x-a", "b"),), b"ok"),
        ({"statusCode": "204"}, 204, (), b""),
        ({"statusCode": 200, "body": "AAE=", "isBase64Encoded": True}, 200, (), b"\x00\x01"),
        (
            {"statusCode": 200, "cookies": ["a=1", "b=2"]},
            200,
            (("set-cookie", "a=1"), ("set-cookie", "b=2")),
            b"",
        ),
        ({"statusCode": 200, "headers": {"Content-Length": "9", "Connection": "close"}}, 200, (), b""),
        ({"statusCode": 200, "headers": {"n": 5, "t": True}}, 200, (("n", "5"), ("t", "true")), b""),
        ({"statusCode": 200, "body": {"a": 1}}, 200, (), b'{"a": 1}'),
        ({"hello": 1}, 200, (("content-type", "application/json"),), b'{"hello": 1}'),
        ("hello", 200, (("content-type", "application/json"),), b"hello"),
        (None, 200, (("content-type", "application/json"),), b"null"),
    ],
)
def test_answers_become_http(
    value: object, status: int, headers: tuple[tuple[str, str], ...], body: bytes
) -> None:
    answer = answer_from_payload(json.dumps(value).encode())
    assert (answer.status, answer.headers, answer.body) == (status, headers, body)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"<html>",
        b"\xff",
        b'{"statusCode": "many"}',
        b'{"statusCode": 42}',
        b'{"statusCode": 200, "headers": 5}',
        b'{"statusCode": 200, "headers": {"a": "b\\r\\nset-cookie: c"}}',
        b'{"statusCode": 200, "headers": {"a b": "c"}}',
        b'{"statusCode": 200, "body": "%%%", "isBase64Encoded": true}',
        b'{"statusCode": 200, "body": "\\ud800"}',
        b'{"statusCode": 200, "cookies": [5]}',
    ],
)
def test_answers_that_cannot_be_sent_are_refused(payload: bytes) -> None:
    with pytest.raises(FunctionUnavailableError):
        answer_from_payload(payload)

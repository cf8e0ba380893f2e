"""Function URL events as ASGI scopes, and the prelude of an answer."""

from __future__ import annotations

import base64
import json

import pytest

from hntai.runtime.streaming_api import RuntimeInvocation
from hntai.runtime.streaming_event import InvalidEventError, scope_of
from hntai.runtime.streaming_response import prelude
from tests.runtime.recording_api import event


def invocation(value: object) -> RuntimeInvocation:
    return RuntimeInvocation("r", 5, "arn", "t", json.dumps(value).encode())


def test_scope_holds_the_decoded_path_the_raw_query_and_what_lambda_says() -> None:
    scope, body = scope_of(
        invocation(
            event(
                "/jobs/a%2Fb%20c",
                "post",
                "x=1&x=%20",
                headers={"Content-Type": "text/plain", "x-forwarded-proto": "http"},
                body=base64.b64encode(b"\x00\xff").decode(),
                isBase64Encoded=True,
            )
        )
    )
    assert body == b"\x00\xff"
    assert (scope["method"], scope["path"], scope["raw_path"]) == ("POST", "/jobs/a/b c", b"/jobs/a%2Fb%20c")
    assert (scope["query_string"], scope["scheme"]) == (b"x=1&x=%20", "http")
    assert scope["headers"] == [(b"content-type", b"text/plain"), (b"x-forwarded-proto", b"http")]
    assert (scope["aws.request_id"], scope["aws.deadline_ms"], scope["aws.event"]["version"]) == (
        "r",
        5,
        "2.0",
    )


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        "text",
        {"requestContext": {}},
        event() | {"rawPath": None},
        event() | {"isBase64Encoded": True, "body": "not base64!"},
    ],
)
def test_event_that_is_no_function_url_event_is_invalid(value: object) -> None:
    with pytest.raises(InvalidEventError):
        scope_of(invocation(value))


def test_prelude_never_holds_a_nul_byte() -> None:
    made = prelude(
        200, [(b"x-odd", b"a\x00b"), (b"Content-Length", b"5"), (b"Transfer-Encoding", b"chunked")]
    )
    assert b"\0" not in made
    assert json.loads(made) == {"statusCode": 200, "headers": {"x-odd": "a\x00b"}}

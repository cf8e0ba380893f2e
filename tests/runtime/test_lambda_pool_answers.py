"""Errors told from answers that look like them."""

from __future__ import annotations

import json

import pytest

from hntai_local.lambda_answer import read_answer


def error(request_id: str) -> bytes:
    value = {"errorMessage": "m", "errorType": "E", "requestId": request_id, "stackTrace": []}
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("body", "log", "is_error"),
    [
        (error("ours"), b"[ERROR] E: m", True),
        (error("ours"), b"START RequestId: ours", False),
        (error("another"), b"[ERROR] E: m", False),
        (b'{"errorType": "E", "errorMessage": "m"}', b"[ERROR] E: m", False),
        (b'"Task timed out after 1.00 seconds"', b"", False),
        (b"Task timed out after 1.00 seconds", b"", False),
        (b'{"errorMessage": ', b"[ERROR] E: m", False),
        (b"[1]", b"", False),
        (b"null", b"", False),
        (b"", b"", True),
    ],
)
def test_error_is_told_from_an_answer_by_form_request_id_and_log(
    body: bytes, log: bytes, is_error: bool
) -> None:
    answer = read_answer(200, body, request_id="ours", took_s=0.2, timeout_s=1, log_since=lambda: log)
    assert (answer.function_error is not None) is is_error


@pytest.mark.parametrize("body", [b"", b"Bad Gateway", b"3", b'"errorType"', b"{}"])
def test_emulator_answer_that_names_no_error_is_an_error_all_the_same(body: bytes) -> None:
    answer = read_answer(502, body, request_id="ours", took_s=0, timeout_s=1, log_since=bytes)
    assert answer.function_error == "Unhandled"
    assert b'"errorType": "Runtime.Unknown"' in answer.payload

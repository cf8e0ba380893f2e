"""What an invocation came to, told from what the Runtime Interface Emulator sends.

The emulator answers 200 with neither header nor status for errors a function raised and for timeouts,
so an error has to be told from an answer that merely looks like one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

LIMIT_BYTES = 6_291_556
"""Largest event and largest answer of a synchronous invocation.

Source: AWS Lambda Developer Guide, "Lambda quotas" (6 MB), and the number its errors name.
"""

_TIMED_OUT = re.compile(rb"Task timed out after [0-9.]+ seconds")
_RAISED_KEYS = ["errorMessage", "errorType", "requestId", "stackTrace"]
"""The fields of awslambdaric's error, in its order."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One finished invocation."""

    payload: bytes
    function_error: str | None
    """ "Unhandled" when the function failed or timed out; payload then is Lambda's error object."""
    request_id: str = ""


def failed(error_type: str, message: str, request_id: str) -> Invocation:
    """An invocation that Lambda itself reports as failed."""
    said = f"RequestId: {request_id} Error: {message}"
    return _unhandled(json.dumps({"errorType": error_type, "errorMessage": said}).encode(), request_id)


def read_answer(
    status: int,
    body: bytes,
    *,
    request_id: str,
    took_s: float,
    timeout_s: int,
    log_since: Callable[[], bytes],
) -> Invocation:
    """The emulator's answer as Lambda would give it.

    log_since: what the runtime printed since the call began; asked for only in doubt.
    """
    if took_s >= timeout_s - 0.1 and _TIMED_OUT.fullmatch(body):
        return failed("Sandbox.Timedout", body.decode(), request_id)
    if status != 200:
        return _emulator_error(body, request_id)
    if not body:  # what an emulator sends while it is being ended; a function's None is "null"
        return failed("Runtime.ExitError", "The execution environment ended during the call", request_id)
    if len(body) > LIMIT_BYTES:
        message = f"Response payload size ({len(body)} bytes) exceeded the maximum of {LIMIT_BYTES} bytes"
        return failed("Function.ResponseSizeTooLarge", message, request_id)
    if _was_raised(body, request_id, log_since):
        return _unhandled(body, request_id)
    return Invocation(body, None, request_id)


def _was_raised(body: bytes, request_id: str, log_since: Callable[[], bytes]) -> bool:
    """True for an error awslambdaric reported, false for an answer that looks like one.

    The fields, their order and the request id must fit; then the line that awslambdaric prints for
    every error, before it reports it, decides.
    """
    if not body.startswith(b'{"errorMessage": '):
        return False
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    if list(answer) != _RAISED_KEYS or answer["requestId"] != request_id:
        return False
    return f"[ERROR] {answer['errorType']}".encode() in log_since()


def _emulator_error(body: bytes, request_id: str) -> Invocation:
    """Init errors and ended runtimes; the emulator sends these as JSON with status 502."""
    try:
        error = json.loads(body)
    except ValueError:
        error = None
    if isinstance(error, dict) and "errorType" in error:
        return _unhandled(body, request_id)
    return failed("Runtime.Unknown", "No answer", request_id)


def _unhandled(payload: bytes, request_id: str) -> Invocation:
    return Invocation(payload, "Unhandled", request_id)

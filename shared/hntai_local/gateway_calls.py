"""Invoking a function for the gateway, within API Gateway's limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from hntai.domain.errors import EventTooLargeError, FunctionUnavailableError, RateLimitedError
from hntai_local.gateway_problem import RefusedError
from hntai_local.http_event import HttpAnswer, answer_from_payload

PAYLOAD_LIMIT = 6_291_556
"""Of an event, and of an answer. Source: AWS Lambda quotas, 6 MB each, as the service counts it."""
INTEGRATION_LIMIT_S = 30.0
"""Source: API Gateway quotas for HTTP APIs, maximum integration timeout."""
_ENVIRONMENT_WAIT_S = 10.0
"""How long a call waits for a busy function before it is throttled."""
_CALLS = 128
"""Invocations under way at once; more are throttled straight away."""


class Answered(Protocol):
    """What an invocation left: lambda_pool.Invocation."""

    @property
    def payload(self) -> bytes: ...

    @property
    def function_error(self) -> str | None: ...


class Invoker(Protocol):
    """Whoever runs functions: lambda_pool.LambdaPool."""

    def invoke(
        self, name: str, payload: bytes, *, wait_s: float | None = None, trace_id: str = ""
    ) -> Answered: ...


class FunctionCalls:
    """Calls under way, each in a thread of its own."""

    def __init__(self, invoker: Invoker, *, limit_s: float) -> None:
        self._invoker = invoker
        self._limit_s = limit_s
        self._threads = ThreadPoolExecutor(_CALLS, thread_name_prefix="invoke")
        self._running = 0

    async def answer(self, function: str, event: Mapping[str, Any], *, trace_id: str) -> HttpAnswer:
        """What the function answers to this event.

        Raises:
            RefusedError: it gave none that can be sent, or gave it too late.
        """
        payload = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        too_large = RefusedError("event-too-large", limit=PAYLOAD_LIMIT, size=len(payload))
        if len(payload) > PAYLOAD_LIMIT:
            raise too_large
        if self._running >= _CALLS:
            raise _throttled()
        try:
            return _http(await asyncio.wait_for(self._invoke(function, payload, trace_id), self._limit_s))
        except RefusedError:
            raise
        except TimeoutError as error:
            raise RefusedError("function-timeout", limit_s=self._limit_s) from error
        except RateLimitedError as error:
            raise _throttled() from error
        except EventTooLargeError as error:
            raise too_large from error
        except Exception as error:
            raise RefusedError("function-failed") from error

    def close(self) -> None:
        """Starts no more calls; those under way end with their functions."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _invoke(self, function: str, payload: bytes, trace_id: str) -> Answered:
        """Runs to its end even if its caller stops waiting, as on AWS."""
        self._running += 1
        call = asyncio.get_running_loop().run_in_executor(
            self._threads,
            lambda: self._invoker.invoke(function, payload, wait_s=_ENVIRONMENT_WAIT_S, trace_id=trace_id),
        )
        call.add_done_callback(self._ended)
        return await asyncio.shield(call)

    def _ended(self, call: asyncio.Future[Answered]) -> None:
        self._running -= 1
        if not call.cancelled():
            call.exception()  # looked at, so that a late failure is no warning


def _http(invocation: Answered) -> HttpAnswer:
    if invocation.function_error is not None:
        raise RefusedError(_error_slug(invocation.payload))
    if len(invocation.payload) > PAYLOAD_LIMIT:
        raise RefusedError("answer-too-large", limit=PAYLOAD_LIMIT)
    try:
        return answer_from_payload(invocation.payload)
    except FunctionUnavailableError as error:
        raise RefusedError("answer-malformed") from error


def _throttled() -> RefusedError:
    return RefusedError("throttled", headers=(("retry-after", "1"),))


def _error_slug(payload: bytes) -> str:
    """The refusal a failed invocation's errorType stands for. Source: AWS Lambda, runtime error types."""
    try:
        error = json.loads(payload)
    except ValueError:
        return "function-failed"
    name = error.get("errorType") if isinstance(error, dict) else None
    return {
        "Sandbox.Timedout": "function-timeout",
        "Function.ResponseSizeTooLarge": "answer-too-large",
    }.get(str(name), "function-failed")

"""Lambda's Invoke API over whatever runs the functions.

Source: AWS Lambda API Reference, "Invoke".
"""

from __future__ import annotations

import json
import queue
import re
import threading
import uuid
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from hntai.domain.errors import EventTooLargeError, HntaiError, RateLimitedError
from hntai_local.lambda_answer import LIMIT_BYTES
from hntai_local.lambda_pool import FunctionInvoker, Invocation

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_INVOKE = re.compile(r"/2015-03-31/functions/(.+)/invocations")
_ASYNC_LIMIT_BYTES = 1_048_576
"""Largest event of an asynchronous invocation. Source: AWS Lambda Developer Guide, "Lambda quotas"."""
_ASYNC_WAITS_S = (60.0, 120.0)
"""An asynchronous call that fails runs twice more. Source: AWS Lambda Developer Guide, "Error handling
for asynchronous invocation"."""
_ASYNC_WORKERS = 4


class _RefusalError(Exception):
    """An error of the API itself, not of a function: HTTP status, Lambda's name for it, a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


class LambdaInvokeApi:
    """Answers POST .../invocations; asynchronous calls run on a few threads of its own."""

    def __init__(self, pool: FunctionInvoker) -> None:
        self._pool = pool
        self._events: queue.SimpleQueue[tuple[str, bytes] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._workers: list[threading.Thread] = []

    @staticmethod
    def serves(environ: WSGIEnvironment) -> bool:
        """True for requests this API answers."""
        return bool(_INVOKE.fullmatch(environ.get("PATH_INFO", "")))

    def __call__(self, request: Request) -> Response:
        """The invocation's HTTP answer."""
        try:
            return self._invoke(request)
        except _RefusalError as refusal:
            return _refused(refusal)

    def close(self) -> None:
        """Lets asynchronous calls in flight end, and starts no more."""
        self._stopping.set()
        for _ in self._workers:
            self._events.put(None)

    def _invoke(self, request: Request) -> Response:
        name = function_name(request.path)
        payload = request.get_data() or b"{}"
        kind = request.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        _check_json(payload)
        if kind == "RequestResponse":
            return _answered(self._run(request, name, payload))
        if kind not in {"Event", "DryRun"}:
            raise _RefusalError(400, "InvalidParameterValueException", "Unknown InvocationType")
        self._check_known(name)
        if kind == "DryRun":
            return Response(status=204, headers={"x-amzn-RequestId": str(uuid.uuid4())})
        return self._accept(name, payload)

    def _run(self, request: Request, name: str, payload: bytes) -> Invocation:
        try:
            return self._pool.invoke(
                name,
                payload,
                trace_id=request.headers.get("X-Amzn-Trace-Id", ""),
                client_context=request.headers.get("X-Amz-Client-Context", ""),
            )
        except KeyError as error:
            raise _unknown(name) from error
        except EventTooLargeError as error:
            raise _too_large(LIMIT_BYTES) from error
        except RateLimitedError as error:
            raise _RefusalError(429, "TooManyRequestsException", "Rate Exceeded.") from error
        except HntaiError as error:
            raise _RefusalError(500, "ServiceException", "The function could not be run") from error

    def _check_known(self, name: str) -> None:
        names = getattr(self._pool, "names", None)
        if names is not None and name not in names:
            raise _unknown(name)

    def _accept(self, name: str, payload: bytes) -> Response:
        if len(payload) > _ASYNC_LIMIT_BYTES:
            raise _too_large(_ASYNC_LIMIT_BYTES)
        if not self._workers:
            self._workers = [
                threading.Thread(target=self._work, name=f"lambda-async-{n}", daemon=True)
                for n in range(_ASYNC_WORKERS)
            ]
            for worker in self._workers:
                worker.start()
        self._events.put((name, payload))
        return Response(status=202, headers={"x-amzn-RequestId": str(uuid.uuid4())})

    def _work(self) -> None:
        while (event := self._events.get()) is not None and not self._stopping.is_set():
            if not self._succeeds(*event):
                threading.Thread(target=self._retry, args=event, name="lambda-retry", daemon=True).start()

    def _retry(self, name: str, payload: bytes) -> None:
        for wait_s in _ASYNC_WAITS_S:
            if self._stopping.wait(wait_s) or self._succeeds(name, payload):
                return

    def _succeeds(self, name: str, payload: bytes) -> bool:
        """True also where trying again is of no use."""
        try:
            return self._pool.invoke(name, payload).function_error is None
        except KeyError:
            return True
        except HntaiError:
            return False


def function_name(path: str) -> str:
    """The name in an invoke path, which may hold a name, a partial or a full ARN, and a qualifier.

    path: already percent-decoded.
    """
    match = _INVOKE.fullmatch(path)
    assert match is not None
    named = match[1]
    after = named.rsplit("function:", 1)[-1]
    return after.split(":", 1)[0]


def _check_json(payload: bytes) -> None:
    try:
        json.loads(payload)
    except ValueError as error:
        message = "Could not parse request body into json"
        raise _RefusalError(400, "InvalidRequestContentException", message) from error


def _unknown(name: str) -> _RefusalError:
    return _RefusalError(404, "ResourceNotFoundException", f"Function not found: {name}")


def _too_large(limit: int) -> _RefusalError:
    return _RefusalError(413, "RequestTooLargeException", f"Request must be smaller than {limit} bytes")


def _answered(invocation: Invocation) -> Response:
    headers = {"X-Amz-Executed-Version": "$LATEST", "x-amzn-RequestId": invocation.request_id}
    if invocation.function_error is not None:
        headers["X-Amz-Function-Error"] = invocation.function_error
    return Response(invocation.payload, 200, headers, content_type="application/json")


def _refused(refusal: _RefusalError) -> Response:
    headers = {"x-amzn-ErrorType": refusal.code, "x-amzn-RequestId": str(uuid.uuid4())}
    if refusal.status == 429:
        headers["Retry-After"] = "1"
    body = json.dumps({"Type": "User", "Message": refusal.message, "message": refusal.message})
    return Response(body, refusal.status, headers, content_type="application/json")

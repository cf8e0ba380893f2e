"""A Lambda runtime for one ASGI application, with response streaming.

    python -m hntai.runtime.streaming functions.patient_summary.stream:app

It takes invocations from the Lambda Runtime API, one at a time, as function URL events (payload
format 2.0), runs the application on them, and sends each piece of the answer the moment the
application makes it. Lambda tells a runtime neither that a client left nor that time is up: a stream
runs to its end, or until the function's timeout ends the process.

Source: AWS Lambda Developer Guide, "Using the Lambda runtime API" and "Response streaming".
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import signal
import sys
import traceback
from contextlib import suppress

from hntai.runtime.streaming_api import ApiGoneError, RuntimeApi
from hntai.runtime.streaming_asgi import AsgiApp, Lifespan, answer
from hntai.runtime.streaming_event import InvalidEventError, scope_of
from hntai.runtime.streaming_response import ResponseStream


def load(target: str) -> AsgiApp:
    """The application "module:attribute" names.

    Raises:
        ValueError: the target has no such form. Whatever the module's import raises.
    """
    module, _, attribute = target.partition(":")
    if not module or not attribute:
        raise ValueError("expected module:attribute")
    app: AsgiApp = getattr(importlib.import_module(module), attribute)
    return app


async def run(target: str, api: RuntimeApi) -> int:
    """Serves until the Runtime API is gone or we are cancelled; what the process should exit with."""
    try:
        app = load(target)
        lifespan = Lifespan(app)
        await lifespan.startup()
    except Exception as error:
        report("init_failed", error)
        with suppress(ApiGoneError):
            await api.report_init_error(type(error).__name__)
        return 1
    try:
        while True:
            await serve_next(app, api, lifespan.state)
    except ApiGoneError:
        return 1
    finally:
        await lifespan.shutdown()


async def serve_next(app: AsgiApp, api: RuntimeApi, state: dict[str, object]) -> None:
    """Waits for one invocation and answers it, with a report of any error, by its class name only.

    Raises:
        ApiGoneError: the Runtime API does not answer any more.
    """
    invocation = await api.next_invocation()
    os.environ["_X_AMZN_TRACE_ID"] = invocation.trace_id
    response = api.response_to(invocation.request_id)
    try:
        scope, body = scope_of(invocation)
        await answer(app, scope | {"state": dict(state)}, body, response)
    except InvalidEventError as error:
        report("event_refused", error, invocation.request_id)
        await api.report_error(invocation.request_id, "Runtime.InvalidEvent")
    except Exception as error:
        report("stream_failed", error, invocation.request_id)
        await _tell(api, response, invocation.request_id, type(error).__name__)


async def _tell(api: RuntimeApi, response: ResponseStream, request_id: str, error_type: str) -> None:
    """Ends the answer as broken, in the way that is still open."""
    if not response.is_started:
        await api.report_error(request_id, error_type)
    elif not response.is_ended:
        with suppress(OSError):  # a cut line: whether the API is gone, asking for work will show
            await response.fail(error_type)


def report(event: str, error: BaseException, request_id: str = "") -> None:
    """One JSON line on standard error: the error's class and frames, never its message."""
    frames = traceback.extract_tb(error.__traceback__)
    line = {
        "level": "ERROR",
        "event": event,
        "request_id": request_id,
        "error": type(error).__name__,
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    sys.stderr.write(json.dumps(line) + "\n")
    sys.stderr.flush()


async def _main(target: str, address: str) -> int:
    """SIGTERM ends the wait for work, so that the application's shutdown runs."""
    task = asyncio.ensure_future(run(target, RuntimeApi(address)))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return 0


def main() -> int:
    """Runs the application named on the command line, or by _HANDLER."""
    target = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("_HANDLER", "")
    return asyncio.run(_main(target, os.environ["AWS_LAMBDA_RUNTIME_API"]))


if __name__ == "__main__":
    sys.exit(main())

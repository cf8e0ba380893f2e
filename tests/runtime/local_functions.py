"""The sample functions as the local stack would run them."""

from __future__ import annotations

import json
from typing import Any

from hntai_local.lambda_pool import FunctionInvoker
from hntai_local.state_dir import PROJECT_ROOT
from hntai_local.template import LocalFunction

SAMPLES = "tests.runtime.sample_functions"
ENVIRONMENT = {
    "PYTHONPATH": f"{PROJECT_ROOT / 'shared'}:{PROJECT_ROOT}",
    "HNTAI_STAGE": "local",
}


def plain(name: str = "PlainFunction", *, timeout_s: int = 5, module: str = "plain") -> LocalFunction:
    return LocalFunction(name, (f"{SAMPLES}.{module}.handler",), False, timeout_s, 512)


def streaming(app: str = "streamed:app", *, timeout_s: int = 5) -> LocalFunction:
    return LocalFunction("StreamFunction", (f"{SAMPLES}.{app}",), True, timeout_s, 512)


def call(pool: FunctionInvoker, name: str = "PlainFunction", **event: Any) -> Any:
    """The answer of a call that has to succeed."""
    invocation = pool.invoke(name, json.dumps(event).encode())
    assert invocation.function_error is None, invocation.payload
    return json.loads(invocation.payload)


def fail(pool: FunctionInvoker, name: str = "PlainFunction", **event: Any) -> Any:
    """The error of a call that has to fail."""
    invocation = pool.invoke(name, json.dumps(event).encode())
    assert invocation.function_error == "Unhandled", invocation.payload
    return json.loads(invocation.payload)

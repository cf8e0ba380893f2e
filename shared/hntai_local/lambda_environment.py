"""One Lambda execution environment: the Runtime Interface Emulator with one awslambdaric runtime in it."""

from __future__ import annotations

import base64
import http.client
import importlib.util
import os
import platform
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from hntai.domain.errors import ConfigurationError, FunctionUnavailableError
from hntai_local.aws_names import REGION
from hntai_local.lambda_answer import Invocation, failed, read_answer
from hntai_local.leash import Leash
from hntai_local.ports_check import free_port
from hntai_local.state_dir import PROJECT_ROOT
from hntai_local.template import LocalFunction

_INVOKE_PATH = "/2015-03-31/functions/function/invocations"
_START_TRIES = 3
_START_LIMIT_S = 10.0
_INIT_LIMIT_S = 15.0
"""Beyond its timeout a call may need a cold start. Lambda gives the init phase 10 s; we are patient."""


@cache
def emulator() -> Path:
    """The Runtime Interface Emulator that the aws-sam-cli wheel carries for this machine.

    Raises:
        ConfigurationError: the wheel is not installed, or has none for this machine.
    """
    found = importlib.util.find_spec("samcli")
    homes = () if found is None else tuple(found.submodule_search_locations or ())
    suffix = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
    for home in homes:
        binary = Path(home) / "local" / "rapid" / f"aws-lambda-rie-{suffix}"
        if os.access(binary, os.X_OK):
            return binary
    raise ConfigurationError(setting="aws-sam-cli", expected=f"an executable aws-lambda-rie-{suffix}")


def function_environment(function: LocalFunction, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables Lambda itself sets for a function, under the ones given.

    Source: AWS Lambda Developer Guide, "Defined runtime environment variables".
    """
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
        "LANG": "C.UTF-8",
        "TZ": ":UTC",
        "HOME": "/tmp",
        "PYTHONUNBUFFERED": "1",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        **environment,
        "LAMBDA_TASK_ROOT": str(PROJECT_ROOT),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout_s),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_FORMAT": "Text",
    }


class LambdaEnvironment:
    """Runs one call at a time; whoever holds it must not call it from two threads.

    The emulator starts the runtime at the first call, enforces the function's timeout, and starts
    the runtime again after a timeout or an exit. Only an emulator that itself is gone ends us.
    """

    def __init__(
        self,
        function: LocalFunction,
        *,
        environment: Mapping[str, str],
        leash: Leash,
        log: Path,
    ) -> None:
        """Starts the emulator and returns when it listens.

        Raises:
            FunctionUnavailableError: it would not start.
        """
        self._function = function
        self._leash = leash
        self._log = log
        self._variables = function_environment(function, environment)
        self._port = 0
        self._process = self._start()

    @property
    def is_alive(self) -> bool:
        """False once the emulator has ended."""
        return self._process.poll() is None

    def invoke(self, payload: bytes, *, trace_id: str = "", client_context: str = "") -> Invocation:
        """The function's answer, or the error that Lambda would make of what happened."""
        request_id = str(uuid.uuid4())
        headers = {"Content-Type": "application/json", "X-Amzn-RequestId": request_id}
        if trace_id:
            headers["X-Amzn-Trace-Id"] = trace_id
        if client_context:
            headers["X-Amz-Client-Context"] = client_context
        log_offset = self._log.stat().st_size
        began = time.monotonic()
        try:
            status, body = self._post(payload, headers)
        except TimeoutError:
            self.close()
            return failed("Sandbox.Timedout", "Task timed out and its environment was stopped", request_id)
        except (OSError, http.client.HTTPException):
            self.close()
            return failed("Runtime.ExitError", "The execution environment ended during the call", request_id)
        return read_answer(
            status,
            body,
            request_id=request_id,
            took_s=time.monotonic() - began,
            timeout_s=self._function.timeout_s,
            log_since=lambda: _tail(self._log, log_offset),
        )

    def init(self) -> Invocation:
        """Makes the runtime import its handler, without calling it.

        The emulator starts its runtime at the first call and has no switch for earlier. A call with
        a client context that is no JSON is refused by awslambdaric before it reaches the handler;
        what comes back is that refusal, or the error of the import.
        """
        with self._log.open("ab") as log:
            log.write(b"PREWARM: the LambdaContextUnmarshalError that follows is how a runtime is warmed\n")
        return self.invoke(b"{}", client_context=base64.b64encode(b"warm").decode())

    def close(self) -> None:
        """Ends the emulator and its runtime."""
        self._leash.stop(self._process.pid, grace_s=0.2)

    def _post(self, payload: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        patience_s = self._function.timeout_s + _INIT_LIMIT_S
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=patience_s)
        try:
            connection.request("POST", _INVOKE_PATH, payload, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _start(self) -> subprocess.Popen[bytes]:
        """Tries again on other ports: between finding a free one and using it someone may take it."""
        for _ in range(_START_TRIES):
            process = self._spawn()
            if self._listens(process):
                return process
            self._leash.stop(process.pid, grace_s=0.2)
        raise FunctionUnavailableError(function=self._function.name)

    def _spawn(self) -> subprocess.Popen[bytes]:
        self._port = free_port()
        argv = (
            str(emulator()),
            *("--runtime-interface-emulator-address", f"127.0.0.1:{self._port}"),
            *("--runtime-api-address", f"127.0.0.1:{free_port()}"),
            *("--log-level", "error"),
            *(sys.executable, "-m", "awslambdaric", *self._function.command),
        )
        return self._leash.spawn(argv, env=self._variables, cwd=PROJECT_ROOT, log=self._log)

    def _listens(self, process: subprocess.Popen[bytes]) -> bool:
        until = time.monotonic() + _START_LIMIT_S
        while process.poll() is None and time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1.0):
                return True
            time.sleep(0.005)
        return False


def _tail(log: Path, offset: int) -> bytes:
    with log.open("rb") as lines:
        lines.seek(offset)
        return lines.read()

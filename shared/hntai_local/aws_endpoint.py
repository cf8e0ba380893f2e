"""One local AWS endpoint: Lambda on real runtimes, everything else on moto's server."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from hntai_local import moto_shims
from hntai_local.aws_mirror import AwsMirror
from hntai_local.lambda_invoke_api import LambdaInvokeApi
from hntai_local.lambda_pool import FunctionInvoker

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_HOST = "127.0.0.1"
_BACKLOG = 512


class _QuietHandler(MotoRequestHandler):  # type: ignore[misc, unused-ignore]
    """moto's request handling without a log line per request."""

    def log_request(self, *_: object) -> None:
        """Nothing: request lines carry object keys and function names."""


class AwsEndpoint:
    """Serves Lambda's invoke API, Step Functions, S3, SQS, KMS, SSM and Secrets Manager on loopback.

    moto keeps its resources per process, so a process has one endpoint at a time. state_dir holds
    what must outlive it: the anchors bucket and the audit queues, written before a call is answered.
    """

    def __init__(self, port: int, pool: FunctionInvoker, *, state_dir: Path) -> None:
        self._port = port
        self._mirror = AwsMirror(state_dir / "aws")
        self._lambda_api = LambdaInvokeApi(pool)
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server: Any = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """What AWS_ENDPOINT_URL should be; with port 0 it is known after start()."""
        return f"http://{_HOST}:{self._port}"

    def start(self) -> None:
        """Listens when it returns.

        Raises:
            OSError: the port is taken.
        """
        with _listening(self._port) as listener:
            self._port = listener.getsockname()[1]
            self._server = make_server(
                *(_HOST, self._port, self._answer),
                threaded=True,
                request_handler=_QuietHandler,
                fd=listener.fileno(),  # werkzeug keeps a copy, and would exit on a taken port
            )
        os.environ["MOTO_PORT"] = str(self._port)
        moto_shims.install(self.url)
        self._thread = threading.Thread(target=self._server.serve_forever, name="aws-endpoint", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening; may be called again."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
        self._lambda_api.close()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer: Any
        if self._lambda_api.serves(environ):
            answer = self._lambda_api(Request(environ))
        elif self._mirror.minds(environ):
            answer = Response.from_app(self._moto, environ, buffered=True)
            if answer.status_code < 300:
                self._mirror.keep(environ)
        else:
            answer = self._moto
        chunks: Iterable[bytes] = answer(environ, start_response)
        return chunks


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener

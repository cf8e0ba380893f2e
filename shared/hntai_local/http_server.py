"""An ASGI application on a loopback port, in a thread of this process, with patience that ends."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import uuid
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from hntai.domain.errors import ConfigurationError

_HEAD_S = 10.0
"""A client's time for its request line and headers."""
_HEAD_BYTES = 65_536
_START_S = 10.0
_BACKLOG = 1024


class HttpServer:
    """Listens from construction on, so a taken port shows at once; serves from start() to close()."""

    def __init__(self, app: Callable[..., Any], port: int, *, setting: str) -> None:
        """Takes the port.

        setting: what the message names if it cannot.

        Raises:
            ConfigurationError: the port is taken.
        """
        self._socket = _listen(port, setting)
        self.port = int(self._socket.getsockname()[1])
        config = uvicorn.Config(
            app,
            http=_TimedProtocol,
            ws="none",
            lifespan="off",
            loop="asyncio",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            h11_max_incomplete_event_size=_HEAD_BYTES,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name=setting, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when requests are answered."""
        self._thread.start()
        pause = threading.Event()
        for _ in range(int(_START_S / 0.005)):
            if self._server.started or not self._thread.is_alive():
                return
            pause.wait(0.005)

    def close(self) -> None:
        """Stops listening, gives running requests 2 s, ends the thread. May be called again."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=5.0)
        self._socket.close()

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))


class _TimedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1; a head that is late closes the line, and what is not HTTP gets a problem."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing() or self.conn.their_state is not h11.IDLE:
            self._stop_timer()
        elif self._head_timer is None:
            self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answers what is not HTTP; msg is uvicorn's sentence and not needed."""
        del msg
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.close()
            return
        request_id = str(uuid.uuid4())
        body = json.dumps(
            {
                "type": "urn:hntai:problem:bad-request",
                "title": "The request is not valid HTTP",
                "status": 400,
                "instance": request_id,
            }
        ).encode()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"x-request-id", request_id.encode()),
            (b"connection", b"close"),
        ]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _expect_head(self) -> None:
        self._head_timer = self.loop.call_later(_HEAD_S, self.transport.close)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


def _listen(port: int, setting: str) -> socket.socket:
    """A listening socket; asyncio sends without delay (TCP_NODELAY) only on one that says it is TCP."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(setting=setting, expected=f"a free port, but {port} is taken") from error
    listener.listen(_BACKLOG)
    return listener

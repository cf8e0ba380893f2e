"""A server on the loopback that says exactly what a test wants, byte by byte, and counts who came."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Talk = Callable[[socket.socket, int], None]
"""Speaks on one connection; the number is the connection's, from 1. The request has been read."""


class RawServer:
    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.requests: list[bytes] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/fhir"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                with line, suppress(OSError):
                    self.requests.append(line.recv(65536))
                    self._talk(line, len(self.requests))


@contextmanager
def raw_server(talk: Talk) -> Iterator[RawServer]:
    server = RawServer(talk)
    try:
        yield server
    finally:
        server.close()


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A whole answer that ends its connection."""
    head = [f"HTTP/1.1 {status}", "Content-Type: application/fhir+json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "Connection: close", *headers, "", ""]).encode() + body

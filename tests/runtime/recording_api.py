"""A Lambda Runtime API that writes down what a streaming runtime sends, byte by byte."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hntai_local.state_dir import PROJECT_ROOT
from tests.runtime.local_functions import ENVIRONMENT, SAMPLES


def event(path: str = "/events", method: str = "GET", query: str = "", **more: Any) -> dict[str, Any]:
    http = {"method": method, "path": path, "sourceIp": "127.0.0.1"}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": "localhost"},
        "requestContext": {"domainName": "localhost", "http": http},
        "isBase64Encoded": False,
        **more,
    }


@dataclass
class RecordingApi:
    """Hands out events and keeps each request's raw bytes with their times of arrival."""

    events: list[dict[str, Any]]
    seen: list[tuple[str, list[tuple[float, bytes]]]] = field(default_factory=list)
    port: int = 0

    async def serve(self, app: str, log: Path) -> int:
        """Runs the runtime until all events are answered and it asks for one more, or it exits."""
        self._all_done = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        with log.open("wb") as sink:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "hntai.runtime.streaming", f"{SAMPLES}.{app}"),
                env={**ENVIRONMENT, "PATH": os.defpath, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.port}"},
                cwd=PROJECT_ROOT,
                stderr=sink,
            )
        ended = asyncio.ensure_future(process.wait())
        done = asyncio.ensure_future(self._all_done.wait())
        await asyncio.wait({ended, done}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
        server.close()
        for writer in self._writers:
            writer.close()
        code = await asyncio.wait_for(ended, 5)
        done.cancel()
        await server.wait_closed()
        return code

    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        pieces: list[tuple[float, bytes]] = []
        self.seen.append((head, pieces))
        if head.startswith("GET"):
            await self._next(reader, writer)
            return
        if "transfer-encoding: chunked" in head.lower():
            while (
                not pieces
                or not pieces[-1][1].endswith(b"\r\n\r\n")
                or b"\r\n0\r\n" not in b"\r\n" + pieces[-1][1]
            ):
                piece = await reader.read(65536)
                if not piece:
                    break
                pieces.append((time.time(), piece))
        else:
            length = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
            pieces.append((time.time(), await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def _next(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.events:
            self._all_done.set()
            await reader.read()
            return
        body = json.dumps(self.events.pop(0)).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id-1\r\nLambda-Runtime-Deadline-Ms: 9\r\n"
            b"Lambda-Runtime-Trace-Id: Root=1-2-3\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"%x\r\n%b\r\n0\r\n\r\n"
            % (len(body), body)
        )
        await writer.drain()
        writer.close()

    def posts(self) -> list[tuple[str, bytes]]:
        return [
            (head, b"".join(piece for _, piece in pieces))
            for head, pieces in self.seen
            if head.startswith("POST")
        ]


def dechunked(raw: bytes) -> tuple[bytes, bytes]:
    """Body and trailers."""
    body = b""
    while True:
        size, _, raw = raw.partition(b"\r\n")
        if int(size, 16) == 0:
            return body, raw
        body, raw = body + raw[: int(size, 16)], raw[int(size, 16) + 2 :]


def run(app: str, *events: dict[str, Any], log: Path) -> tuple[RecordingApi, int]:
    api = RecordingApi(list(events))
    return api, asyncio.run(api.serve(app, log))

"""The Lambda Runtime API as a client over plain asyncio streams.

Source: AWS Lambda Developer Guide, "Using the Lambda runtime API" (version 2018-06-01).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

from hntai.runtime.streaming_response import ResponseStream

_ROOT = "/2018-06-01/runtime"
_ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
_HEAD_LIMIT = 1_048_576
"""Client contexts and trace headers arrive as headers; this is far above what Lambda sends."""


class ApiGoneError(ConnectionError):
    """The Runtime API broke off or refused us; this runtime has nothing left to do."""


@dataclass(frozen=True, slots=True)
class RuntimeInvocation:
    """One invocation as the Runtime API hands it out."""

    request_id: str
    deadline_ms: int
    """Unix time in milliseconds at which Lambda ends this process."""
    function_arn: str
    trace_id: str
    event: bytes
    """JSON."""


class RuntimeApi:
    """address: host:port, as AWS_LAMBDA_RUNTIME_API gives it. Each call is a connection of its own."""

    def __init__(self, address: str) -> None:
        self._host, _, port = address.rpartition(":")
        self._port = int(port)

    async def next_invocation(self) -> RuntimeInvocation:
        """Waits, as long as it takes, for the next invocation.

        Raises:
            ApiGoneError: the Runtime API broke off.
        """
        status, headers, body = await self._call("GET", f"{_ROOT}/invocation/next")
        if status != HTTPStatus.OK or "lambda-runtime-aws-request-id" not in headers:
            raise ApiGoneError
        return RuntimeInvocation(
            request_id=headers["lambda-runtime-aws-request-id"],
            deadline_ms=int(headers.get("lambda-runtime-deadline-ms", "0")),
            function_arn=headers.get("lambda-runtime-invoked-function-arn", ""),
            trace_id=headers.get("lambda-runtime-trace-id", ""),
            event=body,
        )

    def response_to(self, request_id: str) -> ResponseStream:
        """The stream that answers this invocation; nothing is sent before its start()."""
        path = f"{_ROOT}/invocation/{request_id}/response"
        return ResponseStream(self._connect, host=f"{self._host}:{self._port}", path=path)

    async def report_error(self, request_id: str, error_type: str) -> None:
        """Answers an invocation, of which nothing was sent, with an error."""
        await self._report(f"{_ROOT}/invocation/{request_id}/error", error_type)

    async def report_init_error(self, error_type: str) -> None:
        """Says that this runtime cannot start."""
        await self._report(f"{_ROOT}/init/error", error_type)

    async def _report(self, path: str, error_type: str) -> None:
        """The class name only: a message may hold text from a request."""
        body = json.dumps({"errorType": error_type, "errorMessage": "", "stackTrace": []}).encode()
        await self._call("POST", path, body, {_ERROR_TYPE: error_type, "Content-Type": "application/json"})

    async def _call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        sent = {"Host": f"{self._host}:{self._port}", "Connection": "close", **(headers or {})}
        if method == "POST":
            sent["Content-Length"] = str(len(body))
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
        async with self._connection() as (reader, writer):
            writer.write("\r\n".join((*lines, "", "")).encode("latin-1") + body)
            await writer.drain()
            status, received = await read_head(reader)
            return status, received, await _read_body(reader, received)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await self._connect()
        try:
            yield reader, writer
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            raise ApiGoneError from error
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            return await asyncio.open_connection(self._host, self._port, limit=_HEAD_LIMIT)
        except OSError as error:
            raise ApiGoneError from error


async def read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """Status and headers (names in lower case) of the HTTP/1.1 answer that comes next.

    Raises:
        asyncio.IncompleteReadError: it ended early.
        ValueError: it is no HTTP.
    """
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines[1:] if line)
    return int(lines[0].split(" ", 2)[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return await _read_chunks(reader)
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    return await reader.read()


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    chunks = bytearray()
    while size := int((await reader.readline()).partition(b";")[0], 16):
        chunks += await reader.readexactly(size)
        await reader.readexactly(2)
    return bytes(chunks)

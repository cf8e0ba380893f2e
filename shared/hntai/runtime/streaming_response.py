"""One streamed answer to the Lambda Runtime API.

The body is a JSON prelude with status, headers and cookies, eight NUL bytes, then the answer's own
body; errors after the first byte travel as trailers behind the last chunk.

Source: AWS Lambda Developer Guide, "Using the Lambda runtime API" and "Response streaming", and the
Node.js runtime interface client, which writes the same bytes.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Sequence

Header = tuple[bytes, bytes]
Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]

PRELUDE_TYPE = "application/vnd.awslambda.http-integration-response"
PRELUDE_END = b"\0" * 8
ERROR_TYPE_TRAILER = "Lambda-Runtime-Function-Error-Type"
ERROR_BODY_TRAILER = "Lambda-Runtime-Function-Error-Body"
_LAMBDAS_OWN = {b"content-length", b"transfer-encoding", b"connection", b"set-cookie"}
"""Headers that go another way: framing is Lambda's, cookies have a field of their own."""


class ResponseStream:
    """start(), then write() as often as there is something, then end() or fail().

    Each write leaves at once: asyncio sets TCP_NODELAY, and nothing here gathers. Every method
    raises OSError when the other side is gone.
    """

    def __init__(self, connect: Connect, *, host: str, path: str) -> None:
        self._connect = connect
        self._host = host
        self._path = path
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self.ended = asyncio.Event()

    @property
    def is_ended(self) -> bool:
        """True once nothing more can be sent."""
        return self.ended.is_set()

    @property
    def is_started(self) -> bool:
        """True once anything was sent: an error can then only be a trailer."""
        return self._writer is not None

    async def start(self, status: int, headers: Sequence[Header]) -> None:
        """Sends status and headers, so that a client has them before the first byte of the body."""
        self._reader, self._writer = await self._connect()
        head = (
            f"POST {self._path} HTTP/1.1",
            f"Host: {self._host}",
            "Lambda-Runtime-Function-Response-Mode: streaming",
            f"Content-Type: {PRELUDE_TYPE}",
            "Transfer-Encoding: chunked",
            f"Trailer: {ERROR_TYPE_TRAILER}, {ERROR_BODY_TRAILER}",
            "Connection: close",
        )
        self._writer.write("\r\n".join((*head, "", "")).encode("latin-1"))
        await self.write(prelude(status, headers) + PRELUDE_END)

    async def write(self, data: bytes) -> None:
        """Sends these bytes now; none at all are not sent, as an empty chunk would end the answer."""
        if data:
            await self._send(b"%x\r\n%b\r\n" % (len(data), data))

    async def end(self) -> None:
        """Ends the answer and waits until the Runtime API took it."""
        await self._finish(b"0\r\n\r\n")

    async def fail(self, error_type: str) -> None:
        """Ends the answer as broken; the client sees its stream cut.

        error_type: a class name. There is no way to say more, so no message can leak.
        """
        body = json.dumps({"errorType": error_type, "errorMessage": "", "stackTrace": []}).encode()
        await self._finish(
            b"0\r\n%b: %b\r\n%b: %b\r\n\r\n"
            % (
                ERROR_TYPE_TRAILER.encode(),
                error_type.encode("ascii", "replace"),
                ERROR_BODY_TRAILER.encode(),
                base64.b64encode(body),
            )
        )

    async def _finish(self, tail: bytes) -> None:
        self.ended.set()
        await self._send(tail)
        assert self._reader is not None
        assert self._writer is not None
        await self._reader.read()
        self._writer.close()

    async def _send(self, data: bytes) -> None:
        assert self._writer is not None
        if self._writer.is_closing():
            raise ConnectionResetError
        self._writer.write(data)
        await self._writer.drain()


def prelude(status: int, headers: Sequence[Header]) -> bytes:
    """The JSON that opens the answer; it holds no NUL byte, as JSON escapes control characters.

    Headers of one name are joined by commas (RFC 9110, section 5.3), cookies are a list.
    """
    joined: dict[str, str] = {}
    for name, value in headers:
        if name.lower() not in _LAMBDAS_OWN:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            joined[key] = f"{joined[key]}, {text}" if key in joined else text
    cookies = [value.decode("latin-1") for name, value in headers if name.lower() == b"set-cookie"]
    answer: dict[str, object] = {"statusCode": status, "headers": joined}
    return json.dumps(answer | ({"cookies": cookies} if cookies else {})).encode()

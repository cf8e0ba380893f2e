"""HTTP requests as the events API Gateway's HTTP API sends on, and functions' answers as HTTP.

Source: API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs",
payload format version 2.0.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from hntai.domain.errors import FunctionUnavailableError

ACCOUNT_ID = "123456789012"
"""moto's account, so that every local ARN agrees."""
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
_TEXT_TYPE = re.compile(
    r"text/|application/(?:json|xml|javascript|[\w.\-]+\+(?:json|xml))\s*(?:;|$)", re.ASCII | re.IGNORECASE
)
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""Source: RFC 9110, section 5.6.2, token."""
_HEADER_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_TRACE = re.compile(r"(?:(?:Root|Self|Parent|Sampled|Lineage)=[\w.:|-]{1,128};?){1,6}", re.ASCII)

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it came in, body complete."""

    method: str
    raw_path: str
    """Still percent-encoded, without the query."""
    query: str
    headers: tuple[Header, ...]
    """In order, as sent; one name may stand several times."""
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"

    def header(self, name: str) -> str:
        """The values of one header, comma-joined; empty if there is none."""
        return ",".join(value for key, value in self.headers if key.lower() == name)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A response ready to be sent; content-length is the sender's business."""

    status: int
    headers: tuple[Header, ...]
    body: bytes


def request_event(
    request: HttpRequest,
    *,
    route_key: str,
    path_parameters: Mapping[str, str],
    request_id: str,
    trace_id: str,
    now: datetime,
) -> dict[str, Any]:
    """The version 2.0 event for this request, with the headers API Gateway adds.

    The path is decoded, as HTTP APIs send it; absent parts (cookies, query, parameters, body) have no key.
    """
    headers = _joined(request.headers)
    forwarded = [part for part in (headers.get("x-forwarded-for", ""), request.source_ip) if part]
    headers |= {
        "x-forwarded-for": ", ".join(forwarded),
        "x-forwarded-proto": "http",
        "x-amzn-trace-id": trace_id,
    }
    cookies = [part.strip() for part in headers.pop("cookie", "").split(";") if part.strip()]
    path = unquote(request.raw_path)
    host = headers.get("host", "localhost")
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT_ID,
            "apiId": "local",
            "domainName": host.rsplit(":", 1)[0],
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": path,
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": route_key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if request.query:
        event["queryStringParameters"] = _joined(
            tuple(parse_qsl(request.query, keep_blank_values=True)), False
        )
    if path_parameters:
        event["pathParameters"] = dict(path_parameters)
    if request.body:
        event["body"], event["isBase64Encoded"] = _body(request.body, headers.get("content-type", ""))
    return event


def trace_of(request: HttpRequest, now: datetime, unique: str) -> str:
    """The caller's X-Ray trace, or a new one. unique: 24 hexadecimal digits.

    Source: AWS X-Ray developer guide, trace ids.
    """
    given = request.header("x-amzn-trace-id")
    return given if _TRACE.fullmatch(given) else f"Root=1-{int(now.timestamp()):08x}-{unique}"


def answer_from_payload(payload: bytes) -> HttpAnswer:
    """What a function's answer means in HTTP: its statusCode form, or any other JSON value as a 200.

    Raises:
        FunctionUnavailableError: it is no JSON, or no answer API Gateway could send.
    """
    try:
        value = json.loads(payload)
        if isinstance(value, dict) and "statusCode" in value:
            return _structured(value)
        text = value if isinstance(value, str) else json.dumps(value)
        return HttpAnswer(200, (("content-type", "application/json"),), text.encode())
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise FunctionUnavailableError(reason="malformed answer") from error


def _joined(pairs: tuple[Header, ...], lower: bool = True) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower() if lower else name
        glue = ";" if key == "cookie" and lower else ","
        joined[key] = f"{joined[key]}{glue}{value}" if key in joined else value
    return joined


def _body(body: bytes, content_type: str) -> tuple[str, bool]:
    """Text types as text, all else (and text that is not UTF-8) as base64, with True."""
    if _TEXT_TYPE.match(content_type):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def _structured(value: Mapping[str, Any]) -> HttpAnswer:
    status = int(value["statusCode"])
    if not 200 <= status <= 599:
        raise ValueError("statusCode")
    headers = [
        _checked(str(name).lower(), _text(content))
        for name, content in (value.get("headers") or {}).items()
        if str(name).lower() not in _HOP_BY_HOP | {"content-length"}
    ]
    headers += [_checked("set-cookie", cookie) for cookie in value.get("cookies") or ()]
    body = value.get("body")
    if body is None:
        return HttpAnswer(status, tuple(headers), b"")
    text = body if isinstance(body, str) else json.dumps(body)
    if value.get("isBase64Encoded"):
        return HttpAnswer(status, tuple(headers), base64.b64decode(text, validate=True))
    return HttpAnswer(status, tuple(headers), text.encode())


def _text(content: object) -> str:
    return str(content).lower() if isinstance(content, bool) else str(content)


def _checked(name: str, value: str) -> Header:
    if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
        raise ValueError("header")
    value.encode("latin-1")
    return name, value

"""Function URL events as ASGI scopes.

Source: AWS Lambda Developer Guide, "Invoking Lambda function URLs", request payload format 2.0.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from urllib.parse import quote, unquote

from hntai.runtime.streaming_api import RuntimeInvocation

_URL_SAFE = "/!$&'()*+,;=:@%~"
"""What may stand in a path unescaped. Source: RFC 3986, section 3.3; % keeps escapes that are there."""


class InvalidEventError(Exception):
    """The event is not one of a function URL."""


def scope_of(invocation: RuntimeInvocation) -> tuple[dict[str, Any], bytes]:
    """The ASGI HTTP scope and the request body of an invocation.

    Beside ASGI's own keys the scope holds "aws.event", "aws.request_id", "aws.function_arn",
    "aws.trace_id" and "aws.deadline_ms" (Unix time; then Lambda ends the process).

    Raises:
        InvalidEventError: it is no payload of format 2.0.
    """
    try:
        event = json.loads(invocation.event)
        http = event["requestContext"]["http"]
        path = event["rawPath"]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": http["method"].upper(),
            "scheme": (event.get("headers") or {}).get("x-forwarded-proto", "https"),
            "path": unquote(path),
            "raw_path": quote(path, safe=_URL_SAFE).encode("ascii"),
            "query_string": event.get("rawQueryString", "").encode("latin-1"),
            "root_path": "",
            "headers": _headers(event),
            "client": (http.get("sourceIp", ""), 0),
            "server": (event["requestContext"].get("domainName", "localhost"), 443),
            "aws.event": event,
            "aws.request_id": invocation.request_id,
            "aws.function_arn": invocation.function_arn,
            "aws.trace_id": invocation.trace_id,
            "aws.deadline_ms": invocation.deadline_ms,
        }
        return scope, _body(event)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise InvalidEventError from error


def _headers(event: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    """Lambda joins headers of one name by commas, and takes cookies out of them."""
    pairs = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in (event.get("headers") or {}).items()
    ]
    if event.get("cookies"):
        pairs.append((b"cookie", "; ".join(event["cookies"]).encode("latin-1", "replace")))
    return pairs


def _body(event: dict[str, Any]) -> bytes:
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        return base64.b64decode(body, validate=True)
    return str(body).encode()

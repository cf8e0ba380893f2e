"""Cross-origin headers for a function that sends none of its own.

Source: Fetch Standard, "CORS protocol".
"""

from __future__ import annotations

from collections.abc import Sequence

from hntai_local.http_event import Header, HttpRequest

_METHODS = "GET, POST, OPTIONS"
_HEADERS = "authorization, content-type, idempotency-key, last-event-id, x-api-key, x-request-id"
_EXPOSED = "location, retry-after, x-job-id, x-request-id, x-amzn-requestid"


class Cors:
    """What a function URL with a CORS configuration adds for these origins."""

    def __init__(self, origins: Sequence[str]) -> None:
        self._origins = frozenset(origins)

    def added(self, request: HttpRequest, headers: Sequence[Header]) -> tuple[Header, ...]:
        """The headers to add to an answer; none if it has its own, or the origin is not allowed."""
        origin = request.header("origin")
        if origin not in self._origins or _has_own(headers):
            return ()
        return (
            ("access-control-allow-origin", origin),
            ("access-control-expose-headers", _EXPOSED),
            ("vary", "Origin"),
        )

    def answers_preflight(self, request: HttpRequest, headers: Sequence[Header]) -> bool:
        """True for a preflight from an allowed origin that the function did not understand."""
        asks = request.method == "OPTIONS" and bool(request.header("access-control-request-method"))
        return asks and request.header("origin") in self._origins and not _has_own(headers)

    def preflight(self, request: HttpRequest, request_id: str) -> tuple[Header, ...]:
        """The headers of our own answer to it."""
        return (
            ("access-control-allow-origin", request.header("origin")),
            ("access-control-allow-methods", _METHODS),
            ("access-control-allow-headers", _HEADERS),
            ("access-control-max-age", "600"),
            ("vary", "Origin"),
            ("x-amzn-requestid", request_id),
        )


def _has_own(headers: Sequence[Header]) -> bool:
    return any(name.lower() == "access-control-allow-origin" for name, _ in headers)

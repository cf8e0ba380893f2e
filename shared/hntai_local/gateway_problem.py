"""The gateway's own refusals, as RFC 9457 problems that repeat nothing of the request."""

from __future__ import annotations

import json

from hntai_local.http_event import Header, HttpAnswer

_TITLES = {
    "bad-request": (400, "The request is not valid HTTP"),
    "unknown-resource": (404, "There is no such resource"),
    "method-not-allowed": (405, "This resource does not take that method"),
    "request-timeout": (408, "The request was not complete in time"),
    "event-too-large": (413, "The request event is larger than the limit"),
    "body-too-large": (413, "The request body is larger than the limit"),
    "throttled": (429, "Every environment of the function is busy"),
    "headers-too-large": (431, "The request's headers are larger than the limit"),
    "function-failed": (502, "The function failed"),
    "answer-malformed": (502, "The function's answer cannot be sent"),
    "answer-too-large": (502, "The function's answer is larger than the limit"),
    "function-timeout": (504, "The function did not answer within the limit"),
}


class RefusedError(Exception):
    """Ends a request with one of the refusals above.

    headers: what the answer carries beside its type. members: limits and sizes.
    """

    def __init__(self, slug: str, *, headers: tuple[Header, ...] = (), **members: float) -> None:
        super().__init__(slug)
        self.slug = slug
        self.headers = headers
        self.members = members


def problem(refusal: RefusedError, request_id: str) -> HttpAnswer:
    """The refusal as an answer."""
    status, title = _TITLES[refusal.slug]
    body = {
        "type": f"urn:hntai:problem:{refusal.slug}",
        "title": title,
        "status": status,
        "instance": request_id,
        **refusal.members,
    }
    headers = (("content-type", "application/problem+json"), *refusal.headers)
    return HttpAnswer(status, headers, json.dumps(body).encode())

"""Errors as RFC 9457 problems: ids, counts and limits, never a word of what was sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hntai.domain import errors
from hntai.domain.errors import HntaiError

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[HntaiError], int] = {
    errors.ConfigurationError: 500,
    errors.MalformedRequestError: 400,
    errors.InvalidRequestError: 422,
    errors.TextTooLongError: 413,
    errors.EventTooLargeError: 413,
    errors.AnswerTooLargeError: 413,
    errors.ResourceUnknownError: 404,
    errors.ModelUnknownError: 422,
    errors.StreamingUnavailableError: 400,
    errors.EventIdUnknownError: 400,
    errors.IdempotencyKeyReusedError: 422,
    errors.IdempotencyInProgressError: 409,
    errors.RateLimitedError: 429,
    errors.MalformedFormError: 400,
    errors.UploadMissingError: 409,
    errors.UploadTooLargeError: 413,
    errors.AudioTypeUnknownError: 415,
    errors.AudioTooLongError: 413,
    errors.AudioUnreadableError: 422,
    errors.DocumentTypeUnknownError: 415,
    errors.DocumentTooLongError: 413,
    errors.DocumentUnreadableError: 422,
    errors.UnauthenticatedError: 401,
    errors.ScopeMissingError: 403,
    errors.DatabaseUnavailableError: 503,
    errors.AuditUnavailableError: 503,
    errors.CacheUnavailableError: 503,
    errors.SealingUnavailableError: 503,
    errors.WorkflowUnavailableError: 503,
    errors.FunctionUnavailableError: 503,
    errors.SecretUnavailableError: 503,
    errors.KeySetUnavailableError: 503,
    errors.BlobsUnavailableError: 503,
    errors.StackUnreachableError: 503,
    errors.EhrUnavailableError: 502,
    errors.EhrTimeoutError: 504,
    errors.EhrRefusedError: 502,
    errors.EhrPatientUnknownError: 404,
    errors.EhrAnswerInvalidError: 502,
    errors.EhrAnswerTooLargeError: 502,
    errors.EhrWrongPatientError: 502,
    errors.AuditChainBrokenError: 500,
    errors.AuditAnchorForgedError: 500,
    errors.RecognizerBudgetError: 503,
    errors.TaggerError: 500,
    errors.ModelFailedError: 503,
    errors.PromptTooLongError: 500,
    errors.RecordMissingError: 500,
    errors.StoredRecordMissingError: 502,
    errors.BulkRunningError: 409,
    errors.RunTimedOutError: 504,
    errors.UnexpectedStepError: 500,
}
"""The HTTP status of every leaf; a test holds it to the error tree."""

_TITLES = {404: "There is no such path", 405: "This path does not take this method", 400: "Bad request"}


def problem(error: HntaiError, instance: str | None = None) -> dict[str, Any]:
    """The members of the problem. instance: the request id."""
    members: dict[str, Any] = {
        "type": f"urn:hntai:problem:{error.slug}",
        "title": error.title,
        "status": STATUS[type(error)],
        **error.details,
    }
    return members if instance is None else {**members, "instance": instance}


def problem_of(error_name: str, instance: str | None = None) -> dict[str, Any]:
    """The same for an error known only by its class name, as a finished run keeps it."""
    return problem(errors.leaf_named(error_name)(), instance)


def respond(error: HntaiError, instance: str) -> Response:
    """The problem as an answer, with the headers its status asks for."""
    return _response(problem(error, instance), _headers(error))


def handle_error(request: Request, error: Exception) -> Response:
    """What FastAPI calls for every error of ours."""
    assert isinstance(error, HntaiError)
    return respond(error, _instance(request))


def handle_validation(request: Request, error: Exception) -> Response:
    """Where the request broke the contract: field paths and codes, allowed fields, nothing sent."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    return respond(errors.InvalidRequestError(fields=field_paths(found)), _instance(request))


def handle_http(request: Request, error: Exception) -> Response:
    """Unknown paths and methods."""
    assert isinstance(error, HTTPException)
    slug = {404: "unknown-path", 405: "unknown-method"}.get(error.status_code, "bad-request")
    members = {
        "type": f"urn:hntai:problem:{slug}",
        "title": _TITLES.get(error.status_code, "Bad request"),
        "status": error.status_code,
        "instance": _instance(request),
    }
    return _response(members, dict(error.headers or {}))


def handle_unforeseen(request: Request, _error: Exception) -> Response:
    """A defect of ours."""
    members = {
        "type": "urn:hntai:problem:unforeseen",
        "title": "Something went wrong on our side",
        "status": 500,
        "instance": _instance(request),
    }
    return _response(members, {})


def field_paths(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """`path: code` of each error; of an unknown field only the place, since its name was sent."""
    shown = []
    for entry in found[:50]:
        path = list(entry["loc"])
        if entry["type"] == "extra_forbidden":
            path = [*path[:-1], "(unknown field)"]
        shown.append(".".join(str(part) for part in path) + ": " + str(entry["type"]))
    return shown


def _headers(error: HntaiError) -> dict[str, str]:
    headers: dict[str, str] = {}
    if isinstance(error, errors.UnauthenticatedError):
        headers["WWW-Authenticate"] = 'Bearer realm="hntai"'
    if "retry_after_s" in error.details:
        headers["Retry-After"] = str(error.details["retry_after_s"])
    elif isinstance(error, errors.DependencyError):
        headers["Retry-After"] = "2"
    return headers


def _response(members: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    body = json.dumps(members, ensure_ascii=False).encode()
    return Response(body, int(members["status"]), dict(headers), media_type=MEDIA_TYPE)


def _instance(request: Request) -> str:
    return str(request.scope.get("hntai.request_id", ""))

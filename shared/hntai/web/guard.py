"""What every guarded route does before its own work: identity, scope, rate, size, idempotency."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence, Set
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from hntai.domain.errors import (
    AnswerTooLargeError,
    ConfigurationError,
    EventTooLargeError,
    HntaiError,
    InvalidRequestError,
    MalformedFormError,
    MalformedRequestError,
    ScopeMissingError,
)
from hntai.domain.identity import Caller, Identity, Scope
from hntai.ports import Answer, EntryPorts
from hntai.web import json_body
from hntai.web.form_body import FIELD, FORM, form_or_json, is_form, without_boundary

MAX_EVENT_BYTES = 6 * 1024 * 1024
"""Lambda's limit on a synchronous request or answer. Source: AWS Lambda quotas."""
_ENVELOPE_BYTES = 4096
"""Room for the status and headers around an answer's body."""
_LARGER_FILES = {"advice": "POST /uploads takes larger files"}
_MAX_KEY_CHARS = 255
SCOPE_KEY = "x-hntai-scope"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def scoped(*scopes: Scope, form: type[BaseModel] | None = None) -> dict[str, Any]:
    """Route arguments that guard it: only identities with one of these scopes pass.

    form: the JSON the route takes, where it takes a multipart form with one `file` as well.
    """
    extra: dict[str, Any] = {
        SCOPE_KEY: " ".join(scope.value for scope in scopes),
        "security": [{way: [scope.value]} for scope in scopes for way in ("bearer", "apiKey")],
    }
    return {"openapi_extra": extra if form is None else {**extra, "requestBody": form_or_json(form)}}


class _StrictRequest(Request):
    async def json(self) -> Any:
        return json_body.parse(await self.body())


class GuardedRoute(APIRoute):
    """Open unless the route names a scope; then nothing of the body is read before the caller is known."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        extra = self.openapi_extra or {}
        scopes = tuple(map(Scope, extra.get(SCOPE_KEY, "").split()))
        takes_form = FORM in extra.get("requestBody", {}).get("content", {})

        async def guarded(request: Request) -> Response:
            request.scope["route"] = self
            strict = _StrictRequest(request.scope, request.receive)
            if not scopes:
                return await handle(strict)
            guard = _Guarded(strict, scopes, handle, takes_form=takes_form)
            return await guard.answer({field.alias for field in self.dependant.query_params})

        return guarded


class _Guarded:
    def __init__(
        self, request: Request, scopes: Sequence[Scope], handle: Handler, *, takes_form: bool
    ) -> None:
        self._request = request
        self._scopes = scopes
        self._handle = handle
        content_type = request.headers.get("content-type", "")
        self._is_form = takes_form and is_form(content_type)
        self._may_be_form = takes_form and not content_type.startswith("application/json")
        ports: EntryPorts = request.app.state.ports
        if ports.gate is None:
            raise ConfigurationError(setting=ports.function, expected="a gate for its guarded routes")
        self._gate = ports.gate

    async def answer(self, parameters: Set[str]) -> Response:
        """parameters: of the query, those there are. A misspelt option is no option left out."""
        identity = await run_in_threadpool(self._admit)
        if not parameters >= set(self._request.query_params):
            unknown = ["query.(unknown parameter): extra_forbidden"]
            raise InvalidRequestError(fields=unknown, parameters=sorted(parameters))
        self._request.state.caller = Caller(identity, self._request.scope["hntai.request_id"])
        body = await _bounded_body(self._request, _LARGER_FILES if self._may_be_form else {})
        if self._request.method == "POST" and not self._is_form:
            self._check_json(body)
        key = self._request.headers.get("idempotency-key")
        if key is None or self._request.method != "POST":
            return _bounded(await self._handle(self._request), self._request)
        if not 0 < len(key) <= _MAX_KEY_CHARS:
            raise InvalidRequestError(fields=["header.idempotency-key: length"], limit=_MAX_KEY_CHARS)
        return await self._once(
            identity, key, without_boundary(self._request, body) if self._is_form else body
        )

    def _check_json(self, body: bytes) -> None:
        """Raises MalformedFormError in the place of MalformedRequestError where a file was sent bare."""
        try:
            if body or self._may_be_form:
                json_body.parse(body)
        except MalformedRequestError:
            if self._may_be_form:
                raise MalformedFormError(field=FIELD) from None
            raise

    def _admit(self) -> Identity:
        headers = self._request.headers
        identity = self._gate.verifier.verify(headers.get("authorization"), headers.get("x-api-key"))
        if identity.scopes.isdisjoint(self._scopes):
            raise ScopeMissingError(scope=" or ".join(scope.value for scope in self._scopes))
        self._gate.rate_limiter.admit(identity)
        return identity

    async def _once(self, identity: Identity, key: str, body: bytes) -> Response:
        """The first answer to this key, made now or remembered; a refused call is forgotten."""
        records, path = self._gate.idempotency, _path(self._request)
        first = await run_in_threadpool(records.begin, identity, path, key, body)
        if first is not None:
            return Response(first.body, first.status, {**first.headers, "Idempotency-Replayed": "true"})
        try:
            response = _bounded(await self._handle(self._request), self._request)
            is_kept = response.status_code < 400
            if is_kept:
                answer = Answer(response.status_code, _kept_headers(response), bytes(response.body))
                await run_in_threadpool(records.finish, identity, path, key, answer)
        except BaseException:
            await _released(records.release, identity, path, key)
            raise
        if not is_kept:
            await _released(records.release, identity, path, key)
        return response


async def _released(release: Callable[..., None], *arguments: Any) -> None:
    """Lets the key go; where the database is gone too, its lock runs out by itself."""
    try:
        await run_in_threadpool(release, *arguments)
    except HntaiError:
        return


async def _bounded_body(request: Request, advice: Mapping[str, str]) -> bytes:
    """The body, never more of it than an event may hold."""
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > MAX_EVENT_BYTES:
            raise EventTooLargeError(limit_bytes=MAX_EVENT_BYTES, **advice)
    request._body = bytes(chunks)
    return request._body


def _bounded(response: Response, request: Request) -> Response:
    """The answer, if it fits into Lambda's: its body is JSON text inside JSON there."""
    body = bytes(response.body)
    size = len(body) + body.count(b'"') + body.count(b"\\") + _ENVELOPE_BYTES
    if size > MAX_EVENT_BYTES:
        raise AnswerTooLargeError(limit_bytes=MAX_EVENT_BYTES, advice=_smaller_answer(request))
    return response


def _smaller_answer(request: Request) -> str:
    """How the caller of this route gets one: only fields that it takes are named."""
    bodies = request.scope["route"].dependant.body_params
    fields = {name for body in bodies for name in getattr(body.field_info.annotation, "model_fields", ())}
    return 'split the text, or ask with "entities": false' if "entities" in fields else "split the text"


def _path(request: Request) -> str:
    """Function, path and query: an answer of the stream is none of the API's."""
    ports: EntryPorts = request.app.state.ports
    query = request.url.query
    return f"{ports.function} {request.url.path}?{query}"


def _kept_headers(response: Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "content-length"}

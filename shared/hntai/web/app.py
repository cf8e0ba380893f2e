"""The app of one function: FastAPI with our guard, our problems, our logs; and its Lambda handler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from mangum import Mangum
from starlette.exceptions import HTTPException

import hntai
from hntai.domain.errors import HntaiError
from hntai.domain.identity import Caller
from hntai.ports import EntryPorts
from hntai.web import problem
from hntai.web.guard import GuardedRoute
from hntai.web.logging import silence_libraries
from hntai.web.observe import Observed
from hntai.web.task import run_step

_EXPOSED = ["x-request-id", "x-job-id", "location", "retry-after", "idempotency-replayed"]


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


CallerOf = Annotated[Caller, Depends(_caller)]
"""A route's parameter of this type is the verified caller."""


def create_app(ports: EntryPorts) -> FastAPI:
    """An app without routes. Its own docs pages are off: the status function serves the fleet's."""
    silence_libraries()
    app = FastAPI(title="HNTAI", version=hntai.__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.ports = ports
    app.router.route_class = GuardedRoute
    app.add_exception_handler(HntaiError, _noting(problem.handle_error))
    app.add_exception_handler(RequestValidationError, _noting(problem.handle_validation))
    app.add_exception_handler(HTTPException, _noting(problem.handle_http))
    app.add_exception_handler(Exception, problem.handle_unforeseen)
    if ports.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(ports.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "x-api-key", "content-type", "idempotency-key", "last-event-id"],
            expose_headers=_EXPOSED,
            max_age=600,
        )
    return app


def observed(app: FastAPI) -> Observed:
    """The app as it is served anywhere: under Mangum, the streaming runtime or a plain ASGI server."""
    ports: EntryPorts = app.state.ports
    return Observed(app, ports.function, ports.metrics)


def lambda_handler(
    asgi: Observed, task: Callable[[dict[str, Any], str], Any] | None = None
) -> Callable[[dict[str, Any], Any], Any]:
    """The function's handler: HTTP events by Mangum, any other payload straight to task."""
    http = Mangum(asgi, lifespan="off")

    def handler(event: dict[str, Any], context: Any) -> Any:
        if task is not None and "requestContext" not in event:
            request_id = str(context.aws_request_id)
            return run_step(asgi.function, request_id, lambda: task(event, request_id))
        return http(event, context)

    return handler


def _noting(handle: Callable[[Request, Exception], Any]) -> Callable[[Request, Exception], Any]:
    """Leaves the problem's slug where the log line finds it."""

    def noting(request: Request, error: Exception) -> Any:
        request.scope["hntai.problem"] = getattr(error, "slug", type(error).__name__)
        return handle(request, error)

    return noting

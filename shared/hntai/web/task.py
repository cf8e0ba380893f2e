"""Payloads that come without HTTP: from the state machine, a queue, or a direct invocation."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from hntai.domain.errors import HntaiError, InvalidRequestError, UnexpectedStepError
from hntai.domain.identity import DEFAULT_TENANT, Caller, Identity
from hntai.web.log_events import LogEvent
from hntai.web.logging import frames, log
from hntai.web.problem import field_paths

Model = TypeVar("Model", bound=BaseModel)
T = TypeVar("T")


def parse_task(contract: type[Model], payload: Mapping[str, Any]) -> Model:
    """The payload as its contract.

    Raises:
        InvalidRequestError: with field paths and codes only.
    """
    try:
        return contract.model_validate(payload)
    except ValidationError as error:
        raise InvalidRequestError(fields=field_paths(error.errors(include_input=False))) from None


def invoker_caller(request_id: str) -> Caller:
    """Who calls when IAM let them invoke the function itself."""
    return Caller(Identity(DEFAULT_TENANT, "lambda:invoke", frozenset()), request_id)


def run_step(step: str, job_id: str, work: Callable[[], T]) -> T:
    """What work returns, with one log line; nothing but an error of our tree goes on to the state machine.

    Raises:
        HntaiError: as work raised it; UnexpectedStepError in the place of anything else, since another
            error's message may hold text and the execution's history keeps messages.
    """
    started = time.perf_counter()
    try:
        result = work()
    except Exception as error:
        log(
            LogEvent.step_failed,
            step=step,
            job_id=job_id,
            duration_ms=_since(started),
            error_class=type(error).__name__,
            frames=frames(error),
        )
        if isinstance(error, HntaiError):
            raise
        raise UnexpectedStepError(cause=type(error).__name__) from None
    log(LogEvent.step_finished, step=step, job_id=job_id, duration_ms=_since(started))
    return result


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)

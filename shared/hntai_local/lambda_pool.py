"""Lambda functions as a pool of warm environments per function."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hntai.domain.errors import EventTooLargeError, FunctionUnavailableError, RateLimitedError
from hntai_local.lambda_answer import LIMIT_BYTES, Invocation
from hntai_local.lambda_environment import LambdaEnvironment
from hntai_local.leash import Leash
from hntai_local.template import LocalFunction

__all__ = ["FunctionInvoker", "Invocation", "LambdaPool"]


class FunctionInvoker(Protocol):
    """Whatever can run functions by name."""

    def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        wait_s: float | None = None,
        trace_id: str = "",
        client_context: str = "",
    ) -> Invocation:
        """The function's answer to a JSON event; KeyError for a name it does not know."""


@dataclass(slots=True)
class _Fleet:
    """The environments of one function."""

    function: LocalFunction
    changed: threading.Condition = field(default_factory=threading.Condition)
    idle: list[LambdaEnvironment] = field(default_factory=list)
    busy: list[LambdaEnvironment] = field(default_factory=list)
    taken: int = 0
    """Environments in a call, and places kept for those that are starting."""
    is_closed: bool = False


class LambdaPool:
    """Each call gets an environment of its own: a warm one if any is free, else a new, cold one.

    At most max_environments per function; then calls wait. Thread safe. Streaming functions are
    not run here. What a function prints goes to log_dir/<function>.log.
    """

    def __init__(
        self,
        functions: Sequence[LocalFunction],
        *,
        environment: Mapping[str, str],
        leash: Leash,
        log_dir: Path,
        max_environments: int = 8,
    ) -> None:
        log_dir.mkdir(parents=True, exist_ok=True)
        self._environment = dict(environment)
        self._leash = leash
        self._log_dir = log_dir
        self._max = max_environments
        self._fleets = {one.name: _Fleet(one) for one in functions if not one.streaming}

    @property
    def names(self) -> tuple[str, ...]:
        """The functions that can be invoked."""
        return tuple(self._fleets)

    def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        wait_s: float | None = None,
        trace_id: str = "",
        client_context: str = "",
    ) -> Invocation:
        """The function's answer to a JSON event; an empty payload is sent as {}.

        wait_s: how long to wait for an environment when all are busy, None for ever.
        client_context: base64 of JSON, as Lambda's API takes it.

        Raises:
            KeyError: there is no such function.
            EventTooLargeError: the event is over Lambda's 6 MB.
            RateLimitedError: no environment came free in wait_s.
            FunctionUnavailableError: the pool is closed, or an environment would not start.
        """
        fleet = self._fleets[name]
        if len(payload) > LIMIT_BYTES:
            raise EventTooLargeError(limit=LIMIT_BYTES, size=len(payload))
        with self._environment_of(fleet, wait_s) as environment:
            return environment.invoke(payload or b"{}", trace_id=trace_id, client_context=client_context)

    def prewarm(self, name: str) -> None:
        """Leaves one more warm environment, unless one is idle or all places are taken.

        An import error of the function is not raised here: the first real call reports it.
        """
        fleet = self._fleets[name]
        with fleet.changed:
            if fleet.idle or fleet.is_closed or fleet.taken >= self._max:
                return
        with self._environment_of(fleet, None) as environment:
            environment.init()

    def close(self) -> None:
        """Ends every environment; calls in flight fail, later ones are refused."""
        for fleet in self._fleets.values():
            with fleet.changed:
                fleet.is_closed = True
                running, fleet.idle = (*fleet.idle, *fleet.busy), []
                fleet.changed.notify_all()
            for environment in running:
                environment.close()

    @contextmanager
    def _environment_of(self, fleet: _Fleet, wait_s: float | None) -> Iterator[LambdaEnvironment]:
        environment = self._take(fleet, wait_s)
        try:
            if environment is None:
                environment = self._start(fleet.function)
            with fleet.changed:
                fleet.busy.append(environment)
            yield environment
        finally:
            self._give_back(fleet, environment)

    def _take(self, fleet: _Fleet, wait_s: float | None) -> LambdaEnvironment | None:
        """The warm environment used last, or None with a place kept for a new one."""
        with fleet.changed:
            if not fleet.changed.wait_for(lambda: self._has_room(fleet), timeout=wait_s):
                raise RateLimitedError(function=fleet.function.name, environments=self._max)
            if fleet.is_closed:
                raise FunctionUnavailableError(function=fleet.function.name)
            fleet.taken += 1
            while fleet.idle:
                environment = fleet.idle.pop()
                if environment.is_alive:
                    return environment
                environment.close()
            return None

    def _has_room(self, fleet: _Fleet) -> bool:
        return fleet.is_closed or bool(fleet.idle) or fleet.taken < self._max

    def _give_back(self, fleet: _Fleet, environment: LambdaEnvironment | None) -> None:
        with fleet.changed:
            fleet.taken -= 1
            if environment in fleet.busy:
                fleet.busy.remove(environment)
            keep = environment is not None and environment.is_alive and not fleet.is_closed
            if keep and environment is not None:
                fleet.idle.append(environment)
            fleet.changed.notify()
        if environment is not None and not keep:
            environment.close()

    def _start(self, function: LocalFunction) -> LambdaEnvironment:
        try:
            return LambdaEnvironment(
                function,
                environment=self._environment,
                leash=self._leash,
                log=self._log_dir / f"{function.name}.log",
            )
        except RuntimeError as error:
            raise FunctionUnavailableError(function=function.name) from error

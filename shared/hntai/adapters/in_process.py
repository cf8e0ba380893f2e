"""Functions and state machines that answer in this very process: what a plain container has for Lambda.

`in-process:NAME` as the value of HNTAI_STATE_MACHINE_ARN, HNTAI_TRANSCRIPTION_MACHINE_ARN or
HNTAI_RUN_EVENTS_FUNCTION leads here; who composes the container registers what the names stand for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from hntai.domain.errors import FunctionUnavailableError, WorkflowUnavailableError
from hntai.domain.jobs import JobId

PREFIX = "in-process:"
Function = Callable[[dict[str, object]], dict[str, object]]
Machine = Callable[[dict[str, object]], Any]

_functions: dict[str, Function] = {}
_machines: dict[str, Machine] = {}


def register_function(name: str, function: Function) -> None:
    """From now on in-process:NAME is this function, an event in and an answer out."""
    _functions[PREFIX + name] = function


def register_machine(name: str, machine: Machine) -> None:
    """From now on in-process:NAME is this machine, which runs an execution to its end; it raises nothing."""
    _machines[PREFIX + name] = machine


class InProcessRunStarter:
    """One thread per job. It ends with the process: a run that was cut off is swept as failed later."""

    def __init__(self, name: str) -> None:
        """name: with its prefix."""
        self._name = name
        self._started: set[JobId] = set()
        self._lock = threading.Lock()

    def start(self, job_id: JobId) -> None:
        """Starting the same job again starts nothing new.

        Raises:
            WorkflowUnavailableError: no machine has that name.
        """
        machine = _machines.get(self._name)
        if machine is None:
            raise WorkflowUnavailableError
        with self._lock:
            if job_id in self._started:
                return
            self._started.add(job_id)
        threading.Thread(target=machine, args=({"job_id": str(job_id)},), daemon=True).start()


class InProcessInvoker:
    """Calls the function with an event and waits for its answer."""

    def __init__(self, name: str) -> None:
        """name: with its prefix."""
        self._name = name

    def __call__(self, event: dict[str, object]) -> dict[str, object]:
        """Raises FunctionUnavailableError: there is none, or it failed."""
        function = _functions.get(self._name)
        if function is None:
            raise FunctionUnavailableError
        try:
            return function(event)
        except Exception as error:
            raise FunctionUnavailableError from error

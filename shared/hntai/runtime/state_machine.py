"""Runs a state machine in this process: what Step Functions does with the same file, for a plain container.

It knows the part of the Amazon States Language that HNTAI's machines use, and refuses a definition that uses
more when it is read, not when it is run; the whole machine's time limit is left to its states' own.
Source: states-language.net/spec.html.
"""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from threading import Thread
from typing import Any

from hntai.runtime.states_language import CHOICES, State, check, task_name

Task = Callable[[Any], Any]
"""What a Task state calls: its input in, its output out; an error's class name is the error's name."""


class ExecutionFailedError(Exception):
    """The machine came to a Fail state, or to an error that nothing catches."""

    def __init__(self, error: str, cause: str = "") -> None:
        """error: its name, as ErrorEquals has it."""
        super().__init__(error)
        self.error = error
        self.cause = cause


class StateMachine:
    """One definition with what its tasks call.

    Raises:
        ValueError: the definition uses what this interpreter does not know, or names a task there is not.
    """

    def __init__(
        self, definition: State, tasks: Mapping[str, Task], *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """tasks: by the name in the definition's ${...}."""
        self._definition = definition
        self._tasks = tasks
        self._sleep = sleep
        check(definition, tasks)

    def run(self, given: Any) -> Any:
        """The output of the execution.

        Raises:
            ExecutionFailedError: it failed.
        """
        return self._run(self._definition, copy.deepcopy(given), {})

    def _run(self, machine: State, data: Any, context: Mapping[str, Any]) -> Any:
        name = machine["StartAt"]
        while True:
            state = machine["States"][name]
            data, following = self._step(state, data, context)
            if following is None:
                return data
            name = following

    def _step(self, state: State, data: Any, context: Mapping[str, Any]) -> tuple[Any, str | None]:
        """The data after the state, and the state after it."""
        kind = state["Type"]
        if kind == "Fail":
            raise ExecutionFailedError(state.get("Error", "States.TaskFailed"), state.get("Cause", ""))
        if kind == "Succeed":
            return data, None
        if kind == "Choice":
            return data, _chosen(state, data)
        if kind == "Pass":
            result = state.get("Result", _filled(state.get("Parameters"), data, context, data))
        else:
            try:
                result = self._tried(state, data, context)
            except ExecutionFailedError as failure:
                return _caught(state, data, failure)
        return _placed(data, state.get("ResultPath", "$"), result), state.get("Next")

    def _tried(self, state: State, data: Any, context: Mapping[str, Any]) -> Any:
        """With the state's retries, each with its own count."""
        tries = [0] * len(state.get("Retry", ()))
        while True:
            try:
                return self._task(state, data, context) if state["Type"] == "Task" else self._map(state, data)
            except ExecutionFailedError as failure:
                at = _retrier(state.get("Retry", ()), failure.error)
                if at is None or tries[at] >= state["Retry"][at].get("MaxAttempts", 3):
                    raise
                rule = state["Retry"][at]
                wait_s = rule.get("IntervalSeconds", 1) * rule.get("BackoffRate", 2.0) ** tries[at]
                tries[at] += 1
                self._sleep(random.uniform(0, wait_s) if rule.get("JitterStrategy") == "FULL" else wait_s)  # noqa: S311

    def _task(self, state: State, data: Any, context: Mapping[str, Any]) -> Any:
        given = _filled(state.get("Parameters"), data, context, data)
        called = _called(self._tasks[task_name(state)], given)
        try:
            return called.result(state.get("TimeoutSeconds"))
        except TooSlow:
            raise ExecutionFailedError("States.Timeout") from None
        except Exception as error:
            raise ExecutionFailedError(type(error).__name__) from error

    def _map(self, state: State, data: Any) -> list[Any]:
        items = _at(state["ItemsPath"], data, {})
        processor = state["ItemProcessor"]

        def one(item: Any) -> Any:
            context = {"Map": {"Item": {"Value": item}}}
            return self._run(processor, _filled(state.get("ItemSelector"), data, context, item), context)

        with ThreadPoolExecutor(state.get("MaxConcurrency") or max(1, len(items))) as pool:
            return list(pool.map(one, items))


def _called(task: Task, given: Any) -> Future[Any]:
    """In a thread that does not hold the process back: a task that is given up goes on to its own end."""
    outcome: Future[Any] = Future()

    def call() -> None:
        try:
            outcome.set_result(task(given))
        except BaseException as error:
            outcome.set_exception(error)

    Thread(target=call, daemon=True).start()
    return outcome


def _chosen(state: State, data: Any) -> str:
    for rule in state["Choices"]:
        found = _at(rule["Variable"], data, {})
        if all(holds(found, rule[name]) for name, holds in CHOICES.items() if name in rule):
            return str(rule["Next"])
    return str(state["Default"])


def _caught(state: State, data: Any, failure: ExecutionFailedError) -> tuple[Any, str]:
    """Raises the failure again where nothing catches it."""
    for rule in state.get("Catch", ()):
        if _is_named(rule["ErrorEquals"], failure.error):
            told = {"Error": failure.error, "Cause": failure.cause}
            return _placed(data, rule.get("ResultPath", "$"), told), rule["Next"]
    raise failure


def _retrier(rules: Sequence[State], error: str) -> int | None:
    return next((at for at, rule in enumerate(rules) if _is_named(rule["ErrorEquals"], error)), None)


def _is_named(names: Sequence[str], error: str) -> bool:
    if error in names or "States.ALL" in names:
        return True
    return "States.TaskFailed" in names and error != "States.Timeout"


def _filled(template: Any, data: Any, context: Mapping[str, Any], otherwise: Any) -> Any:
    """A payload template: names that end in .$ take what their path leads to."""
    if template is None:
        return otherwise
    if isinstance(template, Mapping):
        return {
            key.removesuffix(".$"): _at(value, data, context)
            if key.endswith(".$")
            else _filled(value, data, context, None)
            for key, value in template.items()
        }
    return template


def _at(path: str, data: Any, context: Mapping[str, Any]) -> Any:
    """Raises ExecutionFailedError where the path leads nowhere."""
    found = context if path.startswith("$$") else data
    for name in path.lstrip("$").split(".")[1:]:
        try:
            found = found[name]
        except (KeyError, TypeError):
            raise ExecutionFailedError("States.ParameterPathFailure", path) from None
    return found


def _placed(data: Any, path: str | None, result: Any) -> Any:
    """The data with the result at a path; at $ it is the data, at null it is dropped."""
    if path is None:
        return data
    if path == "$":
        return result
    placed = copy.copy(data)
    *above, last = path.split(".")[1:]
    inner = placed
    for name in above:
        inner[name] = copy.copy(inner.get(name, {}))
        inner = inner[name]
    inner[last] = result
    return placed

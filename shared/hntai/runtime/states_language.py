"""What of the Amazon States Language is run here: a definition that uses more is refused.

Source: states-language.net/spec.html.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

State = Mapping[str, Any]

_KNOWN: Final[Mapping[str, frozenset[str]]] = {
    "Task": frozenset(
        {"Resource", "Parameters", "ResultPath", "TimeoutSeconds", "Retry", "Catch", "Next", "End"}
    ),
    "Map": frozenset(
        {
            "ItemsPath",
            "ItemSelector",
            "ItemProcessor",
            "MaxConcurrency",
            "ResultPath",
            "Retry",
            "Catch",
            "Next",
            "End",
        }
    ),
    "Pass": frozenset({"Result", "Parameters", "ResultPath", "Next", "End"}),
    "Choice": frozenset({"Choices", "Default"}),
    "Succeed": frozenset(),
    "Fail": frozenset({"Error", "Cause"}),
}
CHOICES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "NumericEquals": operator.eq,
    "NumericGreaterThan": operator.gt,
    "StringEquals": operator.eq,
}
_ALWAYS: Final = frozenset({"Type", "Comment"})


def task_name(state: State) -> str:
    return str(state["Resource"]).removeprefix("${").removesuffix("}")


def check(machine: State, tasks: Collection[str]) -> None:
    """Refuses what is not known here, and a task that is none of these.

    Raises:
        ValueError: with the name of the state.
    """
    for name, state in machine["States"].items():
        known = _KNOWN.get(state["Type"])
        if known is None:
            raise ValueError(f"{name}: no state of type {state['Type']} is run here")
        unknown = set(state) - known - _ALWAYS
        if unknown:
            raise ValueError(f"{name}: {', '.join(sorted(unknown))} is not known here")
        for rule in state.get("Choices", ()):
            if len(set(rule) & set(CHOICES)) != 1 or set(rule) - {"Variable", "Next", *CHOICES}:
                raise ValueError(f"{name}: one of its rules is not known here")
        if state["Type"] == "Task" and task_name(state) not in tasks:
            raise ValueError(f"{name}: there is no task {task_name(state)}")
        if state["Type"] == "Map":
            check(
                {key: value for key, value in state["ItemProcessor"].items() if key != "ProcessorConfig"},
                tasks,
            )

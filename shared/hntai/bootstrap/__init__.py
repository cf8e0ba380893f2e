"""Which adapter serves which port. Heavy adapters are imported where they are built, so that a function
carries only what it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hntai.bootstrap.chores import ChoreParts
from hntai.bootstrap.runs import RunParts
from hntai.bootstrap.texts import TextParts

if TYPE_CHECKING:
    from hntai.adapters.in_process import Function, Machine


class Parts(RunParts, TextParts, ChoreParts):
    """The parts of one environment, by subject; a function asks for the few it needs."""


def answer_in_process(functions: Mapping[str, Function], machines: Mapping[str, Machine]) -> None:
    """What `in-process:NAME` in a setting stands for; to be called before an app that has one is imported."""
    from hntai.adapters.in_process import register_function, register_machine

    for name, function in functions.items():
        register_function(name, function)
    for name, machine in machines.items():
        register_machine(name, machine)

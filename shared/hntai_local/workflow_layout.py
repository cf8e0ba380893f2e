"""Where the states of a machine stand in its picture: the good road on the left, what fails beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

States = Mapping[str, Mapping[str, Any]]

WIDTH = 330
"""Of a state, in pixels; a Map is as wide as what is in it."""
GAP = 34
LINE = 15
CHARS = 50
"""Of a comment's line: what fits into WIDTH at its size."""
_PADDING = 16
_HEAD = 40
_CATCH_ALL = "States.ALL"


@dataclass(frozen=True, slots=True)
class Edge:
    """From one state to another. label: errors or a condition; is_catch: taken when something failed."""

    source: str
    target: str
    label: str
    is_catch: bool

    @property
    def is_catch_all(self) -> bool:
        return self.is_catch and self.label == ""


@dataclass(slots=True)
class Box:
    """A state in its place; x, y are of its upper left corner."""

    name: str
    state: Mapping[str, Any]
    lines: list[str]
    width: int
    height: int
    x: int = 0
    y: int = 0
    inner: Layout | None = None


@dataclass(slots=True)
class Layout:
    """All states of one level: boxes by name, edges, the whole's size, and where the line to failing runs."""

    boxes: dict[str, Box]
    edges: list[Edge]
    width: int = 0
    height: int = 0
    bus_x: int = 0
    spine: list[str] = field(default_factory=list)


def laid_out(states: States, start_at: str) -> Layout:
    """The states of one level, and of each Map in it, in their places."""
    boxes = {name: _box(name, state) for name, state in states.items()}
    layout = Layout(boxes, [edge for name in states for edge in _edges(name, states[name])])
    layout.spine = list(_spine(states, start_at))
    y = 0
    for name in layout.spine:
        boxes[name].y = y
        y += boxes[name].height + GAP
    left = max(boxes[name].width for name in layout.spine)
    layout.bus_x = left + GAP
    aside = _place_aside(layout, left + 2 * GAP)
    layout.height = max(box.y + box.height for box in boxes.values())
    layout.width = max(box.x + box.width for box in boxes.values()) + (GAP if aside else 0)
    return layout


def _place_aside(layout: Layout, x: int) -> list[str]:
    """What is not on the good road, below each other, each no higher than where it is first reached from."""
    order = [name for name in layout.boxes if name not in layout.spine]
    final = {edge.target for edge in layout.edges if edge.is_catch_all}
    reached = {name: _reached_at(layout, name) for name in order}
    order.sort(key=lambda name: (name in final or not _sources(layout, name) - final, reached[name]))
    y = 0
    for name in order:
        box = layout.boxes[name]
        box.x, box.y = x, max(y, reached[name])
        y = box.y + box.height + GAP
    return order


def _reached_at(layout: Layout, name: str) -> int:
    sources = [layout.boxes[one] for one in _sources(layout, name) if one in layout.spine]
    return min((box.y for box in sources), default=0)


def _sources(layout: Layout, name: str) -> set[str]:
    return {edge.source for edge in layout.edges if edge.target == name}


def _spine(states: States, start_at: str) -> Iterator[str]:
    name, seen = start_at, set[str]()
    while name and name not in seen:
        yield name
        seen.add(name)
        state = states[name]
        name = str(state.get("Next") or state.get("Default") or "")


def _box(name: str, state: Mapping[str, Any]) -> Box:
    lines = textwrap.wrap(str(state.get("Comment", "")), CHARS)
    height = _HEAD + LINE * len(lines) + (8 if lines else 0)
    if state["Type"] != "Map":
        return Box(name, state, lines, WIDTH, height)
    processor = state["ItemProcessor"]
    inner = laid_out(processor["States"], processor["StartAt"])
    for box in inner.boxes.values():
        box.x += _PADDING
        box.y += height
    inner.bus_x += _PADDING
    return Box(name, state, lines, inner.width + 2 * _PADDING, height + inner.height + _PADDING, inner=inner)


def _edges(name: str, state: Mapping[str, Any]) -> Iterator[Edge]:
    if "Next" in state:
        yield Edge(name, state["Next"], "", is_catch=False)
    for choice in state.get("Choices", ()):
        yield Edge(name, choice["Next"], _condition(choice), is_catch=False)
    if "Default" in state:
        yield Edge(name, state["Default"], "else", is_catch=False)
    for catch in state.get("Catch", ()):
        errors = [error for error in catch["ErrorEquals"] if error != _CATCH_ALL]
        yield Edge(name, catch["Next"], ", ".join(errors), is_catch=True)


def _condition(choice: Mapping[str, Any]) -> str:
    compared = next((key for key in choice if key not in ("Variable", "Next", "Comment")), "")
    variable = str(choice.get("Variable", "")).rpartition(".")[2]
    return f"{variable} {compared} {choice.get(compared, '')}".strip()

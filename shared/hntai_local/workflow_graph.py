"""make workflow-graph: each state machine as an SVG in docs/, the same bytes for the same definition."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from hntai_local.stack_functions import WORKFLOWS
from hntai_local.state_dir import PROJECT_ROOT
from hntai_local.workflow_layout import LINE, WIDTH, Box, Edge, Layout, laid_out

_MARGIN = 24
_TITLE = 44
_STYLE = """
text{font-family:Helvetica,Arial,sans-serif;font-size:12px;fill:#1f2933}
.title{font-size:17px;font-weight:bold}.name{font-size:14px;font-weight:bold}.small{font-size:11px;fill:#52606d}
.label{font-size:11px;fill:#9b2c2c;paint-order:stroke;stroke:#fff;stroke-width:4px}
.box{fill:#f5f7fa;stroke:#7b8794;stroke-width:1.2}.Task{fill:#e6f0fa;stroke:#2b6cb0}.Map{fill:#fbfcfd;stroke:#2b6cb0;
stroke-dasharray:6 3}.Fail{fill:#fde8e8;stroke:#c53030}.Succeed{fill:#e3f6ea;stroke:#2f855a}
.Choice,.Wait,.Pass{fill:#fdf6e3;stroke:#b7791f}
.next{fill:none;stroke:#3e4c59;stroke-width:1.6;marker-end:url(#dark)}
.catch{fill:none;stroke:#c53030;stroke-width:1.3;stroke-dasharray:5 3;marker-end:url(#red)}
.bus{fill:none;stroke:#c53030;stroke-width:1.3;stroke-dasharray:5 3}
"""
_MARKERS = "".join(
    f'<marker id="{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
    f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
    for name, colour in (("dark", "#3e4c59"), ("red", "#c53030"))
)


def pictures() -> dict[Path, str]:
    """The SVG of every machine, by the file it belongs into."""
    return {
        PROJECT_ROOT / "docs" / f"workflow-{path.parent.name.replace('_', '-')}.svg": drawn(
            json.loads(path.read_text("utf-8")), path.parent.name.replace("_", " ")
        )
        for path in WORKFLOWS.values()
    }


def write() -> int:
    """Writes them; 0."""
    for path, text in pictures().items():
        path.write_text(text, "utf-8")
        print(path.relative_to(PROJECT_ROOT))
    return 0


def drawn(definition: Mapping[str, Any], title: str) -> str:
    """One machine's picture."""
    layout = laid_out(definition["States"], definition["StartAt"])
    width, height = layout.width + 2 * _MARGIN, layout.height + _TITLE + 2 * _MARGIN + LINE
    limit = f"At most {_span(definition['TimeoutSeconds'])}. " if "TimeoutSeconds" in definition else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style><defs>{_MARKERS}</defs>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text class="title" x="{_MARGIN}" y="{_MARGIN + 10}">{escape(title)}</text>',
        f'<text class="small" x="{_MARGIN}" y="{_MARGIN + 28}">{limit}'
        "Solid lines are the way on, dashed ones what happens when a state fails for good.</text>",
        f'<g transform="translate({_MARGIN} {_MARGIN + _TITLE})">',
        *_level(layout),
        "</g></svg>\n",
    ]
    return "\n".join(parts)


def _level(layout: Layout) -> Iterator[str]:
    yield from _bus(layout)
    for edge in layout.edges:
        is_way_on = edge.is_catch_all and layout.boxes[edge.source].state.get("Next") == edge.target
        if not is_way_on and not (edge.is_catch_all and _is_on_bus(layout, edge)):
            yield from _edge(layout, edge)
    for box in layout.boxes.values():
        yield from _state(box)


def _state(box: Box) -> Iterator[str]:
    kind = str(box.state["Type"])
    yield f'<g transform="translate({box.x} {box.y})">'
    yield f'<rect class="box {kind}" width="{box.width}" height="{box.height}" rx="8"/>'
    yield f'<text class="name" x="12" y="19">{escape(box.name)}</text>'
    yield f'<text class="small" x="12" y="34">{escape(_facts(box.state))}</text>'
    for place, line in enumerate(box.lines):
        yield f'<text x="12" y="{52 + LINE * place}">{escape(line)}</text>'
    if box.inner is not None:
        yield from _level(box.inner)
    yield "</g>"


def _facts(state: Mapping[str, Any]) -> str:
    """Kind, time limit, tries and width of a state, in a line."""
    told = [str(state["Type"])]
    if "TimeoutSeconds" in state:
        told.append(f"at most {_span(state['TimeoutSeconds'])}")
    retried = sum(int(rule["MaxAttempts"]) for rule in state.get("Retry", ()))
    if retried:
        told.append(f"tried again up to {retried} times")
    if "MaxConcurrency" in state:
        told.append(f"{state['MaxConcurrency']} at a time")
    if state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED":
        told.append("distributed")
    if any(catch["Next"] == state.get("Next") for catch in state.get("Catch", ())):
        told.append("goes on though it fails")
    return " · ".join(told)


def _span(seconds: int) -> str:
    """In the largest unit that counts it whole."""
    for length, unit in ((86_400, "days"), (3600, "hours")):
        if seconds > length and seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _is_on_bus(layout: Layout, edge: Edge) -> bool:
    return layout.boxes[edge.target].x > layout.bus_x


def _bus(layout: Layout) -> Iterator[str]:
    """One line that collects what any error leads to, and leads there."""
    caught = [edge for edge in layout.edges if edge.is_catch_all and _is_on_bus(layout, edge)]
    for target in dict.fromkeys(edge.target for edge in caught):
        end = layout.boxes[target]
        middle = end.y + end.height // 2
        heights = []
        for edge in (edge for edge in caught if edge.target == target):
            source = layout.boxes[edge.source]
            y, x = source.y + 12, source.x if source.x > layout.bus_x else source.x + source.width
            heights.append(y)
            yield f'<path class="bus" d="M{x} {y}H{layout.bus_x}"/>'
        if heights:
            yield (
                f'<path class="bus" d="M{layout.bus_x} {min(heights)}V{max(*heights, middle)}"/>'
                f'<path class="catch" d="M{layout.bus_x} {middle}H{end.x}"/>'
                f'<text class="label" x="{layout.bus_x + 4}" y="{middle - 5}">any</text>'
            )


def _edge(layout: Layout, edge: Edge) -> Iterator[str]:
    source, target = layout.boxes[edge.source], layout.boxes[edge.target]
    kind = "catch" if edge.is_catch else "next"
    if source.x == target.x and source.y < target.y and _are_neighbours(layout, source, target):
        x, y = source.x + WIDTH // 2, source.y + source.height
        path, label = f"M{x} {y}V{target.y}", (x + 6, (y + target.y) // 2 + 4)
    elif source.x == target.x:
        right = max(source.x + source.width, target.x + target.width) + 18
        y, end = source.y + source.height - 12, target.y + 14
        path = f"M{source.x + source.width} {y}H{right}V{end}H{target.x + target.width}"
        label = (right - 6, (y + end) // 2)
    elif target.x > source.x:
        y = min(source.y + source.height - 10, max(source.y + 28, target.y + target.height // 2))
        bend = (source.x + source.width + target.x) // 2 + 12
        end = min(target.y + target.height - 10, max(target.y + 10, y))
        path = f"M{source.x + source.width} {y}H{bend}V{end}H{target.x}"
        label = (source.x + source.width + 6, y - 5)
    else:
        y, end = source.y + source.height - 12, target.y + 26
        bend = (target.x + target.width + source.x) // 2 - 10
        path = f"M{source.x} {y}H{bend}V{end}H{target.x + target.width}"
        label = (bend + 4, y - 5)
    yield f'<path class="{kind}" d="{path}"/>'
    if edge.label:
        yield f'<text class="label" x="{label[0]}" y="{label[1]}">{escape(edge.label)}</text>'


def _are_neighbours(layout: Layout, source: Box, target: Box) -> bool:
    between = (box for box in layout.boxes.values() if box.x == source.x)
    return not any(source.y < box.y < target.y for box in between)

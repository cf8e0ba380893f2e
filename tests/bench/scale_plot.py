"""Hours against concurrency as an SVG: a line for each size of a bulk, a panel for each rate to the EHR."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from tests.bench.scale_bulk import CONCURRENCIES

_WIDTH, _HEIGHT, _LEFT, _TOP, _BETWEEN = 340, 300, 70, 70, 150
_COLOURS: Final = ("#2b6cb0", "#2f855a", "#b7791f", "#c53030")
_LOW, _HIGH = 0.001, 1_000.0
"""Hours, on the axis."""


def drawn(hours: Mapping[str, Mapping[int, Sequence[float]]], kept: Mapping[str, Any]) -> str:
    """hours: by what the EHR bears, then by size, one for each of CONCURRENCIES. kept: date and machine."""
    width = _LEFT + len(hours) * (_WIDTH + _BETWEEN)
    height = _TOP + _HEIGHT + 80
    measured = f"measured {kept['date']} on {kept['machine']}"
    caption = f"Simulated from {kept['run']['runs']} runs in rule mode, {measured}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">',
        "<style>text{font-family:Helvetica,Arial,sans-serif;font-size:12px;fill:#1f2933}"
        ".head{font-size:15px;font-weight:bold}.grid{stroke:#e4e7eb}.axis{stroke:#52606d}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text class="head" x="{_LEFT}" y="26">Hours of a bulk against patients at a time</text>',
        f'<text x="{_LEFT}" y="{height - 14}">{escape(caption)}</text>',
    ]
    for place, (title, by_size) in enumerate(hours.items()):
        left = _LEFT + place * (_WIDTH + _BETWEEN)
        parts += [
            f'<g transform="translate({left} {_TOP})">',
            f'<text x="0" y="-14">{escape(title)}</text>',
            *_axes(),
            *_lines(by_size),
            "</g>",
        ]
    return "\n".join([*parts, "</svg>\n"])


def _axes() -> Iterator[str]:
    for power in range(int(math.log10(_LOW)), int(math.log10(_HIGH)) + 1):
        y = _y(10.0**power)
        yield f'<path class="grid" d="M0 {y:.1f}H{_WIDTH}"/>'
        yield f'<text x="-8" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} h</text>'
    for number in CONCURRENCIES:
        yield f'<path class="grid" d="M{_x(number):.1f} 0V{_HEIGHT}"/>'
        yield f'<text x="{_x(number):.1f}" y="{_HEIGHT + 18}" text-anchor="middle">{number}</text>'
    yield f'<path class="axis" fill="none" d="M0 0V{_HEIGHT}H{_WIDTH}"/>'
    yield f'<text x="{_WIDTH / 2}" y="{_HEIGHT + 36}" text-anchor="middle">patients at a time</text>'


def _lines(by_size: Mapping[int, Sequence[float]]) -> Iterator[str]:
    for colour, (size, found) in zip(_COLOURS, by_size.items(), strict=True):
        points = [
            f"{_x(number):.1f} {_y(hours):.1f}" for number, hours in zip(CONCURRENCIES, found, strict=True)
        ]
        yield f'<path fill="none" stroke="{colour}" stroke-width="2" d="M{"L".join(points)}"/>'
        yield (f'<text x="{_WIDTH + 6}" y="{_y(found[-1]) + 4:.1f}" style="fill:{colour}">{size:,}</text>')


def _x(number: float) -> float:
    low, high = math.log(CONCURRENCIES[0]), math.log(CONCURRENCIES[-1])
    return (math.log(number) - low) / (high - low) * _WIDTH


def _y(hours: float) -> float:
    low, high = math.log(_LOW), math.log(_HIGH)
    return (1 - (math.log(hours) - low) / (high - low)) * _HEIGHT

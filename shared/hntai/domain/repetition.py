"""Has a text begun to repeat itself? Small models fall into loops and then write until they are stopped."""

from __future__ import annotations

from typing import Final

SAME_LINES: Final = 3
"""A line that stands there as often is a loop, not a list."""
SHORTEST_LINE: Final = 16
"""Characters; shorter lines ("- none known") may stand in a text several times."""
SAME_UNITS: Final = 3
"""A unit that ends the text as often in a row is a loop …"""
LEAST_REPEATED: Final = 60
"""… where all of it together is at least as many characters: "1, 1, 1" is none."""
LONGEST_UNIT: Final = 240
"""Characters: two to three sentences."""
_TAIL: Final = 8
_LIST_SIGNS: Final = "0123456789.)-*• "
"""A loop may count its lines."""


def repeats_itself(text: str) -> bool:
    """True where the text's end is a loop. Asked after each piece, it is seen when the loop closes."""
    return _ends_in_units(text) or (text.endswith("\n") and _repeats_its_line(text))


def _repeats_its_line(text: str) -> bool:
    lines = [line.strip().lstrip(_LIST_SIGNS) for line in text.splitlines()]
    return len(lines[-1]) >= SHORTEST_LINE and lines.count(lines[-1]) >= SAME_LINES


def _ends_in_units(text: str) -> bool:
    return any(_ends_in(text, length) for length in _likely_lengths(text))


def _likely_lengths(text: str) -> list[int]:
    """Distances at which the text's last characters stood before: only these can be a unit's."""
    near = text[-LONGEST_UNIT - _TAIL :]
    tail, last = near[-_TAIL:], len(near) - _TAIL
    if near.find(tail) == last:
        return []
    return [last - place for place in range(last) if near.startswith(tail, place)]


def _ends_in(text: str, length: int) -> bool:
    times = max(SAME_UNITS, -(-LEAST_REPEATED // length))
    unit = text[-length:]
    return bool(unit.strip()) and text.endswith(unit * times)

"""Headers and footers: the lines that pages begin or end with, again and again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

MOST_LINES: Final = 5
"""Looked at from the top and from the bottom."""
MOST_PAGES: Final = 0.5
"""A header stands on more than this part of the pages that have text."""
_FIGURES: Final = re.compile(r"\d+")


def repeated_lines(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Of each page, how many of its first and of its last lines are header and footer.

    Lines that differ in figures alone are the same: page numbers count on.
    """
    pages = [[_FIGURES.sub("#", line.strip()) for line in text.split("\n")] if text else [] for text in texts]
    least = max(2, int(MOST_PAGES * sum(map(bool, pages))) + 1)
    tops = _often([page[:MOST_LINES] for page in pages], least)
    bottoms = _often([page[::-1][:MOST_LINES] for page in pages], least)
    found = []
    for page in pages:
        header = _leading(page, tops)
        found.append((header, _leading(page[header:][::-1], bottoms)))
    return found


def _often(pages: Sequence[Sequence[str]], least: int) -> set[tuple[int, str]]:
    """Places and what stands there on so many pages."""
    counts = Counter((place, line) for page in pages for place, line in enumerate(page))
    return {(place, line) for (place, line), count in counts.items() if line and count >= least}


def _leading(lines: Sequence[str], often: set[tuple[int, str]]) -> int:
    count = 0
    while count < len(lines) and (count, lines[count]) in often:
        count += 1
    return count

"""Every rule of the summary for a reviewer: what it looks for, how urgent, on whose authority, from what.

python -m hntai_local.rules_listing
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from textwrap import wrap

from hntai.domain.rules import RULES, Concern, Rule

_HEADINGS = ("id", "title", "urgency", "source", "inputs")
_WIDTHS = (27, 44, 12, 28, 40)


def listing(rules: Sequence[Rule] = RULES) -> Iterator[str]:
    """A table for each concern, in the order the summary tells them; long cells go on in the next line."""
    for concern in Concern:
        rows = [rule for rule in rules if rule.concern is concern]
        if rows:
            yield f"{concern.value.capitalize()}: {len(rows)} rules"
            yield from _lines(_HEADINGS)
            yield "  ".join("-" * width for width in _WIDTHS)
            for rule in rows:
                inputs = ", ".join(rule.inputs)
                yield from _lines((rule.id, rule.title, rule.urgency_label, rule.source, inputs))
            yield ""
    yield f"{len(rules)} rules. A finding has one urgency of its rule's; all want a clinician's review."


def _lines(cells: Sequence[str]) -> Iterator[str]:
    columns = [wrap(cell, width) or [""] for cell, width in zip(cells, _WIDTHS, strict=True)]
    for line in range(max(map(len, columns))):
        parts = (column[line] if line < len(column) else "" for column in columns)
        yield "  ".join(part.ljust(width) for part, width in zip(parts, _WIDTHS, strict=True)).rstrip()


if __name__ == "__main__":
    sys.stdout.write("\n".join(listing()) + "\n")

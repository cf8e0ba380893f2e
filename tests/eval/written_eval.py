"""Figures of the PHI scrubber on notes written for this project by a hand that had not seen its rules.

    python -m tests.eval.written_eval

`written_notes/*.txt`: documents between lines of `---`, identifiers as {TYPE text}. The tagger learns from
those named `_a`; of the others look at the figures only. Nobody in them exists. A set below its floor
fails.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from hntai.domain.deidentification import find_phi
from tests.eval.phi_counts import HEADS, Document, Tally, count
from tests.unit.marked_notes import MARK

_FOLDER = Path(__file__).parent / "written_notes"
_BETWEEN = re.compile(r"(?m)^---[ \t]*$\n?")
_FLOORS = {
    "clean_b": (0.0, 1.5),
    "queries_b": (0.97, 1.2),
    "queries_c": (0.92, 3.2),
    "traps_b": (0.68, 5.0),
    "visits_b": (0.975, 2.6),
    "visits_c": (0.945, 2.0),
}
"""Fewest characters found, as a share, and most clean characters hidden, in percent."""


def main() -> None:
    print(HEADS)
    below: list[str] = []
    unread = Tally()
    for path in sorted(_FOLDER.glob("*.txt")):
        tally = Tally()
        for document in written(path):
            started = time.perf_counter()
            spans = find_phi(document["text"])
            seconds = time.perf_counter() - started
            ranges = [(span.start, span.end) for span in spans]
            count(tally, document, ranges, seconds)
            if not path.stem.endswith("_a"):
                count(unread, document, ranges, seconds)
        print(tally.line(path.stem))
        print(f"    {tally.types_line()}")
        recall, hidden = _FLOORS.get(path.stem, (0.0, 100.0))
        below += tally.below(path.stem, recall, hidden)
    print(unread.line("all but _a"))
    print(f"    {unread.types_line()}")
    if below:
        sys.exit("below the floor: " + "; ".join(below))


def written(path: Path) -> Iterator[Document]:
    """The documents of a file, their marks turned into spans."""
    for marked in _BETWEEN.split(path.read_text(encoding="utf-8")):
        if marked.strip():
            yield _unmarked(marked)


def _unmarked(marked: str) -> Document:
    text, place = "", 0
    spans = []
    for mark in MARK.finditer(marked):
        text += marked[place : mark.start()]
        spans.append({"start": len(text), "end": len(text) + len(mark[2]), "type": mark[1]})
        text, place = text + mark[2], mark.end()
    return {"text": text + marked[place:], "spans": spans}


if __name__ == "__main__":
    main()

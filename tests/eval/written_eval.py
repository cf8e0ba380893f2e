"""Figures of the PHI scrubber on notes written for this project by a hand that had not seen its rules.

`written_notes/*.txt`: documents between lines of `---`, identifiers as {TYPE text}. The tagger learns from
those named `_a` and `_b`; of the others look at the figures only. Nobody in them exists.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from hntai.domain.deidentification import find_phi
from tests.eval.phi_counts import HEADS, Document, Tally, count, summed
from tests.unit.marked_notes import MARK

_FOLDER = Path(__file__).parent / "written_notes"
_LEARNED = ("_a", "_b")
_BETWEEN = re.compile(r"(?m)^---[ \t]*$\n?")
_FLOORS = {
    "clean_d": (0.0, 0.3),
    "dense_d": (0.98, 1.3),
    "queries_c": (0.94, 2.8),
    "queries_d": (0.985, 0.5),
    "traps_d": (0.95, 2.5),
    "visits_c": (0.95, 2.1),
    "visits_d": (0.983, 0.7),
}
"""Fewest characters found, as a share, and most clean characters hidden, in percent."""


def evaluate() -> tuple[dict[str, Tally], list[str]]:
    """Prints each set; tallies of those the tagger has not learned from, and what is below its floor."""
    print(HEADS)
    below: list[str] = []
    unread: dict[str, Tally] = {}
    for path in sorted(_FOLDER.glob("*.txt")):
        tally = _tally(path)
        print(tally.line(path.stem))
        print(f"    {tally.types_line()}")
        if not path.stem.endswith(_LEARNED):
            unread[path.stem] = tally
            below += tally.below(path.stem, *_FLOORS.get(path.stem, (0.0, 100.0)))
    whole = summed(unread.values())
    print(whole.line("all unseen"))
    print(f"    {whole.types_line()}")
    return unread, below


def _tally(path: Path) -> Tally:
    tally = Tally()
    for document in written(path):
        started = time.perf_counter()
        spans = find_phi(document["text"])
        seconds = time.perf_counter() - started
        count(tally, document, [(span.start, span.end) for span in spans], seconds)
    return tally


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

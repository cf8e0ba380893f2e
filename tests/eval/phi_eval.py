"""Figures of the PHI scrubber on the development notes: recall, precision, clean text hidden, speed.

FOLDER holds `data/phi/*.jsonl` (default: HNTAI_SHARED, else ../shared). Only letters and digits count; the
ranges a document marks as neutral and titles count neither way, as in the scorer that came with the notes.

Below, each set again with a tagger that has not seen it (`left_out/`: taught from all but the set it names).
The written rules have seen every set; figures on text nobody has seen will be lower.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path

from hntai.domain.deidentification import SCRUBBER, DeidentificationOptions, Recall, find_phi
from hntai.domain.recognizers import BALANCED
from hntai.domain.recognizers.tagged import recognize_tagged, with_weights
from hntai.domain.spans import Recognizer
from hntai.domain.tagger.native import Tagger
from tests.eval.phi_counts import HEADS, Tally, count, documents

LEFT_OUT = Path(__file__).parent / "left_out"
_FLOORS = {
    "aci_phi_dev": (0.992, 0.3),
    "adversarial_dev": (0.97, 2.0),
    "mts_negatives_dev": (0.0, 0.35),
    "outis_base_dev": (0.98, 1.0),
    "presidio_research_general": (0.87, 5.0),
}
"""Fewest characters found, and most clean characters hidden in percent: what the product must hold."""


def evaluate() -> tuple[dict[str, Tally], list[str]]:
    """Prints each set; tallies by taggers that have not seen the set, and what is below its floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", default=os.environ.get("HNTAI_SHARED", "../shared"))
    parser.add_argument("--limit", type=int, default=0, help="documents of each set; 0 for all")
    parser.add_argument("--recall", choices=list(Recall), default=Recall.balanced)
    arguments = parser.parse_args()
    sets = sorted((Path(arguments.folder) / "data" / "phi").glob("*.jsonl"))
    if not sets:
        print("PHI evaluation: no notes here (give the folder that holds data/phi); nothing was measured.")
        return {}, []
    print(f"{SCRUBBER}, recall {arguments.recall}")
    print(HEADS)
    options = DeidentificationOptions(recall=Recall(arguments.recall))
    for path in sets:
        tally = _tally(path, arguments.limit, options)
        print(tally.line(path.stem))
        print(f"    {tally.types_line()}")
    if options.recall is Recall.high:
        return {}, []
    return _evaluate_unseen(sets, arguments.limit)


def _evaluate_unseen(sets: Sequence[Path], limit: int) -> tuple[dict[str, Tally], list[str]]:
    print("each set with a tagger taught without it")
    below: list[str] = []
    tallies: dict[str, Tally] = {}
    for path in sets:
        weights = (LEFT_OUT / f"{path.stem}.bin").read_bytes()
        tally = tallies[path.stem] = _tally(path, limit, DeidentificationOptions(), left_out(Tagger(weights)))
        print(tally.line(path.stem), flush=True)
        if not limit:
            below += tally.below(path.stem, *_FLOORS.get(path.stem, (0.0, 100.0)))
    return tallies, below


def left_out(tagger: Tagger) -> tuple[Recognizer, ...]:
    """The balanced recognizers with another tagger."""
    rules = tuple(recognizer for recognizer in BALANCED if recognizer is not recognize_tagged)
    return (*rules, with_weights(tagger))


def _tally(
    path: Path,
    limit: int,
    options: DeidentificationOptions,
    recognizers: tuple[Recognizer, ...] | None = None,
) -> Tally:
    tally = Tally()
    for document in documents(path, limit):
        started = time.perf_counter()
        spans = find_phi(document["text"], options, recognizers=recognizers)
        seconds = time.perf_counter() - started
        count(tally, document, [(span.start, span.end) for span in spans], seconds)
    return tally

"""Figures of the PHI scrubber on the development notes: recall, precision, clean text hidden, speed.

    python -m tests.eval.phi_eval [FOLDER] [--limit N]

FOLDER holds `data/phi/*.jsonl` (default: HNTAI_SHARED, else ../shared). Only letters and digits count; the
ranges a document marks as neutral and titles count neither way, as in the scorer that came with the notes.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from hntai.domain.deidentification import SCRUBBER, DeidentificationOptions, Recall, find_phi
from tests.eval.phi_counts import HEADS, Document, Tally, count, documents


def main() -> None:
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
        return
    print(f"{SCRUBBER}, recall {arguments.recall}")
    print(HEADS)
    options = DeidentificationOptions(recall=Recall(arguments.recall))
    for path in sets:
        tally = Tally()
        for document in documents(path, arguments.limit):
            _count(tally, document, options)
        print(tally.line(path.stem))
        print(f"    {tally.types_line()}")


def _count(tally: Tally, document: Document, options: DeidentificationOptions) -> None:
    started = time.perf_counter()
    spans = find_phi(document["text"], options)
    seconds = time.perf_counter() - started
    count(tally, document, [(span.start, span.end) for span in spans], seconds)


if __name__ == "__main__":
    main()

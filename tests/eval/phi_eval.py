"""Figures of the PHI scrubber on the development notes: recall, precision, clean text hidden, speed.

    python -m tests.eval.phi_eval [FOLDER] [--limit N]

FOLDER holds `data/phi/*.jsonl` (default: HNTAI_SHARED, else ../shared). Only letters and digits count; the
ranges a document marks as neutral and titles count neither way, as in the scorer that came with the notes.

Below, each set again with learned weights that have not seen it: fitted to the other sets and the carriers.
The written rules have seen every set; figures on text nobody has seen will be lower.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hntai.domain.deidentification import SCRUBBER, DeidentificationOptions, Recall, find_phi
from hntai.domain.recognizers import BALANCED
from hntai.domain.recognizers.learned_names import BALANCED_ODDS
from hntai.domain.recognizers.listed_names import BALANCED_POINTS
from hntai.domain.recognizers.uncued_names import recognize_uncued_names, uncued_names
from hntai.domain.spans import Recognizer
from hntai_local.name_training import carrier_examples, fit, marked_examples

_TITLE = re.compile(
    r"\b(?:Drs?|Mr|Mrs|Ms|Miss|Mx|Prof|Nurse|Doctor|RN|MD|M\.D|DO|D\.O|NP|PA|PA-C|PharmD|RD|CRNA|PhD|Jr|Sr|II|III)\b\.?",
    re.IGNORECASE,
)
_LEADING_TITLE = re.compile(r"(?:Dr|Mr|Mrs|Ms|Miss|Nurse|Doctor)\b\.?(?=.)", re.IGNORECASE)

Document = dict[str, Any]


_FLOORS = {
    "aci_phi_dev": (0.985, 0.5),
    "adversarial_dev": (0.92, 5.0),
    "mts_negatives_dev": (0.0, 0.5),
    "outis_base_dev": (0.98, 1.0),
}
"""Fewest characters found, and most clean characters hidden in percent: what the product must hold."""


@dataclass(slots=True)
class Tally:
    """Counts over the documents of one set."""

    documents: int = 0
    characters: int = 0
    seconds: float = 0.0
    found: int = 0
    missed: int = 0
    wrong: int = 0
    clean: int = 0
    clean_documents: int = 0
    clean_touched: int = 0
    types: Counter[str] = field(default_factory=Counter)
    """Characters found under `TYPE`, missed under `-TYPE`; leaked spans under `leak`, all under `span`."""

    def line(self, name: str) -> str:
        hidden = 100 * _ratio(self.wrong, self.wrong + self.clean)
        touched = 100 * _ratio(self.clean_touched, self.clean_documents)
        return (
            f"{name:28}{self.documents:6}{_ratio(self.found, self.found + self.missed):9.4f}"
            f"{_ratio(self.found, self.found + self.wrong):10.4f}{hidden:9.2f}{touched:10.1f}"
            f"{1000 * _ratio(self.types['leak'], self.types['span']):9.1f}"
            f"{self.characters / max(self.seconds, 1e-9):12,.0f}"
        )

    def below_floor(self, name: str) -> list[str]:
        """What is worse than it has to be, in words."""
        recall, hidden = _FLOORS.get(name, (0.0, 100.0))
        measured = _ratio(self.found, self.found + self.missed)
        wrong = 100 * _ratio(self.wrong, self.wrong + self.clean)
        return [
            *([f"{name} recall {measured:.4f} < {recall}"] if measured < recall else []),
            *([f"{name} hidden {wrong:.2f} % > {hidden} %"] if wrong > hidden else []),
        ]

    def types_line(self) -> str:
        names = sorted(name for name in self.types if name.isupper() and not name.startswith("-"))
        return "  ".join(
            f"{name} {_ratio(self.types[name], self.types[name] + self.types['-' + name]):.3f}"
            for name in names
        )


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
    heads = f"{'set':28}{'docs':>6}{'recall':>9}{'precision':>10}{'hidden%':>9}{'touched%':>10}{'leak/1k':>9}"
    print(f"{heads}{'chars/s':>12}")
    options = DeidentificationOptions(recall=Recall(arguments.recall))
    for path in sets:
        tally = _tally(path, arguments.limit, options)
        print(tally.line(path.stem))
        print(f"    {tally.types_line()}")
    if options.recall is Recall.high:
        return
    print("each set with learned weights fitted without it")
    carriers = list(carrier_examples())
    below: list[str] = []
    for path in sets:
        weights = fit([*marked_examples(path.parent, without=path.stem), *carriers])
        tally = _tally(path, arguments.limit, options, left_out(weights))
        print(tally.line(path.stem), flush=True)
        if not arguments.limit:
            below += tally.below_floor(path.stem)
    if below:
        sys.exit("below the floor: " + "; ".join(below))


def left_out(weights: Mapping[str, float]) -> tuple[Recognizer, ...]:
    """The balanced recognizers, the learned one with these weights."""
    return (
        *(recognizer for recognizer in BALANCED if recognizer is not recognize_uncued_names),
        lambda text: uncued_names(text, weights, BALANCED_POINTS, BALANCED_ODDS),
    )


def _tally(
    path: Path,
    limit: int,
    options: DeidentificationOptions,
    recognizers: tuple[Recognizer, ...] | None = None,
) -> Tally:
    tally = Tally()
    for document in _documents(path, limit):
        _count(tally, document, options, recognizers)
    return tally


def _documents(path: Path, limit: int) -> Iterator[Document]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit and number >= limit:
                return
            yield json.loads(line)


def _count(
    tally: Tally,
    document: Document,
    options: DeidentificationOptions,
    recognizers: tuple[Recognizer, ...] | None,
) -> None:
    text = document["text"]
    started = time.perf_counter()
    spans = find_phi(text, options, recognizers=recognizers)
    tally.seconds += time.perf_counter() - started
    tally.documents += 1
    tally.characters += len(text)
    hidden = _covered(len(text), [(span.start, span.end) for span in spans])
    neutral = _neutral(document)
    wrong = _count_characters(tally, document, hidden, neutral)
    if not document["spans"]:
        tally.clean_documents += 1
        tally.clean_touched += wrong > 0
    _count_spans(tally, document, hidden, neutral)


def _count_characters(tally: Tally, document: Document, hidden: bytearray, neutral: bytearray) -> int:
    """Adds characters found, missed, wrongly hidden and left; gives those wrongly hidden."""
    gold = _covered(len(document["text"]), [(span["start"], span["end"]) for span in document["spans"]])
    counts = Counter(
        (gold[place], hidden[place])
        for place, sign in enumerate(document["text"])
        if sign.isalnum() and not neutral[place]
    )
    tally.found += counts[1, 1]
    tally.missed += counts[1, 0]
    tally.wrong += counts[0, 1]
    tally.clean += counts[0, 0]
    return counts[0, 1]


def _count_spans(tally: Tally, document: Document, hidden: bytearray, neutral: bytearray) -> None:
    text = document["text"]
    for span in document["spans"]:
        places = [
            place
            for place in range(span["start"], span["end"])
            if text[place].isalnum() and not neutral[place]
        ]
        covered = sum(hidden[place] for place in places)
        tally.types[span["type"]] += covered
        tally.types["-" + span["type"]] += len(places) - covered
        tally.types["span"] += bool(places)
        tally.types["leak"] += covered < len(places)


def _neutral(document: Document) -> bytearray:
    """Characters that count neither way: titles, marked ranges; a gold span counts but for its title."""
    text = document["text"]
    result = _covered(
        len(text), [match.span() for match in _TITLE.finditer(text)] + document.get("ignore", [])
    )
    for span in document["spans"]:
        start, end = span["start"], span["end"]
        result[start:end] = bytes(end - start)
        title = _LEADING_TITLE.match(text, start, end) if span["type"] == "NAME" else None
        if title:
            result[start : title.end()] = b"\1" * (title.end() - start)
    return result


def _covered(length: int, ranges: list[tuple[int, int]]) -> bytearray:
    result = bytearray(length)
    for start, end in ranges:
        result[start:end] = b"\1" * (end - start)
    return result


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


if __name__ == "__main__":
    main()

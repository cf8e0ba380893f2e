"""Extraction in figures: denials, the past, drugs, diseases, problems; scores, speed; others beside it.

    python -m tests.eval.extraction_eval [FOLDER] [--peers PYTHON]

Entities count as found where they overlap one that was marked (relaxed). No rule, list or weight is computed
from these sets, but they are the development sets: rules and lists were written with their errors in view. So
every figure stands a second time, by lists without the entries that only the set itself has
(extraction_left_out.py). Assertions are asked of the marked concepts, whatever extraction itself finds there;
one line says how many of the denied concepts it finds and denies. Scores are held to the sets they were not
drawn from (extraction_scores.py). PYTHON is the interpreter of make/peers.mk's environment. A goal that is
missed fails the run.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Final

from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.entities import Assertion
from hntai.domain.extraction.extract import extract
from hntai.domain.extraction.note import read_note
from tests.eval import extraction_peers, extraction_scores
from tests.eval.extraction_counts import (
    CONCEPTS,
    FOLDER,
    SAID,
    SETS,
    Counts,
    Places,
    Row,
    Said,
    Set,
    found_counts,
    is_said,
    meets,
    rows,
    said_counts,
)
from tests.eval.extraction_left_out import left_out_counts

_NOTE_CHARS: Final = 100_000
_NOTE_MS: Final = 300


def evaluate(folder: Path) -> list[str]:
    """Prints the table; what misses its goal. What only misses it left out is said, and fails nothing."""
    below = []
    concepts = rows(folder, CONCEPTS)
    alone = left_out_counts(folder)
    for said in SAID:
        below += _line(said, said_counts(concepts, answers(concepts), said.wanted), alone[said.title])
    for one in SETS:
        documents = rows(folder, one.file)
        below += _line(one, found_counts(documents, found(documents, one), one), alone[one.title])
    hit, denied, of = _denied_end_to_end(concepts)
    print(f"{'denied concepts':30}found {hit} of {of}, and denied {denied}")
    below += extraction_scores.show(folder)
    _show_speed(folder)
    return below


def answers(concepts: list[Row]) -> list[str]:
    """What we say of each concept."""
    return [_answer(row) for row in concepts]


def _answer(row: Row) -> str:
    note = read_note(row["text"])
    return Assertions(note).of(note.words.at(row["start"]))


def found(documents: list[Row], one: Set) -> list[Places]:
    """Where we find what a set asks for, in each document."""
    return [
        [(e.start, e.end) for e in extract(row["text"]).entities if e.kind in one.kinds] for row in documents
    ]


def _line(one: Said | Set, counts: Counts, alone: Counts) -> list[str]:
    is_met = counts.f1 >= one.goal
    verdict = "NOT MET" if not is_met else "met" if alone.f1 >= one.goal else "met, left out NOT MET"
    print(f"{one.title:30}{counts.told()}  left out {alone.f1:.3f}  goal {one.goal:.3f} {verdict}")
    return [] if is_met else [one.title]


def _denied_end_to_end(concepts: list[Row]) -> tuple[int, int, int]:
    hit = denied = of = 0
    for row in concepts:
        if not is_said(row, Assertion.NEGATED):
            continue
        place = (row["start"], row["end"])
        said = [e.assertion for e in extract(row["text"]).entities if meets(place, [(e.start, e.end)])]
        of, hit, denied = of + 1, hit + bool(said), denied + (Assertion.NEGATED in said)
    return hit, denied, of


def _show_speed(folder: Path) -> None:
    text = "\n\n".join(row["reference"] for row in rows(folder, "aci_bench_note"))
    text = (text * (_NOTE_CHARS // len(text) + 1))[:_NOTE_CHARS]
    extract(text[:1000])
    took_ms = min(_milliseconds(text) for _ in range(5))
    print(f"{'a note of 100,000 characters':30}{took_ms:.0f} ms of one core, goal {_NOTE_MS} ms")


def _milliseconds(text: str) -> float:
    """Of the processor: others may share it."""
    began = time.process_time()
    extract(text)
    return 1000 * (time.process_time() - began)


def _compare(folder: Path, python: Path | None) -> None:
    if python is None or not python.exists():
        print("others beside us: NOT MEASURED, their environment is not there (make eval PEERS=1 makes it)")
        return
    print("others, on the same texts and counted the same:")
    extraction_peers.compare(folder, python)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--peers", type=Path)
    asked = parser.parse_args()
    if not asked.folder.exists():
        print(f"no data in {asked.folder}: nothing to measure")
        return
    below = evaluate(asked.folder)
    _compare(asked.folder, asked.peers)
    if below:
        sys.exit("below the goal: " + "; ".join(below))


if __name__ == "__main__":
    main()

"""Extraction in figures: denials, the past, drugs, diseases, problems on data/clinical/text; its speed.

    python -m tests.eval.extraction_eval [FOLDER]

Entities count as found where they overlap one that was marked (relaxed). Nothing is learned from these sets,
but they are the development sets: rules and lists were written with their errors in view, so that other texts
will give somewhat less. Assertions are asked of the marked concepts, whatever extraction itself finds there;
one line says how many of the denied concepts it finds and denies. A goal that is missed fails the run.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.entities import Assertion, Kind
from hntai.domain.extraction.extract import extract
from hntai.domain.extraction.note import read_note

FOLDER: Final = Path(os.environ.get("HNTAI_SHARED", "../shared")) / "data" / "clinical" / "text"
_DRUGS: Final = (Kind.MEDICATIONS, Kind.ALLERGIES)
_PROBLEMS: Final = (Kind.PROBLEMS, Kind.FAMILY_HISTORY)
_NOTE_CHARS: Final = 100_000
_NOTE_MS: Final = 300


class Counts(NamedTuple):
    hit: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, 2 * self.hit + self.extra + self.missed)

    def told(self) -> str:
        precision, recall = (self.hit / max(1, self.hit + other) for other in (self.extra, self.missed))
        return f"F1 {self.f1:.3f}  P {precision:.3f}  R {recall:.3f}"


class Set(NamedTuple):
    title: str
    file: str
    kinds: tuple[Kind, ...]
    marks: frozenset[str]
    goal: float


SETS: Final = (
    Set("drugs, case reports", "maccrobat_cases", _DRUGS, frozenset({"Medication"}), 0.75),
    Set("drugs, abstracts", "bc5cdr_ner", _DRUGS, frozenset({"Chemical"}), 0.78),
    Set("diseases, abstracts (BC5CDR)", "bc5cdr_ner", _PROBLEMS, frozenset({"Disease"}), 0.55),
    Set("diseases, abstracts (NCBI)", "ncbi_disease_ner", _PROBLEMS, frozenset({"Disease"}), 0.55),
    Set(
        "problems, case reports",
        "maccrobat_cases",
        _PROBLEMS,
        frozenset({"Disease_disorder", "Sign_symptom"}),
        0.50,
    ),
)


ASSERTIONS: Final = (("negation", Assertion.NEGATED, 0.965), ("historical", Assertion.HISTORICAL, 0.75))


def evaluate(folder: Path) -> list[str]:
    """Prints the table; what misses its goal."""
    below = []
    rows = list(_rows(folder, "negex_context"))
    for title, wanted, goal in (
        ("negation", Assertion.NEGATED, 0.965),
        ("historical", Assertion.HISTORICAL, 0.75),
    ):
        below += _line(title, _assertions(rows, wanted), goal)
    for one in SETS:
        below += _line(one.title, _entities(_rows(folder, one.file), one), one.goal)
    found, denied, of = _denied_end_to_end(rows)
    print(f"{'denied concepts':30}found {found} of {of}, and denied {denied}")
    text = "\n\n".join(row["reference"] for row in _rows(folder, "aci_bench_note"))
    text = (text * (_NOTE_CHARS // len(text) + 1))[:_NOTE_CHARS]
    extract(text[:1000])
    took_ms = min(_milliseconds(text) for _ in range(3))
    print(f"{'a note of 100,000 characters':30}{took_ms:.0f} ms, goal {_NOTE_MS} ms")
    return below


def _milliseconds(text: str) -> float:
    began = time.perf_counter()
    extract(text)
    return 1000 * (time.perf_counter() - began)


def _line(title: str, counts: Counts, goal: float) -> list[str]:
    print(f"{title:30}{counts.told()}  goal {goal:.3f} {'met' if counts.f1 >= goal else 'NOT MET'}")
    return [] if counts.f1 >= goal else [title]


def _rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _assertions(rows: Iterable[dict[str, Any]], wanted: Assertion) -> Counts:
    hit = extra = missed = 0
    for row in rows:
        note = read_note(row["text"])
        said = Assertions(note).of(note.words.at(row["start"])) is wanted
        is_so = _is(row, wanted)
        hit, extra, missed = (
            hit + (said and is_so),
            extra + (said and not is_so),
            missed + (is_so and not said),
        )
    return Counts(hit, extra, missed)


def _is(row: dict[str, Any], wanted: Assertion) -> bool:
    if wanted is Assertion.NEGATED:
        return bool(row["negation"] == "negated")
    return (row["negation"], row["temporality"], row["experiencer"]) == ("affirmed", "historical", "patient")


def _entities(rows: Iterable[dict[str, Any]], one: Set) -> Counts:
    hit = extra = missed = 0
    for row in rows:
        marked = [(mark["start"], mark["end"]) for mark in row["entities"] if mark["type"] in one.marks]
        found = [(e.start, e.end) for e in extract(row["text"]).entities if e.kind in one.kinds]
        met = sum(_meets(mark, found) for mark in marked)
        hit, missed = hit + met, missed + len(marked) - met
        extra += sum(not _meets(place, marked) for place in found)
    return Counts(hit, extra, missed)


def _meets(place: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < place[1] and place[0] < end for start, end in others)


def _denied_end_to_end(rows: Iterable[dict[str, Any]]) -> tuple[int, int, int]:
    found = denied = of = 0
    for row in rows:
        if not _is(row, Assertion.NEGATED):
            continue
        place = (row["start"], row["end"])
        said = [e.assertion for e in extract(row["text"]).entities if _meets(place, [(e.start, e.end)])]
        of, found, denied = of + 1, found + bool(said), denied + (Assertion.NEGATED in said)
    return found, denied, of


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not folder.exists():
        print(f"no data in {folder}: nothing to measure")
        return
    if below := evaluate(folder):
        sys.exit("below the goal: " + "; ".join(below))


if __name__ == "__main__":
    main()

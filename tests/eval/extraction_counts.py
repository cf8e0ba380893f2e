"""What extraction is held to on data/clinical/text, and how it is counted: for us and for others alike."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from hntai.domain.extraction.entities import Assertion, Kind

FOLDER: Final = Path(os.environ.get("HNTAI_SHARED", "../shared")) / "data" / "clinical" / "text"

Row = dict[str, Any]
Places = Sequence[tuple[int, int]]


class Counts(NamedTuple):
    hit: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.hit / max(1, self.hit + self.extra)

    @property
    def recall(self) -> float:
        return self.hit / max(1, self.hit + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, 2 * self.hit + self.extra + self.missed)

    def told(self) -> str:
        return f"F1 {self.f1:.3f}  P {self.precision:.3f}  R {self.recall:.3f}"


class Set(NamedTuple):
    title: str
    file: str
    kinds: tuple[Kind, ...]
    marks: frozenset[str]
    goal: float


class Said(NamedTuple):
    title: str
    wanted: Assertion
    goal: float


_DRUGS: Final = (Kind.MEDICATIONS, Kind.ALLERGIES)
_PROBLEMS: Final = (Kind.PROBLEMS, Kind.FAMILY_HISTORY)
_SYMPTOMS: Final = frozenset({"Disease_disorder", "Sign_symptom"})
CONCEPTS: Final = "negex_context"
SAID: Final = (Said("negation", Assertion.NEGATED, 0.965), Said("historical", Assertion.HISTORICAL, 0.75))
SETS: Final = (
    Set("drugs, case reports", "maccrobat_cases", _DRUGS, frozenset({"Medication"}), 0.75),
    Set("drugs, abstracts", "bc5cdr_ner", _DRUGS, frozenset({"Chemical"}), 0.78),
    Set("diseases, abstracts (BC5CDR)", "bc5cdr_ner", _PROBLEMS, frozenset({"Disease"}), 0.55),
    Set("diseases, abstracts (NCBI)", "ncbi_disease_ner", _PROBLEMS, frozenset({"Disease"}), 0.55),
    Set("problems, case reports", "maccrobat_cases", _PROBLEMS, _SYMPTOMS, 0.50),
)


def rows(folder: Path, name: str) -> list[Row]:
    """The documents of a set."""
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def is_said(row: Row, wanted: Assertion) -> bool:
    """Whether annotators said so of the concept of a row."""
    if wanted is Assertion.NEGATED:
        return bool(row["negation"] == "negated")
    return (row["negation"], row["temporality"], row["experiencer"]) == ("affirmed", "historical", "patient")


def said_counts(concepts: Iterable[Row], answers: Iterable[str], wanted: Assertion) -> Counts:
    """answers: what was said of each concept, in the order of the rows."""
    hit = extra = missed = 0
    for row, answer in zip(concepts, answers, strict=True):
        said, is_so = answer == wanted, is_said(row, wanted)
        hit, extra, missed = (
            hit + (said and is_so),
            extra + (said and not is_so),
            missed + (is_so and not said),
        )
    return Counts(hit, extra, missed)


def marked(row: Row, one: Set) -> list[tuple[int, int]]:
    """Where annotators saw what the set asks for."""
    return [(mark["start"], mark["end"]) for mark in row["entities"] if mark["type"] in one.marks]


def found_counts(documents: Iterable[Row], found: Iterable[Places], one: Set) -> Counts:
    """Relaxed: what overlaps a mark is found. found: the places in each document, in their order."""
    hit = extra = missed = 0
    for row, places in zip(documents, found, strict=True):
        marks = marked(row, one)
        met = sum(meets(mark, places) for mark in marks)
        hit, missed = hit + met, missed + len(marks) - met
        extra += sum(not meets(place, marks) for place in places)
    return Counts(hit, extra, missed)


def meets(place: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < place[1] and place[0] < end for start, end in others)

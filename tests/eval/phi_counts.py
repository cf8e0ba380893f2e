"""Counts of one scrubber over development notes: characters found, missed, wrongly hidden; spans that leak.

Only letters and digits count; the ranges a document marks as neutral and titles count neither way, as in the
scorer that came with the notes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TITLE = re.compile(
    r"\b(?:Drs?|Mr|Mrs|Ms|Miss|Mx|Prof|Nurse|Doctor|RN|MD|M\.D|DO|D\.O|NP|PA|PA-C|PharmD|RD|CRNA|PhD|Jr|Sr|II|III)\b\.?",
    re.IGNORECASE,
)
_LEADING_TITLE = re.compile(r"(?:Dr|Mr|Mrs|Ms|Miss|Nurse|Doctor)\b\.?(?=.)", re.IGNORECASE)

Document = dict[str, Any]

HEADS = (
    f"{'set':28}{'docs':>6}{'recall':>9}{'precision':>10}{'hidden%':>9}{'touched%':>10}{'leak/1k':>9}"
    f"{'chars/s':>12}"
)
"""Over the columns of Tally.line."""


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
    """Characters found under `TYPE`, missed under `-TYPE`, spans under `#TYPE`; all spans under `span`, those
    leaked under `leak`."""

    @property
    def recall(self) -> float:
        return _ratio(self.found, self.found + self.missed)

    @property
    def precision(self) -> float:
        return _ratio(self.found, self.found + self.wrong)

    @property
    def hidden_percent(self) -> float:
        """Of the letters and digits that identify nobody."""
        return 100 * _ratio(self.wrong, self.wrong + self.clean)

    @property
    def touched_percent(self) -> float:
        """Of the documents without any identifier, those in which something was hidden."""
        return 100 * _ratio(self.clean_touched, self.clean_documents)

    @property
    def leaks(self) -> float:
        """Of 1,000 identifiers, those of which a letter or digit was left."""
        return 1000 * _ratio(self.types["leak"], self.types["span"])

    def by_type(self) -> Iterator[tuple[str, float, int]]:
        """Each type, the share of its characters found, and how many spans it has."""
        for name in sorted(name for name in self.types if name.isupper() and name[0].isalpha()):
            share = _ratio(self.types[name], self.types[name] + self.types["-" + name])
            yield name, share, self.types["#" + name]

    def line(self, name: str) -> str:
        return (
            f"{name:28}{self.documents:6}{self.recall:9.4f}"
            f"{self.precision:10.4f}{self.hidden_percent:9.2f}{self.touched_percent:10.1f}"
            f"{self.leaks:9.1f}"
            f"{self.characters / max(self.seconds, 1e-9):12,.0f}"
        )

    def below(self, name: str, recall: float, hidden: float) -> list[str]:
        """What is worse than it has to be, in words: fewer found, as a share, or more hidden, in percent."""
        result = []
        if self.recall < recall:
            result.append(f"{name} recall {self.recall:.4f} < {recall}")
        if self.hidden_percent > hidden:
            result.append(f"{name} hidden {self.hidden_percent:.2f} % > {hidden} %")
        return result

    def types_line(self) -> str:
        return "  ".join(f"{name} {share:.3f}" for name, share, _ in self.by_type())


def summed(tallies: Iterable[Tally]) -> Tally:
    """One tally of all."""
    whole = Tally()
    for tally in tallies:
        for name in ("documents", "characters", "seconds", "found", "missed", "wrong", "clean"):
            setattr(whole, name, getattr(whole, name) + getattr(tally, name))
        whole.clean_documents += tally.clean_documents
        whole.clean_touched += tally.clean_touched
        whole.types.update(tally.types)
    return whole


def documents(path: Path, limit: int = 0) -> Iterator[Document]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit and number >= limit:
                return
            yield json.loads(line)


def count(tally: Tally, document: Document, ranges: Sequence[tuple[int, int]], seconds: float) -> None:
    """Adds one document: ranges are what the scrubber hid of it, half-open."""
    text = document["text"]
    tally.seconds += seconds
    tally.documents += 1
    tally.characters += len(text)
    hidden = _covered(len(text), ranges)
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
        tally.types["#" + span["type"]] += bool(places)
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


def _covered(length: int, ranges: Sequence[tuple[int, int]]) -> bytearray:
    result = bytearray(length)
    for start, end in ranges:
        result[start:end] = b"\1" * (end - start)
    return result


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")

"""Figures on a set by lists without what only that set has, as if nobody had looked at it.

    python -m tests.eval.extraction_left_out FOLDER FILE    (one set, JSON on stdout)

Lists written by hand (problems, their heads and modifiers, names of drugs we chose, cues) lose every entry
that stands in the set's texts and in no other file of the folder. Lists made whole from a terminology stay:
ICD-10-CM's terms, DrugBank's names, whatever the sets hold. So does what code says of endings and of the
reach of cues.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import hntai.domain.lexicons as lexicons
from tests.eval.extraction_counts import CONCEPTS, SAID, SETS, Counts, found_counts, rows, said_counts

_OURS: Final = {
    "problem_terms": "|",
    "problem_heads": "",
    "problem_modifiers": "",
    "drug_classes": "",
    "assertion_cues": "|",
}
"""Lists by hand, and what parts the entries of a line; nothing: a line is one."""


def left_out_counts(folder: Path) -> dict[str, Counts]:
    """Counts by the title of the task, each with its own set left out; in a process for each set."""
    counts: dict[str, Counts] = {}
    for file in sorted({CONCEPTS, *(one.file for one in SETS)}):
        command = [sys.executable, "-m", "tests.eval.extraction_left_out", str(folder), file]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        counts |= {title: Counts(*listed) for title, listed in json.loads(done.stdout).items()}
    return counts


def _texts(file: Path) -> str:
    """All a file says, small, its words parted by single blanks."""
    with file.open(encoding="utf-8") as lines:
        said = " ".join(_strings(json.loads(line)) for line in lines)
    return f" {' '.join(re.findall(r'[a-z0-9]+', said.lower()))} "


def _strings(value: object) -> str:
    if isinstance(value, str):
        return value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return " ".join(map(_strings, parts))


class _Left:
    """The lists without what only one set has."""

    def __init__(self, folder: Path, file: str) -> None:
        self._own = _texts(folder / f"{file}.jsonl")
        self._others = " ".join(
            _texts(other) for other in sorted(folder.glob("*.jsonl")) if other.stem != file
        )
        self._whole = lexicons.ordered

    def ordered(self, name: str) -> tuple[str, ...]:
        lines = self._whole(name)
        return tuple(self._kept(name, lines)) if name in _OURS else lines

    def lexicon(self, name: str) -> frozenset[str]:
        return frozenset(self.ordered(name))

    def _kept(self, name: str, lines: tuple[str, ...]) -> Iterator[str]:
        parted = _OURS[name]
        for line in lines:
            head, tab, rest = line.partition("\t")
            if not parted:
                if not self._is_own(head):
                    yield line
                continue
            entries = [entry for entry in rest.split(parted) if not self._is_own(entry)]
            if entries:
                yield f"{head}{tab}{parted.join(entries)}"

    def _is_own(self, entry: str) -> bool:
        said = f" {' '.join(re.findall(r'[a-z0-9]+', entry.lower()))} "
        return said.strip() != "" and said in self._own and said not in self._others


def main(folder: Path, file: str) -> None:
    left = _Left(folder, file)
    lexicons.ordered, lexicons.lexicon = left.ordered, left.lexicon  # type: ignore[assignment]
    from tests.eval.extraction_eval import answers, found  # after the lists are changed: they are read once

    documents = rows(folder, file)
    counts: dict[str, Counts] = {}
    if file == CONCEPTS:
        told = answers(documents)
        counts = {one.title: said_counts(documents, told, one.wanted) for one in SAID}
    for one in SETS:
        if one.file == file:
            counts[one.title] = found_counts(documents, found(documents, one), one)
    print(json.dumps(counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

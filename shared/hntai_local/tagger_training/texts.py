"""Marked texts the tagger learns from: our own (`../training`), and the development notes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from hntai.domain.tagger.native import TYPES

_SAME: Final = {"FAX": "PHONE", "PERSON": "NAME", "STATE": "O"}
_MARK: Final = re.compile(r"\{([A-Z_]+) ([^{}]+)\}")
_BETWEEN: Final = re.compile(r"(?m)^---[ \t]*$\n?")


class Part(NamedTuple):
    """A stretch of a text of one type; IGNORED parts teach nothing."""

    type: str
    text: str


IGNORED: Final = "IGNORED"
Text = tuple[Part, ...]


def kind(type_: str) -> str:
    """The tagger's type for one of the contract's or of the data's."""
    type_ = _SAME.get(type_, type_)
    return type_ if type_ in TYPES else "ID"


def marked_texts(path: Path) -> Iterator[Text]:
    """Texts between lines of `---`, identifiers as {TYPE text}."""
    for document in _BETWEEN.split(path.read_text(encoding="utf-8")):
        if document.strip():
            yield tuple(_parts(document.rstrip("\n")))


def _parts(document: str) -> Iterator[Part]:
    place = 0
    for mark in _MARK.finditer(document):
        if mark.start() > place:
            yield Part("O", document[place : mark.start()])
        yield Part(kind(mark[1]), mark[2])
        place = mark.end()
    if place < len(document):
        yield Part("O", document[place:])


def development_texts(path: Path) -> Iterator[Text]:
    """Notes of data/phi: text, spans, and ranges to ignore."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield tuple(_spans(json.loads(line)))


def _spans(note: dict[str, object]) -> Iterator[Part]:
    text = str(note["text"])
    types = ["O"] * len(text)
    for start, end in note.get("ignore", ()):  # type: ignore[attr-defined]
        types[start:end] = [IGNORED] * (end - start)
    for number, span in enumerate(note["spans"]):  # type: ignore[arg-type,var-annotated]
        types[span["start"] : span["end"]] = [f"{number} {kind(span['type'])}"] * (
            span["end"] - span["start"]
        )
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or types[place] != types[start]:
            yield Part(types[start].split()[-1], text[start:place])
            start = place

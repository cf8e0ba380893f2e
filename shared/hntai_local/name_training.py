"""python -m hntai_local.name_training: learns the weights that recognize_learned_names adds up.

Logistic regression over name_evidence, by AdaGrad, from marked notes ($HNTAI_SHARED/data/phi) and from
carriers of our own (`training/`), filled with listed and invented names. Same text and seed, same weights.
"""

from __future__ import annotations

import json
import math
import os
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from hntai.domain.lexicons import lexicon
from hntai.domain.name_candidates import name_candidates
from hntai.domain.name_evidence import name_evidence
from hntai.domain.recognizers.learned_names import BIAS
from hntai.domain.word_kinds import word_kinds
from hntai_local.state_dir import PROJECT_ROOT

TARGET: Final = PROJECT_ROOT / "shared" / "hntai" / "domain" / "lexicons" / "name_weights.txt"
_CARRIERS: Final = Path(__file__).parent / "training"
_SEED: Final = 20261124
_EPOCHS: Final = 8
_RATE: Final = 0.2
_DECAY: Final = 1e-5
_DROPPED: Final = 0.1
"""Share of facts left out at random each time, so that no single one is leant on."""
_SEEN: Final = 3
"""Times a fact must be met to count."""
_KEPT: Final = 0.05
"""Weights nearer to zero are not written."""
_FILLINGS: Final = 3
_GENRE_WEIGHTS: Final = {"outis_base_dev": 0.6, "aci_phi_dev": 3.0, "mts_negatives_dev": 3.0}
_INITIALS: Final = "ABCDEFGHJKLMNPRSTVW"
_SLOT = re.compile(r"\{([A-Z]+)\}")
_NAMES: Final = frozenset(("FULL", "FIRST", "LAST", "LASTFIRST", "INITLAST"))

Document = Mapping[str, Any]
"""A note as the evaluation data holds it: text, spans with start, end and type, and ranges to ignore."""


class Example(NamedTuple):
    """A candidate with its answer."""

    is_name: bool
    evidence: tuple[str, ...]
    weight: float


def examples(document: Document, weight: float = 1.0) -> Iterator[Example]:
    """The candidates of a note; those that are PHI of another type teach nothing."""
    text = document["text"]
    types: list[str | None] = [None] * len(text)
    for span in document["spans"]:
        types[span["start"] : span["end"]] = [span["type"]] * (span["end"] - span["start"])
    for start, end in document.get("ignore", ()):
        types[start:end] = ["ignored"] * (end - start)
    for part in name_candidates(text, word_kinds()):
        start, end = part[0][0], part[-1][1]
        found = Counter(types[place] for place in range(start, end) if text[place].isalnum())
        (answer, count), total = found.most_common(1)[0], found.total()
        evidence = name_evidence(text, part)
        if evidence and answer in (None, "NAME") and count > total / 2:
            yield Example(answer == "NAME", tuple(evidence), weight)


def fit(rows: Sequence[Example]) -> dict[str, float]:
    """Weights of the facts met often enough, and the bias."""
    chance = random.Random(_SEED)
    often = Counter(fact for row in rows for fact in set(row.evidence))
    known = [
        row._replace(evidence=tuple(fact for fact in row.evidence if often[fact] >= _SEEN)) for row in rows
    ]
    weights: defaultdict[str, float] = defaultdict(float, {BIAS: -1.0})
    squares: defaultdict[str, float] = defaultdict(lambda: 1e-6)
    for _ in range(_EPOCHS):
        chance.shuffle(known)
        for row in known:
            facts = [fact for fact in row.evidence if chance.random() > _DROPPED]
            odds = weights[BIAS] + sum(weights[fact] for fact in facts)
            error = (1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))) - row.is_name) * row.weight
            weights[BIAS] -= _RATE * 0.05 * error
            for fact in facts:
                slope = error + _DECAY * weights[fact]
                squares[fact] += slope * slope
                weights[fact] -= _RATE * slope / math.sqrt(squares[fact])
    return dict(weights)


def marked_examples(folder: Path, without: str = "") -> Iterator[Example]:
    """Those of every set of marked notes but one."""
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem != without:
            for line in path.read_text(encoding="utf-8").splitlines():
                yield from examples(json.loads(line), _GENRE_WEIGHTS.get(path.stem, 1.0))


def carrier_examples() -> Iterator[Example]:
    """Those of our own sentences, each filled several times, and of those without any name."""
    filler = _Filler(random.Random(_SEED))
    for line in _lines("carriers.txt"):
        for _ in range(_FILLINGS):
            yield from examples(filler.filled(line))
    for line in _lines("negatives.txt"):
        yield from examples({"text": line, "spans": ()}, 1.5)


def _lines(name: str) -> list[str]:
    lines = (_CARRIERS / name).read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines if line and not line.startswith("# ")]


class _Filler:
    """Puts listed and invented names into the slots of a carrier."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._given = sorted(lexicon("first_names"))
        self._family = sorted(lexicon("surnames"))
        self._places = sorted(lexicon("places"))
        self._drugs = sorted(lexicon("drugs"))

    def filled(self, carrier: str) -> Document:
        """The sentence, and where its names are."""
        text, place = "", 0
        spans: list[dict[str, Any]] = []
        loud = self._chance.random() < 0.08
        for slot in _SLOT.finditer(carrier):
            text += carrier[place : slot.start()]
            value = self._value(slot[1])
            if loud:
                value = value.upper()
            if slot[1] != "OPENDRUG":
                type_ = "NAME" if slot[1] in _NAMES else "LOCATION"
                spans.append({"start": len(text), "end": len(text) + len(value), "type": type_})
            text, place = text + value, slot.end()
        return {"text": text + carrier[place:], "spans": spans}

    def _value(self, slot: str) -> str:
        values: Mapping[str, Callable[[], str]] = {
            "FIRST": self._first,
            "FULL": lambda: f"{self._first()} {self._middle()}{self._last()}",
            "LASTFIRST": lambda: f"{self._last()}, {self._first()}",
            "INITLAST": lambda: f"{self._chance.choice(_INITIALS)}. {self._last()}",
            "CITY": lambda: self._chance.choice(self._places).title(),
            "OPENDRUG": lambda: self._one_of(self._drugs, invented=0.7),
        }
        return values.get(slot, self._last)()

    def _first(self) -> str:
        return self._one_of(self._given, invented=0.35)

    def _last(self) -> str:
        last = self._one_of(self._family, invented=0.45)
        return f"{last}-{self._one_of(self._family, invented=0.4)}" if self._chance.random() < 0.07 else last

    def _middle(self) -> str:
        return f"{self._chance.choice(_INITIALS)}. " if self._chance.random() < 0.12 else ""

    def _one_of(self, words: Sequence[str], *, invented: float) -> str:
        """A word of the list, or the head of one with the tail of another, which few lists hold."""
        word = self._chance.choice(words)
        if self._chance.random() < invented:
            other = self._chance.choice(words)
            word = word[: max(2, len(word) // 2 + 1)] + other[-max(2, len(other) // 2) :]
        return word.capitalize()


def written(weights: Mapping[str, float]) -> str:
    """The file of weights, the greatest first."""
    kept = sorted(
        ((fact, weight) for fact, weight in weights.items() if abs(weight) >= _KEPT),
        key=lambda row: (-abs(row[1]), row[0]),
    )
    head = "# Weight and fact; learned by hntai_local.name_training, see NAME_WEIGHTS.md.\n"
    return head + "".join(f"{weight:.2f}\t{fact}\n" for fact, weight in kept)


def train(rows: Iterable[Example]) -> int:
    """Writes the weights; gives their number."""
    text = written(fit(list(rows)))
    TARGET.write_text(text, encoding="utf-8")
    return text.count("\n") - 1


def main() -> None:
    folder = Path(os.environ.get("HNTAI_SHARED", "../shared")) / "data" / "phi"
    marked = list(marked_examples(folder))
    if not marked:
        sys.exit(f"no marked notes in {folder}: set HNTAI_SHARED; the weights stay as they are")
    rows = [*marked, *carrier_examples()]
    print(f"{len(rows)} candidates, {sum(row.is_name for row in rows)} names; fitting", flush=True)
    print(f"wrote {train(rows)} weights to {TARGET.relative_to(PROJECT_ROOT)}")


if __name__ == "__main__":
    main()

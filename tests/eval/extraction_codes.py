"""Codes read by eye: how many of those judged are right; a fresh sample to be read.

    python -m tests.eval.extraction_codes                  what the judged lists say
    python -m tests.eval.extraction_codes --draw SEED      200 codes with the words around them, to be judged

A sample goes round the sets, a (term, code) of a set once, none that a list has judged before. Judged lists
(extraction_codes_read.tsv) hold round, set, system, code, term and verdict, and no other word of a source:
`right`; `wrong`: another thing is meant; `vague`: the text says more than the code, or the code lacks digits.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from hntai.domain.extraction.extract import extract
from tests.eval.extraction_counts import FOLDER, rows

_READ: Final = Path(__file__).with_name("extraction_codes_read.tsv")
_SIZE: Final = 200
_AROUND: Final = 60
_NOTES: Final = ("aci_bench_note", "mts_dialog_section", "primock57_note")
"""Sets whose notes are in `reference`."""


class Coded(NamedTuple):
    set_: str
    system: str
    code: str
    term: str
    said: str
    around: str


class Judged(NamedTuple):
    round_: str
    set_: str
    system: str
    code: str
    term: str
    verdict: str


def judged() -> list[Judged]:
    """What was read, round by round."""
    lines = _READ.read_text("utf-8").splitlines()
    return [Judged(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def drawn(folder: Path, seed: int) -> list[Coded]:
    """A sample of codes nobody has judged."""
    known = {(one.set_, one.term, one.code) for one in judged()}
    pools: dict[str, list[Coded]] = {}
    draw = random.Random(seed)
    for file in sorted(folder.glob("*.jsonl")):
        fresh = {(one.term, one.code): one for one in _coded(folder, file.stem)}
        pools[file.stem] = [one for one in fresh.values() if (one.set_, one.term, one.code) not in known]
        draw.shuffle(pools[file.stem])
    sample: list[Coded] = []
    while len(sample) < _SIZE and any(pools.values()):
        sample += [pool.pop() for pool in pools.values() if pool][: _SIZE - len(sample)]
    return sample


def _coded(folder: Path, name: str) -> Iterator[Coded]:
    for row in rows(folder, name):
        text = row["reference"] if name in _NOTES else row["text"]
        for one in extract(text).entities:
            before, behind = text[max(0, one.start - _AROUND) : one.start], text[one.end : one.end + _AROUND]
            around = f"{before}[{one.text}]{behind}"
            for code in one.codes:
                yield Coded(
                    name, code.system, code.code, one.text.lower(), one.assertion, " ".join(around.split())
                )


def _show_judged() -> None:
    lists = judged()
    for round_ in sorted({one.round_ for one in lists}):
        verdicts = Counter(one.verdict for one in lists if one.round_ == round_)
        of = sum(verdicts.values())
        print(
            f"codes read, round {round_}: {verdicts['right']} of {of} right ({verdicts['right'] / of:.3f}), "
            f"{verdicts['vague']} vague, {verdicts['wrong']} wrong"
        )
        for one in lists:
            if one.round_ == round_ and one.verdict != "right":
                print(f"  {one.verdict:6} {one.system:10} {one.code:9} {one.term}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--draw", type=int)
    asked = parser.parse_args()
    if asked.draw is None:
        _show_judged()
        return
    for number, one in enumerate(drawn(FOLDER, asked.draw)):
        print("\t".join((str(number), one.set_, one.system, one.code, one.term, one.said, one.around)))


if __name__ == "__main__":
    main()

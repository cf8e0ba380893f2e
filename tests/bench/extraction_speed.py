"""Seconds of one core for extraction: beside others, a note of 100 kB, the longest text, hostile repetitions.

    python -m tests.bench.extraction_speed [PEERS_PYTHON]

PEERS_PYTHON is the interpreter of the environment that make/peers.mk makes from
requirements/extraction-peers.txt. All run on the same generated notes, one thread each, in turns, so that a
busy machine is busy for all; figures are medians of processor time. medspaCy runs twice: with the names of
HNTAI's lists to find, as HNTAI does, and bare, with sentences and ConText alone, which is less than HNTAI
does and the harder comparison.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hntai.domain.extraction.extract import extract
from hntai_local.demo_patients import NEWEST, demo_bundles, demo_note
from tests.eval.extraction_counts import FOLDER, rows
from tests.eval.extraction_peers import TITLES, asked, drug_names, problem_names
from tests.property.test_extraction import PIECES

LENGTH: Final = 500_000
"""The limit of the contract on text."""
NOTE: Final = (
    "HPI: 67 yo F with h/o HTN, DM2 and CHF seen for SOB. Denies chest pain, fever or chills.\n"
    "MEDICATIONS: lisinopril 20 mg po daily, metformin 500 mg twice daily, albuterol 2 puffs q4h prn.\n"
    "ALLERGIES: penicillin (hives). BP 132/80, HR 72, SpO2 98%. Sodium 138, creatinine 1.2.\n"
    "The patient was seen with her daughter, and the plan was discussed at some length with both of them.\n"
)
_LARGE: Final = 100_000
_LARGE_MS: Final = 300
"""Goal for a note of so many characters."""
_LEAST_RATIO: Final = 20
"""Goal beside medspaCy."""
_COMPARED: Final = 60_000
"""Characters of generated notes."""
_ROUNDS: Final = 3
_PEERS: Final = ("medspacy", "medspacy-bare", "drug-ner", "icd")


def main(python: Path | None) -> None:
    _compare("generated notes, half of them lists", _notes(_COMPARED), python)
    if FOLDER.exists():
        _compare("development notes", [row["reference"] for row in rows(FOLDER, "aci_bench_note")], python)
    large = "\n\n".join(_notes(_LARGE))[:_LARGE]
    took_ms = 1000 * statistics.median(_seconds([large]) for _ in range(5))
    verdict = "met" if took_ms < _LARGE_MS else "NOT MET"
    print(f"a note of {_LARGE:,} characters: {took_ms:.0f} ms, goal {_LARGE_MS} ms {verdict}")
    for piece, length in (
        (NOTE, 3_200),
        (NOTE, _LARGE),
        (NOTE, LENGTH),
        *((piece, LENGTH) for piece in PIECES),
    ):
        _print_repeated(piece, length)


def _notes(characters: int) -> list[str]:
    """Notes of the demo patients, each set with the plain paragraph, of so many characters together."""
    texts: list[str] = []
    while sum(map(len, texts)) < characters:
        texts += (f"{demo_note(bundle)}\n{NOTE}" for bundle in demo_bundles(len(texts), NEWEST))
    return texts


def _seconds(texts: Sequence[str]) -> float:
    began = time.process_time()
    for text in texts:
        extract(text)
    return time.process_time() - began


def _compare(title: str, notes: Sequence[str], python: Path | None) -> None:
    characters = sum(map(len, notes))
    print(f"{title}, {characters:,} characters")
    _seconds(notes[:1])
    if python is None or not python.exists():
        seconds = statistics.median(_seconds(notes) for _ in range(_ROUNDS))
        print(
            f"{'HNTAI':26}{characters / seconds:12,.0f} chars/s\nOTHERS NOT MEASURED: their "
            f"environment is not there"
        )
        return
    names = [*problem_names(), *drug_names()]
    ours: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in _PEERS}
    for _ in range(_ROUNDS):
        ours.append(_seconds(notes))
        for name in _PEERS:
            theirs[name] += asked(python, name, notes, names=names)["pass_s"]
    own = statistics.median(ours)
    print(f"{'extractor':26}{'chars/s':>12}{'HNTAI is':>12}")
    print(f"{'HNTAI':26}{characters / own:12,.0f}")
    for name in _PEERS:
        seconds = statistics.median(theirs[name])
        goal = f", goal {_LEAST_RATIO} {'met' if seconds / own >= _LEAST_RATIO else 'NOT MET'}"
        print(
            f"{TITLES[name]:26}{characters / seconds:12,.0f}{seconds / own:10.1f} x"
            f"{goal if name.startswith('medspacy') else ''}"
        )


def _print_repeated(piece: str, length: int) -> None:
    text = piece * (length // len(piece))
    began = time.process_time()
    found = len(extract(text).entities)
    seconds = time.process_time() - began
    rate = f"{len(text) / seconds:12,.0f} chars/s"
    print(f"{piece[:20]!r:26}{len(text):8} chars {seconds:7.2f} s {rate} {found:7}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)

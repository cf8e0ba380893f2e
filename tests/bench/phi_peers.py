"""HNTAI beside other scrubbers, in one run: speed, start, memory, size, and what they find.

    python -m tests.bench.phi_peers PEERS_PYTHON

PEERS_PYTHON is the interpreter of the environment made from requirements/bench-peers.txt. Each scrubber runs
in processes of its own (phi_peer.py), one thread each. The notes are generated here; where HNTAI_SHARED holds
development notes, the scrubbers are held to those too, with the counting of `make eval`.

Philter has word lists, hundreds of patterns and a part-of-speech tagger (philter_tagger.py says which);
Presidio has spaCy's small English model; phileas and datafog are patterns alone and know no names. Left
out: scrubadub, patterns too, which wants scikit-learn, and a TextBlob older than the one here.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from hntai_local.demo_patients import NEWEST, demo_bundles, demo_note
from tests.eval.phi_counts import HEADS, Document, Tally, count, documents, summed

_CHARACTERS: Final = 200_000
_CHARACTERS_FOR_SLOW: Final = 40_000
"""For those that do some 10,000 a second, so that a run ends within minutes."""
_CHARACTERS_FOR_START: Final = 10_000
_PASSES: Final = 3
_STARTS: Final = 3
_SAMPLE: Final = (("aci_phi_dev", 0), ("outis_base_dev", 200), ("adversarial_dev", 0))
"""Sets of development notes, and how many of each; 0 for all."""
_ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)

Answer = dict[str, Any]


class Peer(NamedTuple):
    name: str
    """As phi_peer.py knows it."""
    title: str
    is_slow: bool


PEERS: Final = (
    Peer("hntai", "HNTAI", False),
    Peer("philter-lite", "philter-lite", True),
    Peer("presidio", "presidio, spaCy sm", True),
    Peer("phileas", "phileas-redact", False),
    Peer("datafog", "datafog, regex", False),
)
_BASE: Final = "philter-lite"


class Measured(NamedTuple):
    peer: Peer
    characters_per_s: float
    load_s: float
    peak_rss_mb: float
    disk_mb: float
    tallies: tuple[Tally, ...]
    """One for each set of the sample."""


def main(peers_python: str) -> None:
    notes = _notes(_CHARACTERS)
    sample = _sample(Path(os.environ.get("HNTAI_SHARED", "../shared")))
    with TemporaryDirectory(prefix="hntai-bench-") as folder:
        measured = [_measure(peer, peers_python, Path(folder), notes, sample) for peer in PEERS]
    _print_table(measured)
    _print_sets(measured, [name for name, _ in sample])


def _notes(characters: int) -> list[str]:
    """Notes of the demo patients, other people and days in each, of so many characters together."""
    result: list[str] = []
    seed = 0
    while sum(map(len, result)) < characters:
        result += map(demo_note, demo_bundles(seed, NEWEST - timedelta(days=seed)))
        seed += 1
    return result


def _sample(shared: Path) -> list[tuple[str, list[Document]]]:
    paths = [(shared / "data" / "phi" / f"{name}.jsonl", limit) for name, limit in _SAMPLE]
    return [(path.stem, list(documents(path, limit))) for path, limit in paths if path.exists()]


def _measure(
    peer: Peer, python: str, folder: Path, notes: Sequence[str], sample: Sequence[tuple[str, list[Document]]]
) -> Measured:
    def run(some: Sequence[str], passes: int) -> Answer:
        return _child(sys.executable if peer.name == "hntai" else python, peer.name, folder, some, passes)

    timed = _first(notes, _CHARACTERS_FOR_SLOW if peer.is_slow else _CHARACTERS)
    speed = run(timed, _PASSES)
    starts = [run(_first(notes, _CHARACTERS_FOR_START), 1) for _ in range(_STARTS)]
    answer = run([document["text"] for _, set_ in sample for document in set_], 1) if sample else {}
    return Measured(
        peer,
        sum(map(len, timed)) / statistics.median(speed["pass_s"]),
        statistics.median(start["load_s"] for start in starts),
        statistics.median(start["peak_rss_mb"] for start in starts),
        speed["disk_mb"],
        _tallies(sample, answer),
    )


def _first(notes: Sequence[str], characters: int) -> list[str]:
    """The first notes, until they have so many characters together."""
    result: list[str] = []
    for note in notes:
        if sum(map(len, result)) >= characters:
            break
        result.append(note)
    return result


def _child(python: str, name: str, folder: Path, notes: Sequence[str], passes: int) -> Answer:
    file = folder / "asked.json"
    file.write_text(json.dumps({"notes": notes, "passes": passes}), encoding="utf-8")
    environment = os.environ | _ONE_THREAD
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else every start compiles all it imports
    command = [python, str(Path(__file__).with_name("phi_peer.py")), name, str(file)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    answer: Answer = json.loads(done.stdout)
    return answer


def _tallies(sample: Sequence[tuple[str, list[Document]]], answer: Answer) -> tuple[Tally, ...]:
    answers = zip(answer.get("ranges", ()), answer.get("note_s", ()), strict=True)
    result = []
    for _, set_ in sample:
        tally = Tally()
        for document, (ranges, seconds) in zip(set_, islice(answers, len(set_)), strict=True):
            count(tally, document, ranges, seconds)
        result.append(tally)
    return tuple(result)


def _print_table(measured: Sequence[Measured]) -> None:
    base = next(one.characters_per_s for one in measured if one.peer.name == _BASE)
    print(
        f"{'scrubber':20}{'chars/s':>12}{'x Philter':>11}{'load s':>8}{'RSS MB':>8}{'disk MB':>9}"
        f"{'recall':>9}{'precision':>11}{'hidden%':>9}"
    )
    for one in measured:
        speeds = f"{one.characters_per_s:12,.0f}{one.characters_per_s / base:11.1f}"
        costs = f"{one.load_s:8.2f}{one.peak_rss_mb:8.0f}{one.disk_mb:9.1f}"
        print(f"{one.peer.title:20}{speeds}{costs}{_found(one.tallies)}")
    print(
        f"chars/s: generated notes, one thread, median of {_PASSES} passes; load: import to first answer, "
        f"median of {_STARTS} fresh processes.\nHNTAI was developed on the notes behind "
        "recall, precision and hidden% (of clean characters); the others were not."
    )


def _found(tallies: Sequence[Tally]) -> str:
    if not tallies:
        return f"{'-':>9}{'-':>11}{'-':>9}"
    whole = summed(tallies)
    return f"{whole.recall:9.4f}{whole.precision:11.4f}{whole.hidden_percent:9.2f}"


def _print_sets(measured: Sequence[Measured], sets: Sequence[str]) -> None:
    for place, name in enumerate(sets):
        print(f"\n{name}\n{HEADS}")
        for one in measured:
            print(one.tallies[place].line(one.peer.title))


if __name__ == "__main__":
    main(sys.argv[1])

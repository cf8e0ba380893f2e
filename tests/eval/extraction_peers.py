"""Others beside HNTAI on the same concepts and texts, counted the same: medspaCy, negspacy, two dictionaries.

The peers run in their own environment (make/peers.mk), each in a process of its own
(tests/bench/extraction_peer.py). medspaCy brings no names of its own, so that its targets are the names on
HNTAI's lists: what differs is the engine.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hntai.domain.extraction.entities import Kind
from hntai.domain.lexicons import ordered
from tests.eval.extraction_counts import CONCEPTS, SAID, SETS, Counts, Row, found_counts, rows, said_counts

_SCRIPT: Final = Path(__file__).parents[1] / "bench" / "extraction_peer.py"
_ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)
_SAYING: Final = ("medspacy-bare", "negspacy")
_FINDING_DRUGS: Final = ("medspacy", "drug-ner")
_FINDING_PROBLEMS: Final = ("medspacy", "icd")
TITLES: Final = {
    "medspacy": "medspaCy, our names",
    "medspacy-bare": "medspaCy ConText",
    "negspacy": "negspacy",
    "drug-ner": "drug-named-entity-rec.",
    "icd": "ICD-10-CM titles",
}


def asked(
    python: Path,
    name: str,
    texts: Sequence[str] = (),
    concepts: Sequence[Row] = (),
    names: Sequence[str] = (),
    passes: int = 1,
) -> dict[str, Any]:
    """What a peer answers (tests/bench/extraction_peer.py).

    Raises:
        CalledProcessError: the peer failed.
    """
    places = [(row["text"], row["start"], row["end"]) for row in concepts]
    question = {"texts": texts, "concepts": places, "names": names, "passes": passes}
    with TemporaryDirectory(prefix="hntai-peers-") as folder:
        file = Path(folder) / "asked.json"
        file.write_text(json.dumps(question), encoding="utf-8")
        done = subprocess.run(
            [python, _SCRIPT, name, file],
            env=os.environ | _ONE_THREAD,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
        )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def problem_names() -> list[str]:
    """The names of problems on our lists."""
    ours = (line.partition("\t")[2].split("|") for line in ordered("problem_terms"))
    return [
        *(name for listed in ours for name in listed),
        *(line.partition("\t")[0] for line in ordered("icd10cm_terms")),
    ]


def drug_names() -> list[str]:
    """The names of drugs on our lists."""
    return [line.partition("\t")[0] for file in ("drug_classes", "drug_names") for line in ordered(file)]


def compare(folder: Path, python: Path) -> None:
    """Prints what the others reach on each task."""
    concepts = rows(folder, CONCEPTS)
    for name in _SAYING:
        answers = asked(python, name, concepts=concepts)["said"]
        for one in SAID:
            if name != "negspacy" or one.title == "negation":
                _line(one.title, name, said_counts(concepts, answers, one.wanted))
    for are_drugs, names in ((True, drug_names()), (False, problem_names())):
        tasks = [task for task in SETS if (Kind.MEDICATIONS in task.kinds) is are_drugs]
        documents = [rows(folder, task.file) for task in tasks]
        texts = [row["text"] for listed in documents for row in listed]
        for name in _FINDING_DRUGS if are_drugs else _FINDING_PROBLEMS:
            found = iter(asked(python, name, texts, names=names)["found"])
            for task, listed in zip(tasks, documents, strict=True):
                _line(task.title, name, found_counts(listed, islice(found, len(listed)), task))


def _line(task: str, name: str, counts: Counts) -> None:
    print(f"{task:30}{counts.told()}  {TITLES[name]}")

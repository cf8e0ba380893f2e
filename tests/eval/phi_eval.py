"""python -m tests.eval.phi_eval [FOLDER]: the scrubber over the PHI data, with the data's own scorer.

FOLDER holds data/phi (HNTAI_SHARED, or ../shared, by default). Without data it says so and ends well: users
have none. The texts were read while the rules were written, so these figures flatter them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from hntai.domain.deidentification import deidentify

FILES = (
    "aci_phi_dev",
    "outis_base_dev",
    "adversarial_dev",
    "mts_negatives_dev",
    "presidio_research_general",
)
LIMIT = 600
"""Documents of each file: enough for the figures, little enough for every run."""


def main(words: list[str]) -> int:
    """Prints the scorer's figures for every file; 1 if the scorer fails."""
    folder = Path(words[0] if words else os.environ.get("HNTAI_SHARED", "../shared")) / "data" / "phi"
    if not (folder / "score.py").is_file():
        print("phi: no evaluation data here, nothing measured")
        return 0
    with TemporaryDirectory() as scratch:
        failed = [name for name in FILES if not _scored(folder, name, Path(scratch))]
    return 1 if failed else 0


def _scored(folder: Path, name: str, scratch: Path) -> bool:
    data = folder / f"{name}.jsonl"
    with data.open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line, _ in zip(lines, range(LIMIT), strict=False)]
    sample, answers = scratch / data.name, scratch / f"{name}.answers.jsonl"
    started, characters = time.perf_counter(), 0
    with answers.open("w", encoding="utf-8") as sink:
        for document in documents:
            characters += len(document["text"])
            sink.write(json.dumps({"id": document["id"], "entities": _entities(document["text"])}) + "\n")
    took_s = time.perf_counter() - started
    sample.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    print(
        f"\n== phi {name}: {len(documents)} documents, {characters / took_s / 1000:.0f}k characters/s",
        flush=True,
    )
    words = [sys.executable, str(folder / "score.py"), "--preds", str(answers), "--data", str(sample)]
    return subprocess.run(words, check=False).returncode == 0


def _entities(text: str) -> list[dict[str, object]]:
    spans = deidentify(text).spans
    return [{"start": span.start, "end": span.end, "type": span.type.value} for span in spans]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The part-of-speech model for NLTK's tagger, which Philter asks for every word's tag.

    .venv-peers/bin/python tests/bench/philter_tagger.py

NLTK takes its English model from a download of its own. The model here is its forebear (textblob-aptagger,
MIT): the same averaged perceptron over the same features, with its own weights. It is written as the JSON
files NLTK reads, into the environment that runs this; of the package's pickle only plain values and sets
are accepted.
"""

from __future__ import annotations

import json
import pickle
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

_MODEL: Final = "averaged_perceptron_tagger_eng"


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> type[set[object]]:
        if (module, name) in {("__builtin__", "set"), ("builtins", "set")}:
            return set
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a tagger")


def main() -> None:
    package = metadata.distribution("textblob-aptagger")
    with Path(str(package.locate_file("textblob_aptagger/trontagger-0.1.0.pickle"))).open("rb") as file:
        weights, tags, classes = _PlainUnpickler(file).load()
    folder = Path(sys.prefix) / "nltk_data" / "taggers" / _MODEL
    folder.mkdir(parents=True, exist_ok=True)
    for part, value in (("weights", weights), ("tagdict", tags), ("classes", sorted(classes))):
        (folder / f"{_MODEL}.{part}.json").write_text(json.dumps(value), encoding="utf-8")


if __name__ == "__main__":
    main()

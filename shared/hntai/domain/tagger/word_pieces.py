"""Words cut into the pieces a large language model knows, each with a small vector of its meaning.

Greedy longest match from the left, as BERT's WordPiece. pieces.txt and pieces.npz: README.md says whence.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

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


def meanings(tokens: Sequence[str]) -> npt.NDArray[np.float32]:
    """A row of WIDTH numbers for each token; zeros where it is no word."""
    half = WIDTH // 2
    rows = np.zeros((len(tokens), WIDTH), dtype=np.float32)
    words: list[int] = []
    numbers: list[int] = []
    firsts: list[int] = []
    for place, token in enumerate(tokens):
        word = token.strip()
        pieces = _cut(folded(word)[:_LONGEST]) if word[:1].isalpha() else []
        if pieces:
            words.append(place)
            firsts.append(len(numbers))
            numbers += pieces
    if words:
        _, table, scale = _pieces()
        vectors = table[numbers] * scale
        counts = np.diff(firsts, append=len(numbers))[:, None]
        rows[words, :half] = vectors[firsts]
        rows[words, half:] = np.add.reduceat(vectors, firsts) / counts
    return rows


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

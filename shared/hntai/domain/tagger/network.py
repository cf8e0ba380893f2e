"""The tagger at work: a vector for each token, layers that look left and right, scores of types.

32-bit arithmetic of numpy, one window of tokens after another: any length takes the same memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from hntai.domain.tagger.word_facts import is_public, row, word_facts
from hntai.domain.tagger.word_pieces import meaning

TYPES: Final = ("O", "NAME", "LOCATION", "FACILITY", "DATE", "AGE", "PHONE", "EMAIL", "URL", "IP", "ID")
"""What the tagger tells apart; O is no identifier."""
WEIGHTS: Final = Path(__file__).parent / "weights.npz"
_WINDOW: Final = 2048
_REMEMBERED: Final = 1 << 14
"""Tokens of public lists whose vectors are kept from note to note; of what a note alone holds, none is."""

Floats = npt.NDArray[np.float32]


class Tagger:
    """A trained network. Pure: what was scored before changes nothing but the time taken."""

    def __init__(self, path: Path) -> None:
        """Reads the weights hntai_local.tagger_training has written."""
        with np.load(path) as held:
            arrays = {name: held[name] for name in held.files}
        self._facts = arrays["facts"]
        self._scale = arrays["facts_scale"]
        self._meaning = np.ascontiguousarray(arrays["meaning"].T)
        self._meaning_bias = arrays["meaning_bias"]
        self._gaps = [int(gap) for gap in arrays["dilations"]]
        width = len(self._scale)
        # (out, in, left|middle|right) -> one matrix for three neighbours' vectors in a row
        self._layers = [
            np.ascontiguousarray(arrays[f"layer{n}"].transpose(2, 1, 0).reshape(3 * width, width))
            for n in range(len(self._gaps))
        ]
        self._biases = [arrays[f"bias{n}"] for n in range(len(self._gaps))]
        self._out, self._out_bias = np.ascontiguousarray(arrays["out"].T), arrays["out_bias"]
        self._reach = sum(self._gaps)
        self._rows: dict[str, int] = {}
        self._vectors = np.zeros((_REMEMBERED + 1, width), dtype=np.float32)
        self._lock = Lock()

    @property
    def remembered(self) -> tuple[str, ...]:
        """Tokens whose vectors are kept."""
        return tuple(self._rows)

    def scores(self, found: Sequence[str]) -> Floats:
        """Score of each type for each token, (tokens, types); log-odds but for a constant of the row."""
        if not found:
            return np.zeros((0, len(TYPES)), dtype=np.float32)
        pieces = []
        passing: dict[str, Floats] = {}
        for start in range(0, len(found), _WINDOW):
            first = max(0, start - self._reach)
            window = found[first : start + _WINDOW + self._reach]
            pieces.append(self._of_window(window, passing)[start - first :][:_WINDOW])
        return np.concatenate(pieces)

    def _of_window(self, window: Sequence[str], passing: dict[str, Floats]) -> Floats:
        numbers = [self._rows.get(token, 0) for token in window]
        hidden: Floats = self._vectors[numbers]
        for place in [place for place, number in enumerate(numbers) if not number]:
            hidden[place] = self._new_vector(window[place], passing)
        length, width = hidden.shape
        beside = np.empty((length, 3 * width), dtype=np.float32)
        for gap, layer, bias in zip(self._gaps, self._layers, self._biases, strict=True):
            beside[:gap, :width] = 0
            beside[gap:, :width] = hidden[:-gap]
            beside[:, width : 2 * width] = hidden
            beside[:-gap, 2 * width :] = hidden[gap:]
            beside[-gap:, 2 * width :] = 0
            new = beside @ layer
            new += bias
            np.maximum(new, 0, out=new)
            hidden = np.add(hidden, new, out=new)
        scores: Floats = hidden @ self._out + self._out_bias
        return scores

    def _new_vector(self, token: str, passing: dict[str, Floats]) -> Floats:
        """The vector of a token; a listed word's is kept, any other's only while its note is scored."""
        vector = passing.get(token)
        if vector is None:
            vector = passing[token] = self._vector(token)
            if is_public(token):
                with self._lock:
                    if token not in self._rows and len(self._rows) < _REMEMBERED:
                        row_ = len(self._rows) + 1
                        self._vectors[row_] = vector
                        self._rows[token] = row_
        return vector

    def _vector(self, token: str) -> Floats:
        rows = [row(fact) for fact in word_facts(token)]
        facts = self._facts[rows].sum(axis=0, dtype=np.float32) * self._scale
        vector: Floats = np.maximum(facts + meaning(token) @ self._meaning + self._meaning_bias, 0)
        return vector


@cache
def tagger() -> Tagger:
    """The tagger this package comes with, read once."""
    return Tagger(WEIGHTS)

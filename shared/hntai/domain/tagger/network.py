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
from hntai.domain.tagger.word_pieces import meanings

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

    @property
    def reach(self) -> int:
        """How many tokens to each side a score depends on."""
        return self._reach

    def scores(self, found: Sequence[str], passing: dict[str, Floats] | None = None) -> Floats:
        """Score of each type for each token, (tokens, types); log-odds but for a constant of the row.

        passing: vectors of the note's own words, to be used again when the note is looked at again.
        """
        if not found:
            return np.zeros((0, len(TYPES)), dtype=np.float32)
        pieces = []
        passing = {} if passing is None else passing
        for start in range(0, len(found), _WINDOW):
            first = max(0, start - self._reach)
            window = found[first : start + _WINDOW + self._reach]
            pieces.append(self._of_window(window, passing)[start - first :][:_WINDOW])
        return np.concatenate(pieces)

    def _of_window(self, window: Sequence[str], passing: dict[str, Floats]) -> Floats:
        numbers = [self._rows.get(token, 0) for token in window]
        hidden: Floats = self._vectors[numbers]
        unknown = [place for place, number in enumerate(numbers) if not number]
        if unknown:
            self._learn({window[place] for place in unknown} - passing.keys(), passing)
            hidden[unknown] = [passing[window[place]] for place in unknown]
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

    def _learn(self, new: set[str], passing: dict[str, Floats]) -> None:
        """The vectors of tokens; a listed word's is kept, any other's only while its note is scored."""
        if not new:
            return
        tokens = sorted(new)
        for token, vector in zip(tokens, self._of_tokens(tokens), strict=True):
            passing[token] = vector
            if is_public(token):
                with self._lock:
                    if token not in self._rows and len(self._rows) < _REMEMBERED:
                        row_ = len(self._rows) + 1
                        self._vectors[row_] = vector
                        self._rows[token] = row_

    def _of_tokens(self, tokens: Sequence[str]) -> Floats:
        rows: list[int] = []
        firsts: list[int] = []
        for token in tokens:
            firsts.append(len(rows))
            rows += map(row, word_facts(token))
        facts = np.add.reduceat(self._facts[rows], firsts, dtype=np.float32) * self._scale
        vectors: Floats = np.maximum(facts + meanings(tokens) @ self._meaning + self._meaning_bias, 0)
        return vectors


@cache
def tagger() -> Tagger:
    """The tagger this package comes with, read once."""
    return Tagger(WEIGHTS)

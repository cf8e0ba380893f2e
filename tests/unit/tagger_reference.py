"""The tagger's arithmetic once more, slow and plain, to hold the core to: layout of weights, sums, layers."""

from __future__ import annotations

import struct
from array import array
from typing import Final

from hntai.domain.tagger.native import TYPES, VECTORS, Tagger
from hntai.domain.tagger.signs import signs_of
from hntai_local.tagger_training.core_tokens import known_of, tokens

WIDTH: Final = 64
PANEL: Final = 16
BUCKETS: Final = 1 << 15
_HEAD: Final = struct.Struct("<8s13i")
Row = list[float]


class Reference:
    """The network, read from its weights a second time."""

    def __init__(self, weights: bytes) -> None:
        _, *head = _HEAD.unpack_from(weights)
        self.gaps = head[5 : 5 + head[4]]
        self._numbers = iter(array("f", weights[_HEAD.size : -BUCKETS * WIDTH]))
        self.scale = self._take(WIDTH)
        self.meaning = self._matrix(2 * WIDTH, WIDTH)
        self.meaning_bias = self._take(WIDTH)
        self.out = self._matrix(WIDTH, PANEL)
        self.out_bias = self._take(PANEL)
        self.layers = [(self._matrix(3 * WIDTH, WIDTH), self._take(WIDTH)) for _ in self.gaps]
        self.facts = array("b", weights[-BUCKETS * WIDTH :])
        vectors = VECTORS.read_bytes()
        self.piece_scale = array("f", vectors[: 4 * WIDTH])
        self.pieces = array("b", vectors[4 * WIDTH :])

    def _take(self, count: int) -> Row:
        return [next(self._numbers) for _ in range(count)]

    def _matrix(self, rows: int, columns: int) -> list[Row]:
        return [self._take(columns) for _ in range(rows)]

    def scores(self, tagger: Tagger, text: str) -> list[Row]:
        """Each token's scores."""
        signs = signs_of(text)
        known = [known_of(tagger, signs, token) for token in tokens(text)]
        hidden = [self._vector(one.rows, one.pieces) for one in known]
        nothing = [0.0] * WIDTH
        for gap, (weights, bias) in zip(self.gaps, self.layers, strict=True):
            padded = [nothing] * gap + hidden + [nothing] * gap
            beside = [padded[at] + padded[at + gap] + padded[at + 2 * gap] for at in range(len(hidden))]
            added = [_times(row, weights, bias) for row in beside]
            hidden = [
                [old + max(new, 0) for old, new in zip(*pair, strict=True)]
                for pair in zip(hidden, added, strict=True)
            ]
        return [_times(row, self.out, self.out_bias)[: len(TYPES)] for row in hidden]

    def _vector(self, rows: list[int], pieces: list[int]) -> Row:
        total = [sum(self.facts[row * WIDTH + at] for row in rows) * self.scale[at] for at in range(WIDTH)]
        known = [
            [self.pieces[piece * WIDTH + at] * self.piece_scale[at] for at in range(WIDTH)]
            for piece in pieces
        ]
        mean = [sum(column) / len(known) for column in zip(*known, strict=True)] if known else [0.0] * WIDTH
        first = known[0] if known else [0.0] * WIDTH
        meant = _times(first + mean, self.meaning, self.meaning_bias)
        return [max(0.0, one + two) for one, two in zip(total, meant, strict=True)]


def _times(row: Row, matrix: list[Row], bias: Row) -> Row:
    return [
        bias[column] + sum(number * line[column] for number, line in zip(row, matrix, strict=True) if number)
        for column in range(len(bias))
    ]

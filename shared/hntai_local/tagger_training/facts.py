"""What the tagger's core knows of tokens, kept while learning: learning and use see the same facts."""

from __future__ import annotations

import random
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hntai.domain.tagger.native import VECTORS, Tagger
from hntai.domain.tagger.signs import signs_of
from hntai_local.tagger_training.core_tokens import WORD, Known, known_of, tokens
from hntai_local.tagger_training.weights import PIECE_WIDTH

_ITSELF, _PART, _LISTED = 3, 4, 5
"""Sorts of facts that are left out at random."""
_WORD_DROPPED, _LISTS_DROPPED, _PARTS_DROPPED, _FACT_DROPPED = 0.25, 0.15, 0.1, 0.04
"""Chances that a word is shown without itself, its lists, its parts, or any one fact: none is leant on."""


class Word(NamedTuple):
    """A token by what it looks like: the same text after the same kind of gap is the same word."""

    text: str
    gap: int
    kind: int


class Facts:
    """Facts of every token met, worked out once."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        held = VECTORS.read_bytes()
        scale = np.frombuffer(held, dtype="<f4", count=PIECE_WIDTH)
        rows = np.frombuffer(held, dtype=np.int8, offset=4 * PIECE_WIDTH).reshape(-1, PIECE_WIDTH)
        self._vectors = rows.astype(np.float32) * scale
        self._known: dict[Word, Known] = {}
        self._meanings: dict[Word, npt.NDArray[np.float32]] = {}

    def tokens(self, text: str) -> tuple[list[Word], list[int]]:
        """The tokens of a text, and where each starts."""
        signs, found, words = signs_of(text), tokens(text), []
        for token in found:
            word = Word(text[token.start : token.end], token.gap, token.kind)
            words.append(word)
            if word not in self._known:
                self._known[word] = known_of(self._tagger, signs, token)
                self._meanings[word] = self._meaning(self._known[word].pieces)
        return words, [token.start for token in found]

    def _meaning(self, pieces: list[int]) -> npt.NDArray[np.float32]:
        meaning = np.zeros(2 * PIECE_WIDTH, dtype=np.float32)
        if pieces:
            vectors = self._vectors[pieces]
            meaning[:PIECE_WIDTH], meaning[PIECE_WIDTH:] = vectors[0], vectors.mean(axis=0)
        return meaning

    def rows(self, word: Word, chance: random.Random) -> list[int]:
        """Rows of a token's facts, some of a word's left out at random."""
        known = self._known[word]
        if word.kind != WORD:
            return known.rows
        left_out = {
            sort
            for sort, share in (
                (_ITSELF, _WORD_DROPPED),
                (_LISTED, _LISTS_DROPPED),
                (_PART, _PARTS_DROPPED),
            )
            if chance.random() < share
        }
        return [
            row
            for row, sort in zip(known.rows, known.sorts, strict=True)
            if sort not in left_out and chance.random() > _FACT_DROPPED
        ]

    def meaning(self, word: Word) -> npt.NDArray[np.float32]:
        """The vector of its first piece, then the mean of all; zeros where it is no word."""
        return self._meanings[word]

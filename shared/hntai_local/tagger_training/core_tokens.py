"""The core's own view of a text, asked through ctypes: its tokens, what it knows of each, its scores."""

from __future__ import annotations

import ctypes
from typing import Final, NamedTuple

from hntai.domain.tagger.native import TYPES, Tagger, core
from hntai.domain.tagger.signs import signs_of

WORD: Final = 3
"""The kind of a token that is a run of letters."""
_MAX_FACTS: Final = 128
_MAX_PIECES: Final = 24


class Token(ctypes.Structure):
    """As native/tagger.h has it; the one space before a token is not part of it."""

    _fields_ = (
        ("start", ctypes.c_int32),
        ("end", ctypes.c_int32),
        ("kind", ctypes.c_uint8),
        ("gap", ctypes.c_uint8),
    )


class _Facts(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_int32),
        ("row", ctypes.c_uint16 * _MAX_FACTS),
        ("sort", ctypes.c_uint8 * _MAX_FACTS),
    )


class Known(NamedTuple):
    """What the core knows of one token."""

    rows: list[int]
    """Of the table of facts."""
    sorts: list[int]
    """Of each fact, as native/facts.c numbers them."""
    pieces: list[int]
    """Numbers of the word pieces it is made of, left to right."""


def tokens(text: str) -> list[Token]:
    """The tokens of a text, left to right."""
    found = (Token * (len(text) + 1))()
    return list(found[: core().tokens_of(signs_of(text), len(text), ctypes.byref(found))])


def known_of(tagger: Tagger, signs: bytes, token: Token) -> Known:
    """signs: those of the text the token is of."""
    facts, pieces, count = _Facts(), (ctypes.c_int32 * _MAX_PIECES)(), ctypes.c_int32()
    tagger.core.tagger_facts(
        ctypes.c_void_p(tagger.handle), signs, *map(ctypes.byref, (token, facts, pieces, count))
    )
    return Known(facts.row[: facts.count], facts.sort[: facts.count], pieces[: count.value])


def scores(tagger: Tagger, text: str) -> list[list[float]]:
    """Of each token, the score of each type."""
    found, room = (Token * (len(text) + 1))(), (ctypes.c_float * (len(TYPES) * (len(text) + 1)))()
    handle = ctypes.c_void_p(tagger.handle)
    count = tagger.core.tagger_scores(
        handle, signs_of(text), len(text), ctypes.byref(found), ctypes.byref(room)
    )
    return [room[at : at + len(TYPES)] for at in range(0, count * len(TYPES), len(TYPES))]

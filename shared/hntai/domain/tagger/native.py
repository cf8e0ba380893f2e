"""The tagger's core in C (native/), loaded: runs of tokens that are likely identifiers.

`make setup` and the images build it; nothing here runs a compiler.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from struct import Struct
from typing import Final, NamedTuple

from hntai.domain.errors import TaggerError
from hntai.domain.lexicons import entry_lines
from hntai.domain.tagger.signs import signs_of

TYPES: Final = ("O", "NAME", "LOCATION", "FACILITY", "DATE", "AGE", "PHONE", "EMAIL", "URL", "IP", "ID")
"""What the tagger tells apart; O is no identifier."""
LISTS: Final = (
    "first_names", "surnames", "common_words", "rare_words", "drugs", "places", "countries", "eponyms",
    "facility_words", "facility_fronts", "medical_things", "name_acts",
    "name_labels", "never_names", "person_roles", "seldom_names",
)  # fmt: skip
"""Lexicons a word is looked up in; the weights know them by their order."""
_FOLDER: Final = Path(__file__).parent
LIBRARY: Final = _FOLDER / "libtagger.so"
WEIGHTS: Final = _FOLDER / "weights.bin"
PIECES: Final = _FOLDER / "pieces.txt"
VECTORS: Final = _FOLDER / "pieces.bin"


class Run(NamedTuple):
    """Neighbouring tokens of one type on one line."""

    start: int
    end: int
    """Half-open code-point offsets into the text."""
    type: int
    """Place in TYPES."""
    odds: float
    """Log odds of any type against none, of the likeliest token."""


_RUN: Final = Struct("=iiif")
"""A run as native/tagger.h has it."""


class Tagger:
    """A trained network. What was read before changes nothing; threads may call it side by side."""

    def __init__(self, weights: bytes) -> None:
        """weights: as hntai_local.tagger_training.weights writes them.

        Raises:
            TaggerError: they are not for this core.
        """
        self._weights, self._vectors = weights, VECTORS.read_bytes()
        lists = b"\f\n".join(signs_of(entry_lines(name)) for name in LISTS)
        pieces = PIECES.read_bytes()
        self.core = core()
        self.handle = self.core.tagger_open(
            *(self._weights, len(self._weights), lists, len(lists), pieces, len(pieces)),
            *(self._vectors, len(self._vectors)),
        )
        if not self.handle:
            raise TaggerError(reason="weights_unfit")

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            self.core.tagger_close(self.handle)

    def runs(self, text: str, odds: float, *, only_near_tags: bool = False) -> list[Run]:
        """Runs of tokens whose log odds of being an identifier are above odds, left to right.

        only_near_tags: of the tokens whose odds a scrubber's tag in the text can change.

        Raises:
            TaggerError: there is no memory.
        """
        signs = signs_of(text)
        room = bytearray(_RUN.size * (len(signs) + 1))
        target = ctypes.addressof(ctypes.c_char.from_buffer(room))
        count = self.core.tagger_runs(self.handle, signs, len(signs), odds, only_near_tags, target)
        if count < 0:
            raise TaggerError(reason="no_memory")
        return list(map(Run._make, _RUN.iter_unpack(memoryview(room)[: count * _RUN.size])))


@cache
def core() -> ctypes.CDLL:
    """The library, its calls typed.

    Raises:
        TaggerError: it was not built.
    """
    try:
        library = ctypes.CDLL(str(LIBRARY))
    except OSError as error:
        raise TaggerError(reason="library_not_built") from error
    text, size, handle = ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p
    library.tagger_open.argtypes = (text, size) * 4
    library.tagger_open.restype = handle
    library.tagger_close.argtypes = (handle,)
    library.tagger_close.restype = None
    library.tagger_runs.argtypes = (
        handle,
        text,
        ctypes.c_int32,
        ctypes.c_float,
        ctypes.c_int,
        handle,
    )
    library.tagger_runs.restype = ctypes.c_int32
    return library


@cache
def tagger() -> Tagger:
    """The tagger this package comes with, read once."""
    return Tagger(WEIGHTS.read_bytes())

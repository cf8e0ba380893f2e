"""A note as the tagger's core reads it: one byte for each code point, so that offsets are the note's own."""

from __future__ import annotations

import unicodedata
from typing import Final

MARK: Final = 0xAD
SMALL_LETTER: Final = 0xE1
CAPITAL_LETTER: Final = 0xC1
OTHER: Final = 0xBF
"""For a combining mark or invisible sign, for letters beyond A to Z, for any other sign (native/tagger.h)."""

_LIKE: Final = {
    "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "…": ".", "•": "*", "·": "*", "№": "#",
    "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ı": "i",
    "þ": "t", "Þ": "T", "æ": "a", "Æ": "A", "œ": "o", "Œ": "O", "ß": "s", "\x85": " ",
}  # fmt: skip


class _Signs(dict[int, int]):
    """From code point to byte, worked out when first asked; one entry at most for each code point."""

    def __missing__(self, code: int) -> int:
        byte = self[code] = _byte(chr(code))
        return byte


def _byte(sign: str) -> int:
    if sign.isascii():
        return ord(sign)
    sign = _LIKE.get(sign, sign)
    if sign.isdecimal():
        return ord(str(unicodedata.decimal(sign)))
    if sign.isspace():
        return ord(" ")
    if unicodedata.category(sign) in ("Mn", "Mc", "Me", "Cf"):
        return MARK
    if sign.isalpha():
        base = unicodedata.normalize("NFKD", sign)[0]
        capital = sign.isupper()
        return ord(base) if base.isascii() and base.isalpha() else CAPITAL_LETTER if capital else SMALL_LETTER
    return ord(sign) if sign.isascii() else OTHER


_SIGNS: Final = _Signs()


def signs_of(text: str) -> bytes:
    """As many bytes as the text has code points."""
    if text.isascii():
        return text.encode("ascii")
    return text.translate(_SIGNS).encode("latin-1")

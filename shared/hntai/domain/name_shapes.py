"""How names are written: capitals of every Latin, Greek and Cyrillic alphabet, initials, particles, hyphens.

Every pattern is linear: repeats are bounded, and alternatives start with different signs.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ACCENTED: Final = (range(0x100, 0x180), range(0x1E00, 0x1F00))
UPPER: Final = "A-ZÀ-ÖØ-ÞƠƯȘȚΆΈ-ΏΑ-ΫЀ-Я" + "".join(
    chr(code) for block in _ACCENTED for code in block if chr(code).isupper()
)
"""Capitals of Latin, Greek and Cyrillic, for use inside a character class."""

LETTER: Final = r"[^\W\d_]"
MARK: Final = r"\u0300-\u036f\u200b-\u200d\u00ad"
"""Combining marks and invisible signs that may stand inside a name."""
_REST: Final = rf"(?:{LETTER}|[{MARK}])"
WORD: Final = rf"[{UPPER}]{_REST}{{1,30}}(?:['’`‑-](?:[ODL]['’])?{_REST}{{2,30}}){{0,3}}"
"""A capitalised word, with what hyphens and apostrophes join to it; a possessive 's stays outside."""
IRISH: Final = rf"[ODLdo]['’`][{UPPER}]{LETTER}{{1,30}}(?:-[{UPPER}]{LETTER}{{1,30}})?"
INITIAL: Final = rf"(?<![^\W_]/)(?<!\d[ \u00a0])[{UPPER}](?:\.(?:-?[{UPPER}]\.)?|(?![^\W_]|['’]))"
"""One capital, with its full stop; none where a unit stands: "mmol/L. Anna", "2 L. Maria"."""
PARTICLE: Final = (
    r"(?:van|von|vom|zu|de|der|den|del|della|di|da|das|dos|du|la|le|las|los|el|al|bin|bint|ibn|ben|"
    r"ter|ten|y|e)"
)
GAP: Final = r"[ \t\u00a0]{1,2}"
PART: Final = rf"(?:{IRISH}|{WORD}|{INITIAL})"
RUN: Final = rf"{PART}(?:{GAP}(?:{PARTICLE}{GAP}){{0,2}}{PART}){{0,6}}"
"""Neighbouring capitalised words on one line."""
START: Final = r"(?=[^\W_])(?<![^\W_])(?<![^\W_]['’‑-])"
"""The first letter or digit of a word; the look ahead comes first, for it is what fails fastest."""
CAPITALISED: Final = re.compile(START + RUN)
"""RUN at the start of a word, compiled once for all who look for it."""

_STROKED: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)


def folded(word: str) -> str:
    """The word without case, accents, stroke and inner signs: O'Brien and OBRIEN, Muñoz and munoz meet."""
    low = word.casefold()
    if not low.isascii():
        low = unicodedata.normalize("NFKD", low).translate(_STROKED)
    return low if low.isalnum() and low.isascii() else "".join(sign for sign in low if sign.isalnum())

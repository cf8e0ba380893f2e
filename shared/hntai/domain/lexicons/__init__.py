"""Word and name lists, each read once when first asked for; README.md names their sources and licences.

Words are folded as in name_shapes: lower case, no accents; places keep their blanks. Lists of phrases for
patterns and of surrogates are as they are written.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def ordered(name: str) -> tuple[str, ...]:
    """The entries of `<name>.txt` in their order, one a line; # and a blank start a remark."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("# "))


@cache
def lexicon(name: str) -> frozenset[str]:
    """The entries of `<name>.txt`."""
    return frozenset(ordered(name))


def alternation(name: str) -> str:
    """A pattern for any phrase of `<name>.txt`, longer ones first; an apostrophe stands for both signs."""
    phrases = sorted(ordered(name), key=lambda phrase: (-len(phrase), phrase))
    escaped = (re.escape(phrase).replace("'", "['’]") for phrase in phrases)
    return f"(?:{'|'.join(escaped)})"

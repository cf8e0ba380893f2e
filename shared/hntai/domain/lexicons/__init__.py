"""Word and name lists, each read once when first asked for; README.md names their sources and licences.

Words are folded as in name_shapes: lower case, no accents; places keep their blanks.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def lexicon(name: str) -> frozenset[str]:
    """The entries of `<name>.txt`, one a line; lines starting with # are remarks."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and line[0] != "#")

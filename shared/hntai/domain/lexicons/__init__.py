"""Word and name lists, each read once when first asked for; README.md names their sources and licences.

Words are folded as in name_shapes: lower case, no accents; places keep their blanks. Lists of phrases for
patterns and of surrogates are as they are written.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


def entry_lines(name: str) -> str:
    """The entries of `<name>.txt` in their order, each with its line's end; # and a blank start a remark."""
    text = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    if text.startswith(("# ", "\n")) or "\n# " in text or "\n\n" in text:
        return "".join(f"{line}\n" for line in text.splitlines() if line and not line.startswith("# "))
    return text


@cache
def ordered(name: str) -> tuple[str, ...]:
    """The entries of `<name>.txt` in their order."""
    return tuple(entry_lines(name).splitlines())


@cache
def lexicon(name: str) -> frozenset[str]:
    """The entries of `<name>.txt`."""
    return frozenset(ordered(name))


def alternation(name: str) -> str:
    """A pattern for any phrase of `<name>.txt`, longer ones first; an apostrophe stands for both signs."""
    phrases = sorted(ordered(name), key=lambda phrase: (-len(phrase), phrase))
    escaped = (re.escape(phrase).replace("'", "['’]") for phrase in phrases)
    return f"(?:{'|'.join(escaped)})"

"""Whether the name of a disease is meant, or a person of that name."""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import folded

_TITLE: Final = re.compile(
    r"(?i)(?<![^\W_])(?:drs?|doctor|mrs?|ms|miss|mx|prof|professor|sir|nurse)\.?[ ]{1,2}\Z"
)
_NAME_BEFORE: Final = re.compile(r"(?<![^\W_])([A-Z][a-z]+)[ ]{1,2}\Z")
_NAME_AFTER: Final = re.compile(r",?[ ]{1,2}([A-Z][a-z]+)(?![^\W_])")
_REACH: Final = 24
"""Characters beside a name in which its title or first name stands."""


def is_a_persons(text: str, start: int, end: int) -> bool:
    """`Dr. Crohn`, `Wilhelmina Parkinson`: the name of a disease that is here a person's."""
    name = text[start:end]
    if not (name.isalpha() and name.istitle() and folded(name) in lexicon("eponyms")):
        return False
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    if _TITLE.search(before):
        return True
    beside = (_NAME_BEFORE.search(before), _NAME_AFTER.match(after))
    return any(found and _is_first_name(folded(found[1])) for found in beside)


def _is_first_name(name: str) -> bool:
    """And nothing else."""
    return name in lexicon("first_names") and not (
        name in lexicon("common_words") or name in lexicon("eponyms")
    )

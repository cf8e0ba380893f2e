"""Words of the clinic itself, which name no particular place."""

from __future__ import annotations

from collections.abc import Sequence

from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import folded


def is_particular(words: Sequence[str]) -> bool:
    """True where a word is not one of the clinic's own: Northgate Family, not Outpatient Wound."""
    return any(folded(word) not in lexicon("facility_words") and not word.isdigit() for word in words)

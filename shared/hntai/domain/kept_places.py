"""Places that stay in clear by policy: states, regions, countries."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from string import ascii_uppercase
from typing import Final

from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import folded

STATES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|"
    "Idaho|Illinois|Indiana|Iowa|"
    "Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|"
    "Montana|Nebraska|Nevada|"
    "New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|"
    "Pennsylvania|Puerto Rico|"
    "Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West "
    "Virginia|Wisconsin|Wyoming"
)
STATE_CODES: Final = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|"
    "T[NX]|UT|V[AT]|W[AIVY]"
)
"""The states by name and by code, for use inside a pattern."""
CODES: Final = tuple(
    code for code in map("".join, product(ascii_uppercase, repeat=2)) if re.fullmatch(STATE_CODES, code)
)
STATE_AFTER_COMMA: Final = re.compile(rf"(?<=[^\W_]),[ ](?:{STATE_CODES}|{STATES})(?![^\W_])")
"""A state behind its town."""
STATE_AT_END: Final = re.compile(
    rf"(?<=[^\W_]),?[ ](?:{STATE_CODES}|{STATES})(?=(?:[ ,]{{1,2}}\d{{5}}(?:-\d{{4}})?)?\Z)"
)
"""A state at the end of what is searched, or before a ZIP there."""
_STATE_CODE = re.compile(STATE_CODES)


@cache
def kept_places() -> frozenset[str]:
    """Their names, folded."""
    return lexicon("countries") | lexicon("regions") | frozenset(STATES.lower().split("|"))


def is_kept_place(words: str) -> bool:
    """True for the name of a state, a region or a country, or the code of a state."""
    if len(words) == 2 and _STATE_CODE.fullmatch(words):
        return True
    return words.lower() in kept_places() or (
        not words.isalpha() and " ".join(place_words(words)) in kept_places()
    )


def place_words(town: str) -> list[str]:
    """As lexicon places are written: folded, hyphens as blanks."""
    if town.isascii() and town.replace(" ", "").isalpha():
        return town.lower().split()
    return [plain for word in re.split(r"[\s-]+", town) if (plain := folded(word))]

"""What is known of a token by itself: its letters, its shape, the lists that hold it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final
from zlib import crc32

from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import folded
from hntai.domain.tagger.tokens import TAG

BUCKETS: Final = 1 << 14
"""Rows of the table of facts; a fact's row is a checksum of it."""

LISTS: Final = (
    "first_names", "surnames", "common_words", "rare_words", "drugs", "places", "countries", "eponyms",
    "facility_words", "facility_fronts", "medical_things", "name_acts",
    "name_labels", "never_names", "person_roles", "seldom_names",
)  # fmt: skip
"""Lexicons a word is looked up in."""
_LONGEST: Final = 24


def row(fact: str) -> int:
    """Where the table holds what was learned of a fact."""
    return crc32(fact.encode()) & (BUCKETS - 1)


def is_public(token: str) -> bool:
    """True for words of the lists, years, small numbers, signs and gaps: nothing that a note alone holds."""
    word = token.strip()
    if word.isdecimal():
        return len(word) <= 2 or (len(word) == 4 and word[:2] in ("19", "20"))
    return not any(sign.isalnum() for sign in word) or folded(word) in _listed_words()


@cache
def _listed_words() -> frozenset[str]:
    return frozenset().union(*(lexicon(name) for name in LISTS))


def word_facts(token: str) -> Iterator[str]:
    """Facts of a token: `w=` itself, `p=`, `s=`, `t=` its parts, `l=` lists, the others its shape."""
    yield "gap" if token[0] == " " else "joined"
    word = token.strip()
    if not word:
        yield "line" if token.count("\n") == 1 else "lines" if "\n" in token else "wide"
        yield "any-gap"
    elif TAG.fullmatch(word):
        yield "tagged"
    elif word[0].isdecimal():
        yield from _number(word)
    elif word[0].isalpha():
        yield from _letters(word)
    else:
        yield f"w={word}"
        yield "sign"


def _number(word: str) -> Iterator[str]:
    size = len(word)
    yield f"digits={min(size, 12)}"
    yield "number"
    if size <= 2:
        value = int(word)
        yield f"w={word}"
        yield f"month={1 <= value <= 12}"
        yield f"day={1 <= value <= 31}"
        yield f"tens={value // 10}"
    elif size == 4:
        yield f"year={word[:2] in ('19', '20')}"
        yield f"century={word[:2]}"
        yield f"decade={word[:3]}"
    else:
        yield f"w={word}"
        yield f"first={word[:2]}"
        yield f"round={word.endswith('0')}"
    yield f"zero={word[0] == '0'}"


def _letters(word: str) -> Iterator[str]:
    plain = folded(word)[:_LONGEST]
    yield f"w={plain}"
    yield "word"
    yield f"case={_case(word)}"
    yield f"case={_case(word)}|{min(len(plain), 6)}"
    yield f"length={min(len(plain), 12)}"
    for size in range(1, 5):
        if len(plain) > size:
            yield f"p={plain[:size]}"
            yield f"s={plain[-size:]}"
    edged = f"<{plain}>"
    for place in range(len(edged) - 3):
        yield f"t={edged[place : place + 4]}"
    yield from _listed(plain, word)


def _listed(plain: str, word: str) -> Iterator[str]:
    held = [name for name in LISTS if plain in lexicon(name)]
    for name in held:
        yield f"l={name}"
        yield f"l={name}|{_case(word)}"
    yield f"l:{'+'.join(held[:4])}"


def _case(word: str) -> str:
    if word.islower():
        return "small"
    if word.isupper():
        return "capital" if len(word) == 1 else "capitals"
    return "first" if word[0].isupper() and word[1:].islower() else "mixed"

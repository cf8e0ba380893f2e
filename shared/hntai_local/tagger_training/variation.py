"""Texts made into others: identifiers put in place of identifiers, case and signs changed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

from hntai.domain.operators import REDACTED
from hntai_local.tagger_training.identifiers import REFILL, like
from hntai_local.tagger_training.pools import Pools
from hntai_local.tagger_training.texts import Part, Text

_KEEP: Final = {
    "NAME": 0.3,
    "LOCATION": 0.4,
    "FACILITY": 0.5,
    "DATE": 0.5,
    "AGE": 0.5,
    "PHONE": 0.3,
    "EMAIL": 0.5,
    "URL": 0.6,
    "IP": 0.3,
    "ID": 0.3,
}
"""Share of identifiers left as they were written."""
_CHANGED: Final = 0.3
"""Share of ordinary stretches in which a word or number is changed."""
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_EPONYM = re.compile(
    r"\b([A-Z][a-zé]{3,})((?:['’]s)?[ -](?:sign|disease|syndrome|test|maneuver|palsy|criteria|"
    r"score|reflex|fracture|procedure|incision|"
    r"drain|catheter|lymphoma|sarcoma|thyroiditis|classification|stage|phenomenon|contracture|"
    r"hernia|cyst|node|retractor|clamp|forceps)\b)"
)


def varied(text: Text, pools: Pools) -> Text:
    """The text with other identifiers in the places of its own, perhaps in another case or layout."""
    chance = pools.chance
    cast: dict[str, str] = {}
    parts = []
    for part in text:
        if part.type in _KEEP and chance.random() > _KEEP[part.type]:
            parts.append(Part(part.type, REFILL[part.type](part.text, pools, cast)))
        elif part.type == "O" and chance.random() < _CHANGED:
            parts.append(Part("O", _other_words(part.text, pools)))
        else:
            parts.append(part)
    if chance.random() < 0.08:
        parts = [
            Part("O", "[REDACTED]") if part.type in _KEEP and chance.random() < 0.7 else part
            for part in parts
        ]
    return _dressed(tuple(parts), chance)


def _other_words(old: str, pools: Pools) -> str:
    """Ordinary text with a few words and numbers changed: anything may stand where no identifier does."""
    chance = pools.chance

    def word(match: re.Match[str]) -> str:
        draw = chance.random()
        if draw > 0.01 or len(match[0]) < 4 or match[0].lower() in pools.cues:
            return match[0]
        if draw < 0.003:
            return match[0].capitalize()
        if draw < 0.005:
            return match[0].upper()
        return like(chance.choice(chance.choice(pools.words)), match[0])

    def number(match: re.Match[str]) -> str:
        if chance.random() < 0.5 or len(match[0]) > 3:
            return match[0]
        return str(chance.randint(1, 8)) + "".join(chance.choice("0123456789") for _ in match[0][1:])

    def eponym(match: re.Match[str]) -> str:
        return pools.name(False) + match[2] if chance.random() < 0.5 else match[0]

    return _DIGITS.sub(number, _WORD.sub(word, _EPONYM.sub(eponym, old)))


def _dressed(text: Text, chance: random.Random) -> Text:
    """All small, all capitals, without signs, over lines, misspelt, on one line; or as it was."""
    dress = chance.choices(_DRESSES, _DRESS_WEIGHTS)[0]
    return tuple(part if part.text == REDACTED else Part(part.type, dress(part, chance)) for part in text)


def _unpointed(part: Part, _: random.Random) -> str:
    return re.sub(r"[.,;:]", "", part.text) if part.type == "O" else part.text


def _over_lines(part: Part, chance: random.Random) -> str:
    return re.sub(r"(?<=[a-z,.]) (?=\w)", lambda _: "\n" if chance.random() < 0.06 else " ", part.text)


def _misspelt(part: Part, chance: random.Random) -> str:
    signs = list(part.text)
    for place in range(len(signs) - 1):
        if chance.random() < 0.01 and signs[place].isalpha() and signs[place + 1].isalpha():
            signs[place], signs[place + 1] = signs[place + 1], signs[place]
    return "".join(signs)


_DRESSES: Final[tuple[Callable[[Part, random.Random], str], ...]] = (
    lambda part, _: part.text,
    lambda part, _: part.text.lower(),
    lambda part, _: part.text.upper(),
    _unpointed,
    _over_lines,
    _misspelt,
    lambda part, _: part.text.replace("\n", " "),
)
_DRESS_WEIGHTS: Final = (66, 13, 7, 4, 4, 3, 3)

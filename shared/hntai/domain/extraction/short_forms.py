"""Short forms a text explains itself: `chronic fatigue syndrome (CFS)`, and from then on `CFS`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from hntai.domain.extraction.words import Words

_LONGEST: Final = 8
_LEAST_CAPITALS: Final = 2


class Named(NamedTuple):
    """Words first to last name something; a key to whatever is known of it."""

    first: int
    last: int
    key: int


def short_form_uses(words: Words, named: Iterable[Named]) -> Iterator[Named]:
    """Where a short form stands for something named, its explanation included; never inside what is named."""
    named = list(named)
    short: dict[str, int] = {}
    for one in named:
        written = _explained(words, one)
        if written:
            short.setdefault(written, one.key)
    if not short:
        return
    taken = {place for one in named for place in range(one.first, one.last)}
    for place in range(len(words)):
        key = short.get(words.text[words.starts[place] : words.ends[place]])
        if key is not None and place not in taken:
            yield Named(place, place + 1, key)


def _explained(words: Words, one: Named) -> str:
    """The capitals in brackets behind a name, where they begin as it does."""
    if one.last + 2 >= len(words) or words.forms[one.last] != "(" or words.forms[one.last + 2] != ")":
        return ""
    written = words.text[words.starts[one.last + 1] : words.ends[one.last + 1]]
    capitals = sum(sign.isupper() or sign.isdigit() for sign in written)
    if not written.isalnum() or capitals < _LEAST_CAPITALS or len(written) > _LONGEST:
        return ""
    if written[0].lower() not in words.forms[one.first][0] + words.forms[one.last - 1][0]:
        return ""
    letters = set(words.written(one.first, one.last).lower())
    return written if all(sign in letters or sign.isdigit() for sign in written.lower()) else ""

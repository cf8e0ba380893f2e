"""What the word and name lists say of one written word."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import INITIAL, folded

_INITIAL = re.compile(rf"{INITIAL}\Z")
_ALSO_GIVEN: Final = frozenset(("jordan", "chad", "israel", "kenya"))
"""Countries that are first names more often."""


class WordKind(NamedTuple):
    """Facts about a capitalised word; several may hold at once."""

    given: bool
    family: bool
    common: bool
    """An ordinary word of notes, a drug, or a word the name lists hold by accident."""
    rare: bool
    """In the dictionary, but seldom in notes: Larkspur, Hollow."""
    initial: bool
    elsewhere: bool
    """Also a town or an eponym."""

    @property
    def open(self) -> bool:
        """No list of words holds it: likely a name, or a new drug."""
        return not (self.common or self.rare or self.initial)


def word_kinds() -> Callable[[str], WordKind]:
    """A function from word to kind that remembers; one for each text, so no word of it stays behind."""
    known: dict[str, WordKind] = {}

    def kind_of(word: str) -> WordKind:
        if word not in known:
            known[word] = _kind(word)
        return known[word]

    return kind_of


def _kind(word: str) -> WordKind:
    plain = folded(word)
    parts = [folded(part) for part in word.split("-")] if "-" in word else [plain]
    blocked = (
        plain in lexicon("seldom_names")
        or plain in lexicon("person_roles")
        or (plain in lexicon("countries") and plain not in _ALSO_GIVEN)
    )
    return WordKind(
        given=not blocked and (plain in lexicon("first_names") or parts[0] in lexicon("first_names")),
        family=not blocked and (plain in lexicon("surnames") or parts[-1] in lexicon("surnames")),
        common=blocked or plain in lexicon("common_words") or plain in lexicon("drugs") or _all_common(parts),
        rare=plain in lexicon("rare_words"),
        initial=len(plain) == 1 or bool(_INITIAL.match(word)),
        elsewhere=plain in lexicon("places") or plain in lexicon("eponyms"),
    )


def _all_common(parts: list[str]) -> bool:
    return len(parts) > 1 and all(part in lexicon("common_words") for part in parts)

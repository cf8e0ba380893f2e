"""Names, towns and words to draw from when a text is varied."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

from hntai.domain.lexicons import ordered

_WORDS: Final = Path(__file__).parents[1] / "training" / "words"


def words(name: str) -> list[str]:
    """The entries of `../training/words/<name>.txt`, one a line, without the remark above them."""
    lines = (_WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("# ")]


_TOWN_STEMS: Final = words("town_stems")
_TOWN_ENDS: Final = words("town_ends")


class Pools:
    """Names and places to draw from."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.given = list(ordered("first_names"))
        self.family = list(ordered("surnames"))
        self.places = [place.title() for place in ordered("places")]
        self._pairs = {True: _followers(self.given), False: _followers(self.family)}
        self.frequent = _frequent()
        names = {name.lower() for name in (*self.frequent[True], *self.frequent[False])}
        words = set(ordered("common_words")) | set(ordered("rare_words"))
        self.also_words = sorted((names & words) | set(ordered("eponyms")))
        self.words = [
            ordered(name) for name in ("common_words", "rare_words", "drugs", "drugs", "common_words")
        ]
        self.cues = frozenset(
            word
            for name in (
                "id_labels",
                "person_roles",
                "name_labels",
                "name_acts",
                "countries",
                "facility_endings",
            )
            for entry in ordered(name)
            for word in entry.lower().split()
        ) | {"from", "with", "years", "year", "aged"}

    def name(self, is_given: bool) -> str:
        """A listed name, a frequent one, or one invented letter by letter."""
        draw = self.chance.random()
        if draw < 0.12:
            return self.chance.choice(self.also_words).capitalize()
        if draw < 0.35:
            return self.chance.choice(self.frequent[is_given])
        if draw < 0.7:
            return self.chance.choice(self.given if is_given else self.family).capitalize()
        return self._invented(is_given)

    def _invented(self, is_given: bool) -> str:
        after = self._pairs[is_given]
        while True:
            word = "^^^"
            while len(word) < 16:
                sign = self.chance.choice(after[word[-3:]])
                if sign == "$":
                    break
                word += sign
            if len(word) > 5:
                return word[3:].capitalize()

    def town(self) -> str:
        """A listed town or an invented one."""
        draw = self.chance.random()
        if draw < 0.55:
            return self.chance.choice(self.places)
        stem = self.chance.choice(_TOWN_STEMS) if draw < 0.8 else self.name(False)
        end = self.chance.choice(_TOWN_ENDS)
        return stem + end if draw < 0.9 else f"{stem} {end.capitalize()}"


def _frequent() -> dict[bool, list[str]]:
    from faker.providers.person.en_US import Provider

    given = list(Provider.first_names)
    return {True: given, False: list(Provider.last_names)}


def _followers(names: list[str]) -> dict[str, str]:
    after: dict[str, list[str]] = {}
    for name in names:
        line = f"^^^{name}$"
        for place in range(3, len(line)):
            after.setdefault(line[place - 3 : place], []).append(line[place])
    return {key: "".join(signs) for key, signs in after.items()}

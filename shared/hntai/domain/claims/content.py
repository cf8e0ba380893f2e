"""A sentence taken apart into what can be held against a fact; facts are taken apart the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hntai.domain.chart.drugs import ingredients_in
from hntai.domain.claims.words import GLUE, PHRASES, SENSES, Sense
from hntai.domain.figures import DAY, UNIT, canonical
from hntai.domain.rules import DECLARED

_TOKEN = re.compile(
    rf"(?P<day>{DAY.pattern})"
    rf"|(?P<sign>[<>≤≥]=?\s?)?(?<![\w.])(?P<number>\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?)?)(?![\w.]*\d[a-z])"
    rf"(?:\s?(?P<unit>(?:ml/min(?:/1\.73(?: ?m2)?)?|/min|°c|kg/m2|10\*\d/ul|pack-years|{UNIT}))(?![\w/]))?"
    r"|(?P<word>[^\W\d_][\w]*(?:[-'’][\w]+)*)",
    re.IGNORECASE,
)
_LIMITED_BY = frozenset(
    ("reference", "range", "goal", "above", "below", "under", "over", "threshold", "limit", "target", "by",
     "within", "least")
)  # fmt: skip
_TURNS = frozenset(["from", "to", "was"])
_ROLES = {
    "since": "start", "from": "start", "onset": "start", "ordered": "order", "renewed": "order",
    "stopped": "end", "resolved": "end", "ended": "end", "until": "end", "discontinued": "end",
    "through": "end", "taken": "taken",
}  # fmt: skip
"""What a day means that follows one of these."""
ALLERGY_WORDS = frozenset(
    ("allergy", "allergic", "anaphylaxis", "intolerance", "reaction", "hypersensitivity")
)
_TIMES_A_DAY = frozenset(["once", "twice", "three", "four", "five", "six", "every"])


@dataclass(frozen=True, slots=True)
class Figure:
    """A number where it stands."""

    number: str
    unit: str
    sign: str
    name: str
    """The nearest name of something measured or taken, before it or else behind it; or nothing."""
    is_limit: bool
    """A bound, a goal or an amount of change rather than a value."""
    turn: str
    """from, to or was, where that stands right before it."""
    day: str
    """The day that is said of it, or nothing."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.number, self.unit, self.sign


@dataclass(frozen=True, slots=True)
class Content:
    """What a text claims."""

    figures: tuple[Figure, ...]
    days: frozenset[tuple[str, str]]
    """Each with what it means: start, order, end, taken; or nothing."""
    words: tuple[str, ...]
    """Stems of the words with content, in their order."""
    senses: frozenset[Sense]
    negated: tuple[str, ...]
    """The stems that stand right behind a negation, as often as they do."""
    rhythms: frozenset[tuple[str, str]]
    """`twice` and the number before it: how often a dose is taken."""
    allergic: frozenset[str]
    """The names that stand nearest to a word about allergy."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int
    unit: str = ""
    sign: str = ""


def reworded(text: str) -> str:
    """The text in lower case, with one wording for what has several."""
    lowered = text.lower().replace("’", "'").replace("–", "-").replace("—", " - ").replace("µ", "u")
    for pattern, meant in PHRASES:
        lowered = pattern.sub(meant, lowered)
    return lowered


@lru_cache(maxsize=1024)
def stem(word: str) -> str:
    """A word without plural or possessive ending."""
    bare = word.removesuffix("'s")
    if len(bare) > 4 and bare.endswith("ies"):
        return bare[:-3] + "y"
    if len(bare) > 3 and bare.endswith("s") and not bare.endswith(("ss", "is", "us")):
        return bare[:-1]
    return bare


@lru_cache(maxsize=64)
def names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names, longest first."""
    meant = sorted({reworded(name) for name in names}, key=lambda name: (-len(name), name))
    return re.compile(r"(?<![\w-])(?:" + "|".join([*map(re.escape, meant), "(?!)"]) + r")(?![\w-])")


@lru_cache(maxsize=1)
def _declared() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(reworded(phrase)) for phrase in DECLARED))


@lru_cache(maxsize=2048)
def taken_apart(text: str, names: tuple[str, ...]) -> Content:
    """What a sentence, a clause or a fact claims. names: of what figures may belong to."""
    read = reworded(text)
    tokens = list(_tokens(read))
    named = [(m.start(), m.end(), _canonical_name(m.group())) for m in names_pattern(names).finditer(read)]
    limits = [m.span() for m in _declared().finditer(read)]
    return Content(
        figures=tuple(_figures(tokens, named, limits)),
        days=frozenset(_days(tokens)),
        words=tuple(_content_words(tokens)),
        senses=frozenset(SENSES[t.text] for t in tokens if t.kind == "word" and t.text in SENSES),
        negated=tuple(_negated(tokens)),
        rhythms=frozenset(_rhythms(tokens)),
        allergic=frozenset(_allergic(tokens, named)),
    )


@lru_cache(maxsize=1024)
def _canonical_name(name: str) -> str:
    return "+".join(ingredients_in(name)) or name


def _tokens(read: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(read):
        kind = found.lastgroup or ""
        if found["day"]:
            yield _Token("day", found["day"], *found.span())
        elif found["number"]:
            number = "/".join(map(canonical, found["number"].split("/")))
            unit = (found["unit"] or "").removesuffix(" m2").replace("µ", "u")
            yield _Token("figure", number, *found.span(), unit, (found["sign"] or "").strip())
        elif kind == "word":
            yield _Token("word", found["word"], *found.span())


def _figures(
    tokens: list[_Token], named: list[tuple[int, int, str]], limits: list[tuple[int, int]]
) -> Iterator[Figure]:
    day_of = _day_by_figure(tokens)
    was_limit = False
    for place, token in enumerate(tokens):
        if token.kind != "figure":
            continue
        before = [t.text for t in tokens[max(0, place - 4) : place]]
        since_figure = before[max((i + 1 for i, t in enumerate(before) if not t[0].isalpha()), default=0) :]
        follows_limit = was_limit and place > 0 and tokens[place - 1].kind == "figure"
        is_declared = any(start <= token.start < end for start, end in limits)
        is_up_to = since_figure[-2:] == ["up", "to"]
        was_limit = is_declared or is_up_to or follows_limit or not _LIMITED_BY.isdisjoint(since_figure)
        turn = before[-1] if before and before[-1] in _TURNS else ""
        name = _nearest(token, named)
        yield Figure(token.text, token.unit, token.sign, name, was_limit, turn, day_of.get(place, ""))


def _nearest(token: _Token, named: list[tuple[int, int, str]]) -> str:
    earlier = [name for _, end, name in named if end <= token.start]
    return earlier[-1] if earlier else next((n for start, _, n in named if start >= token.end), "")


def _day_by_figure(tokens: list[_Token]) -> dict[int, str]:
    """Each day goes to the figure before it that has none yet, or else to the next one behind it."""
    found: dict[int, str] = {}
    for place, token in enumerate(tokens):
        if token.kind != "day" or _role(tokens, place):
            continue
        earlier = range(place - 1, -1, -1)
        barrier = next((i for i in earlier if tokens[i].kind == "day"), -1)
        free = (i for i in earlier if i > barrier and tokens[i].kind == "figure" and i not in found)
        later = (i for i in range(place + 1, len(tokens)) if tokens[i].kind == "figure")
        chosen = next(free, next(later, None))
        if chosen is not None:
            found[chosen] = token.text
    return found


def _role(tokens: list[_Token], place: int) -> str:
    before = tokens[max(0, place - 3) : place]
    behind_figure = before[max((i + 1 for i, t in enumerate(before) if t.kind == "figure"), default=0) :]
    nearest = next((t.text for t in reversed(behind_figure) if t.text in _ROLES), "")
    return _ROLES.get(nearest, "")


def _days(tokens: list[_Token]) -> Iterator[tuple[str, str]]:
    for place, token in enumerate(tokens):
        if token.kind == "day":
            yield token.text, _role(tokens, place)


def _content_words(tokens: list[_Token]) -> Iterator[str]:
    for token in tokens:
        if token.kind == "word" and token.text not in GLUE and token.text not in SENSES:
            yield stem(token.text)


def _negated(tokens: list[_Token]) -> Iterator[str]:
    for place, token in enumerate(tokens):
        if SENSES.get(token.text) is Sense.NEGATED:
            behind = (t.text for t in tokens[place + 1 :] if t.kind == "word" and t.text not in GLUE)
            is_recorded = [t.text for t in tokens[place + 1 : place + 2]] == ["recorded"]
            yield "recorded" if is_recorded else stem(next(behind, ""))


def _rhythms(tokens: list[_Token]) -> Iterator[tuple[str, str]]:
    last = ""
    for token in tokens:
        if token.kind == "figure":
            last = token.text
        elif token.text in _TIMES_A_DAY:
            yield token.text, last


def _allergic(tokens: list[_Token], named: list[tuple[int, int, str]]) -> Iterator[str]:
    for token in tokens:
        if token.kind == "word" and stem(token.text) in ALLERGY_WORDS and named:
            yield min(named, key=lambda name: max(name[0] - token.end, token.start - name[1]))[2]

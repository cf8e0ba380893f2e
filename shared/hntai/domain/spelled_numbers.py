"""Numbers as texts write them, in figures or in words, each in one plain form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple


def _words(listed: str) -> list[str]:
    return listed.split()


_UNITS: Final = {
    word: value
    for value, word in enumerate(
        _words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen"
        )
    )
}
_TENS: Final = {
    word: 10 * (place + 2)
    for place, word in enumerate(_words("twenty thirty forty fifty sixty seventy eighty ninety"))
}
_ORDINALS: Final = {
    word: place + 1
    for place, word in enumerate(
        _words(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
            "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        )
    )
} | {"thirtieth": 30}
_OTHERS: Final = {"once": 1, "twice": 2, "thrice": 3, "half": 0.5, "dozen": 12}
_SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_SMALL: Final = _UNITS | _TENS | _ORDINALS | _OTHERS
_FIGURE: Final = r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
_WORD: Final = "|".join(sorted([*_SMALL, *_SCALES], key=lambda word: (-len(word), word)))
_SPELLED: Final = rf"\b(?:{_WORD})(?:(?:\s+and)?[\s-]+(?:{_WORD}))*\b"
_NUMBER: Final = re.compile(rf"{_FIGURE}|{_SPELLED}", re.IGNORECASE)
_LONGEST_RUN: Final = 12
_DIGITAL: Final = re.compile(r"\d")


class Number(NamedTuple):
    """A number and where it stands."""

    start: int
    end: int
    readings: frozenset[str]
    """What it says as a whole: of `twenty six` 26."""
    forms: frozenset[str]
    """The readings, and those of its parts: 26, 20 and 6. A date in words is a run of several numbers."""
    is_spelled: bool


def numbers(text: str) -> Iterator[Number]:
    """Left to right."""
    for found in _NUMBER.finditer(text):
        written = found.group()
        is_spelled = not _DIGITAL.match(written)
        if is_spelled:
            readings, forms = _spoken(written)
        else:
            readings = forms = frozenset({plain(written.replace(",", ""))})
        yield Number(found.start(), found.end(), readings, forms, is_spelled)


def plain(figures: str) -> str:
    """`05.50` as `5.5`."""
    stripped = figures.rstrip("0").rstrip(".") if "." in figures else figures
    return stripped.lstrip("0") or "0"


def _spoken(written: str) -> tuple[frozenset[str], frozenset[str]]:
    words = [word for word in re.split(r"[\s-]+", written.lower()) if word != "and"][:_LONGEST_RUN]
    runs = [words[first:last] for first in range(len(words)) for last in range(first + 1, len(words) + 1)]
    return frozenset(_readings(words)), frozenset(form for run in runs for form in _readings(run))


def _readings(words: list[str]) -> Iterator[str]:
    """The sum, and with hundred left unsaid: `two thousand eight`, `one twenty`, `nineteen ninety`."""
    yield _shown(_value(words))
    for cut in range(1, len(words)):
        head, tail = _value(words[:cut]), _value(words[cut:])
        if 10 <= tail < 100 and 0 < head < 100:
            yield _shown(100 * head + tail)


def _value(words: list[str]) -> float:
    total: float = 0
    current: float = 0
    for word in words:
        if word in _SCALES:
            current = (current or 1) * _SCALES[word]
            total, current = (total + current, 0) if _SCALES[word] >= 1000 else (total, current)
        else:
            current += _SMALL[word]
    return total + current


def _shown(value: float) -> str:
    return plain(f"{value:f}" if value != int(value) else str(int(value)))

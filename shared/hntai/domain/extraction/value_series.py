"""Values behind the first one: `fell to 128 and was 136`, `140 -> 132 -> 128`, `9.2 (was 11.4)`.

Which came first is told only where the words tell it; else all are of now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from hntai.domain.extraction.measured_names import MeasuredName
from hntai.domain.extraction.measured_values import Reading, read_bare_value, read_value

_FROM: Final = re.compile(
    r"\bfrom (?P<number>\d[\d,]*(?:\.\d+)?)\s?%? (?:down |up )?to\b[^\d]{0,12}\Z", re.IGNORECASE
)
"""Between a name and the value it has now: `rose from 1.0 to`."""
_LATER: Final = (
    r"(?:-{1,2}>|=>|→|➔|»|\bthen(?: (?:back )?(?:up |down )?(?:to|was|is))?|"
    r"\b(?:and |but )?(?:is |are )?(?:now|currently|today)(?: (?:is|at|down to|up to))?|"
    r"\b(?:and |then |but )*(?:fell|rose|dropped|climbed|improved|decreased|increased|declined|"
    r"recovered|normalized|corrected|came) ?(?:back |down |up )?to)"
)
_EARLIER: Final = (
    r"(?:\b(?:and |but )?(?:had been|previously(?: was)?|prior(?: was)?|"
    r"previous(?: was)?|baseline(?: of| is| was)?)|"
    r"\b(?:down |up |increased |decreased |improved )?from|\b(?:compared (?:to|with)|vs\.?)"
    r"(?: (?:a |his |her )?(?:baseline|prior|previous)(?: of)?)?)"
)
_BESIDE: Final = r"(?:\b(?:and |which |it |but )?(?:was|were)|\b(?:and )?repeat(?:ed)?(?: was| is)?)"
"""Before or after: what stands behind the value may say which."""
_NEXT: Final = re.compile(
    rf"[\s,;(]*(?P<gap>(?:(?:on|at) (?:admission|arrival|presentation)|in (?:(?:19|20)\d\d|(?:jan|"
    rf"feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*)|yesterday|today|"
    r"this morning)[\s,]*(?:and )?)?"
    rf"(?:(?P<later>{_LATER})|(?P<earlier>{_EARLIER})|(?P<beside>{_BESIDE})|(?(gap)(?=\d)|(?!)))[\s:=]*",
    re.IGNORECASE,
)
_IS_EARLIER: Final = re.compile(
    r"\s*\(?(?:in|on|at)? ?(?:last|previously|before|yesterday|earlier|initially|prior|"
    r"(?:\d+|an?|one|two|three|four|five|six|several) "
    r"(?:days?|weeks?|months?|years?|hours?) (?:ago|prior|before|earlier)|"
    r"admission|arrival|presentation|baseline|(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
_IS_LATER: Final = re.compile(
    r"\s*\(?(?:(?:on|at|by|upon) (?:discharge|recheck|repeat|follow)|today|now|later|"
    r"this (?:morning|afternoon|evening))",
    re.IGNORECASE,
)
_MOST: Final = 6


class Value(NamedTuple):
    """What a text gives as a value, at reading.end and before."""

    start: int
    """Where the figure begins; for the first value, where the name ends."""
    reading: Reading
    is_past: bool


def read_values(text: str, end: int, name: MeasuredName) -> list[Value]:
    """The values behind a name that ends there, left to right; empty where none fits it."""
    first = read_value(text, end, name)
    if first is None:
        return []
    values = list(_before(text, end, name, first))
    if values:
        start = text.rindex(" to", values[0].reading.end, first.end) + 3
        values.append(Value(_figure(text, start), first, is_past=False))
    else:
        values.append(Value(end, first, is_past=False))
    while len(values) < _MOST and (more := _more(text, name, values[-1])):
        before, after = more
        values[-1] = before
        values.append(after)
    return values


def _before(text: str, end: int, name: MeasuredName, first: Reading) -> Iterator[Value]:
    """The value it came from, where the name is followed by both."""
    found = _FROM.search(text, end, _figure_of(text, end, first))
    if found is None:
        return
    reading = read_bare_value(text, found.start("number"), name, first.unit)
    if reading is not None and reading.end == found.end("number"):
        yield Value(end, reading, is_past=True)


def _figure_of(text: str, end: int, reading: Reading) -> int:
    """Where the figure of a reading begins: it is the last of the words up to its end."""
    figures = list(re.finditer(r"\d[\d,]*(?:\.\d+)?", text[end : reading.end]))
    return end + figures[-1].start() if figures else end


def _figure(text: str, start: int) -> int:
    found = re.compile(r"\d|\.\d").search(text, start)
    return found.start() if found else start


def _more(text: str, name: MeasuredName, before: Value) -> tuple[Value, Value] | None:
    """The value before, and the one behind it, each past or not."""
    joined = _NEXT.match(text, before.reading.end, min(len(text), before.reading.end + 48))
    if joined is None:
        return None
    reading = read_bare_value(text, joined.end(), name, before.reading.unit)
    if reading is None:
        return None
    if not (joined["later"] or joined["earlier"] or joined["beside"]) and not _IS_LATER.match(
        text, reading.end
    ):
        return None
    is_later = bool(joined["later"]) or (not joined["earlier"] and bool(_IS_LATER.match(text, reading.end)))
    is_earlier = bool(joined["earlier"]) or bool(
        joined["beside"] and ("(was" in joined.group().lower() or _IS_EARLIER.match(text, reading.end))
    )
    return (
        before._replace(is_past=before.is_past or is_later),
        Value(joined.end(), reading, is_past=is_earlier),
    )

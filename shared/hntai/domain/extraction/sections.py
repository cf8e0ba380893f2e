"""Where the sections of a note begin, by the headings people write, also in the middle of a line."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import Final

from hntai.domain.extraction.phrases import Found, PhraseTable
from hntai.domain.extraction.words import Words
from hntai.domain.lexicons import ordered

_WEAK: Final = "="
_OPENING: Final = re.compile(r"(?:\A|\n|[.;:,!?)]\s|\s\s|\t)[ \t]*(?:[-*•#>]+|\(?\d{1,2}[.)])?[ \t]*\Z")
_OPENING_REACH: Final = 12
_KEPT_WITHIN: Final = frozenset(
    {"review_of_systems", "assessment", "assessment_and_plan", "plan", "instructions", "hospital_course"}
)
"""Sections whose own lists name organs; these are not the headings of an examination."""
_CAPITALS_ALONE: Final = 5
"""Letters from which a heading in capitals needs no colon."""


@dataclass(frozen=True, slots=True)
class Heading:
    section: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sections:
    """The headings of a text, in order."""

    headings: tuple[Heading, ...]
    starts: tuple[int, ...]

    def at(self, place: int) -> str:
        """The section a place stands in."""
        index = bisect_right(self.starts, place) - 1
        return self.headings[index].section if index >= 0 else ""

    def in_heading(self, place: int) -> bool:
        """Whether the place is a word of a heading."""
        index = bisect_right(self.starts, place) - 1
        return index >= 0 and place < self.headings[index].end


def find_sections(words: Words) -> Sections:
    """Headings with a colon, alone on a line, or in capitals where a sentence may begin."""
    found: list[Heading] = []
    for match in _table().find(words):
        section, is_weak = match.value
        if not _is_heading(words, match, is_weak):
            continue
        if is_weak and section == "physical_exam" and found and found[-1].section in _KEPT_WITHIN:
            continue
        found.append(Heading(section, words.starts[match.first], words.ends[match.last - 1]))
    return Sections(tuple(found), tuple(one.start for one in found))


def _is_heading(words: Words, match: Found[tuple[str, bool]], is_weak: bool) -> bool:
    text, start, end = words.text, words.starts[match.first], words.ends[match.last - 1]
    behind = text[end : end + 4].lstrip(" \t*_")
    is_open = bool(_OPENING.search(text[max(0, start - _OPENING_REACH) : start])) or start == 0
    if behind.startswith(":"):
        return is_open or text[start].isupper()
    if not is_open:
        return False
    on_line = text[max(0, start - _OPENING_REACH) : start]
    starts_line = start == 0 or not on_line.rpartition("\n")[2].strip(" \t-*•#>0123456789.)")
    ends_line = not behind or behind.startswith("\n") or behind.startswith("\r")
    if starts_line and ends_line and ("\n" in on_line or start == 0):
        return True
    written = text[start:end]
    if is_weak or not written.isupper() or len(written) < _CAPITALS_ALONE:
        return False
    return behind.startswith("-") or (not ends_line and _only_capitals_here(text, start, end))


def _only_capitals_here(text: str, start: int, end: int) -> bool:
    """Whether the words around are not in capitals too, so that capitals say something."""
    around = text[end : end + 24]
    letters = [sign for sign in around if sign.isalpha()]
    return (bool(letters) and not all(sign.isupper() for sign in letters)) or "\n" in text[start - 1 : start]


@cache
def _table() -> PhraseTable[tuple[str, bool]]:
    entries = []
    for line in ordered("section_headings"):
        section, spellings = line.split("\t")
        for spelling in spellings.split("|"):
            is_weak = spelling.startswith(_WEAK)
            entries.append((spelling.removeprefix(_WEAK), (section, is_weak)))
    return PhraseTable(entries)

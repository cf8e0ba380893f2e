"""Sentences of clinical text, prose, bullets, wrapped lines and dialogue turns, each with its place.

The pieces lie end to end: joined, they are the text again, so nothing can be lost between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hntai.domain.note import word_set

_STOP: Final = re.compile(r"[.!?]+[\"'”’)\]]*(?:,(?=\s*[A-Z\d])|(?=[\s<]|$))|(?<=:),(?=\s*\d)")
"""Where a sentence may end. Some dictated notes carry a comma where a line ended: `Pain.,PLAN: , Rest`."""
_ABBREVIATIONS: Final = word_set(
    "dr mr mrs ms prof st vs nos approx resp temp pt pts dx rx hx fx sx tx med meds vol fig e.g "
    "i.e a.m p.m b.i.d t.i.d q.i.d p.o p.r.n q.d q.h.s h.s a.c p.c i.v i.m s.c s.q jr sr inc cf et "
    "al ca wt ht max min"
)
"""After these a full stop ends nothing, unless its line ends too."""
_LAST_WORD: Final = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]+\Z")
_CAPITALS: Final = r"[A-Z][A-Z/&'() \-]{2,48}[A-Z)]"
_HEADING_INSIDE: Final = re.compile(rf"(?:(?<=[.,:;])|(?<=\s\s))(?={_CAPITALS}:)|(?<=[.:] )(?={_CAPITALS}:)")
_SPEAKERS: Final = (
    "doctor|patient|clinician|physician|provider|nurse|therapist|caregiver|family|guest_family(?:_\\d)?|"
    "guest_clinician|guest|mother|father|parent|spouse|interviewer"
)
_SPEAKER: Final = re.compile(rf"\s*(?:\[({_SPEAKERS})\]|({_SPEAKERS}):)\s*", re.IGNORECASE)
_TURN_INSIDE: Final = re.compile(
    r"(?<=\s)(?:Doctor|Patient|Guest_family(?:_\d)?|Guest_clinician|Nurse):(?=\s)"
)
_BULLET: Final = re.compile(r"\s*(?:[-*•·–]|\(?\d{1,2}[.)]|[a-z]\))\s+")
_HEADING: Final = re.compile(
    rf"\s*(?:(?P<capitals>{_CAPITALS}):|(?P<plain>[A-Z][A-Za-z/&'() \-]{{1,40}}):(?!\d)"
    rf"|(?P<alone>{_CAPITALS})\s*\Z)"
)
_HEADING_WORDS: Final = 5
_WRAPPED_FROM: Final = 60
"""A line at least this long, without a full stop, may go on in the next."""
_LEAST_LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class Sentence:
    """One piece of a text: text[start:end], with the blanks behind it."""

    start: int
    end: int
    speaker: str
    """Whose turn of a dialogue it is of, in lower case; empty in a note."""
    heading: str
    """The heading it stands under, in lower case; empty where there is none."""
    body: str
    """What it says: without bullet, speaker and heading, on one line."""


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of the text, left to right and end to end; a blank text is one empty sentence."""
    found: list[Sentence] = []
    heading = speaker = ""
    for start, end in _pieces(text):
        piece = text[start:end]
        if turn := _SPEAKER.match(piece):
            speaker, heading = (turn[1] or turn[2]).lower(), ""
            piece = piece[turn.end() :]
        elif not speaker:
            bullet = _BULLET.match(piece)
            named, piece = _without_heading(piece[bullet.end() :] if bullet else piece)
            heading = named or heading
        found.append(
            Sentence(start, end, speaker, heading, " ".join(piece.split()).strip(" ,").lstrip(":, "))
        )
    return tuple(found)


def sentence_places(text: str) -> list[tuple[int, int]]:
    """Where the sentences begin and end, left to right and end to end; a blank text is one."""
    return list(_pieces(text))


def _without_heading(piece: str) -> tuple[str, str]:
    found = _HEADING.match(piece)
    if not found:
        return "", piece
    name = found["capitals"] or found["plain"] or found["alone"]
    if found["plain"] and len(name.split()) > _HEADING_WORDS:
        return "", piece
    return name.lower().strip(), piece[found.end() :]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in [*_ends(text), len(text)]:
        if text[start:end].strip() and (end == len(text) or text[end:].strip()):
            yield start, end
            start = end
    if start < len(text):
        yield start, len(text)


def _ends(text: str) -> list[int]:
    """Where sentences may end, in order; blanks belong to what stands before them."""
    ends = {match.start() for pattern in (_HEADING_INSIDE, _TURN_INSIDE) for match in pattern.finditer(text)}
    ends |= {_past_blanks(text, match.end()) for match in _STOP.finditer(text) if _stops(text, match)}
    at = text.find("\n")
    while at >= 0:
        past = _past_blanks(text, at)
        if _line_ends(text, at, past):
            ends.add(past)
        at = text.find("\n", max(past, at + 1))
    return sorted(ends)


def _past_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _stops(text: str, match: re.Match[str]) -> bool:
    """Whether a full stop ends a sentence, and not an abbreviation, an initial or a list's number."""
    if match.group().rstrip(",") != ".":
        return True
    before = text[max(0, match.start() - 12) : match.start()]
    word = _LAST_WORD.search(before)
    if word is None:
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip(" ,")
        return not (line.isdigit() or re.search(r"[,:]\s*\d{1,2}\Z", before))
    is_short = word.group().lower() in _ABBREVIATIONS or len(word.group()) < _LEAST_LETTERS
    following = text[match.end() : match.end() + 2].strip()
    if word.group().lower() == "no":
        return not following.isdigit()
    return not is_short or "\n" in text[match.end() : match.end() + 2] or not following


def _line_ends(text: str, at: int, past: int) -> bool:
    """Whether the sentence ends with the line that ends there; past: where the next line's words start."""
    if "\n" in text[at + 1 : past]:
        return True
    line_end = text.find("\n", past)
    following = text[past : line_end if line_end >= 0 else len(text)]
    if _BULLET.match(following) or _SPEAKER.match(following) or _HEADING.match(following):
        return True
    line = text[text.rfind("\n", 0, at) + 1 : at].rstrip()
    return len(line) < _WRAPPED_FROM or line.endswith((".", "!", "?", ":", ";"))

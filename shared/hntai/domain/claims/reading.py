"""The sentences in what a model wrote, each with the ids it cites; headings and fences are none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from hntai.domain.statements import Section

_FENCE = re.compile(r"^\s*(?:```|~~~).*$", re.MULTILINE)
_BULLET = re.compile(r"^\s*(?:>\s*)?(?:[-*•+]\s+|\d{1,2}[.)]\s+)+")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)|`")
_HEADING = re.compile(r"^\s*#{1,6}\s*(.*?)\s*#*$")
_CITATION = re.compile(
    r"\s*[\[(【]\s*((?:F\s?\d{1,4})(?:\s*[,;&/]?\s*(?:and\s+)?F?\s?\d{1,4})*)\s*[\])】]", re.IGNORECASE
)
_LEADING = re.compile(rf"(?:{_CITATION.pattern})+[:\s]+(?=\S)", re.IGNORECASE)
_ID = re.compile(r"\d+")
_MARK = "\x1f"
_END = re.compile(rf"(?:(?<=[.!?])|(?<=[.!?]\))|(?<={_MARK}))[ \t]+(?=[A-Z(])(?!{_MARK})")
_ARROW = re.compile(r"\s*(?:-+>|=>|→|⇒)\s*")
_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "\u00a0": " ", "\u202f": " ", "μ": "µ"}
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """One sentence of a model."""

    text: str
    """Without its citations."""
    cited: tuple[str, ...]
    """Ids such as `F3`, as written, whether or not there is such a fact."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote under one heading; None where there was no heading yet."""

    section: Section | None
    sentences: tuple[Drafted, ...]


def sentences_in(text: str) -> tuple[Drafted, ...]:
    """All sentences, whatever headings they stand under."""
    return tuple(sentence for draft in drafts_in(text) for sentence in draft.sentences)


def drafts_in(text: str) -> tuple[Draft, ...]:
    """The sentences by the headings of the four sections."""
    section: Section | None = None
    found: list[tuple[Section | None, list[Drafted]]] = [(None, [])]
    for line in _FENCE.sub("", text.translate(_SIGNS)).splitlines():
        heading, is_heading = _heading(line)
        if heading:
            section = heading
            found.append((section, []))
        if not is_heading:
            found[-1][1].extend(_in_line(line))
    return tuple(Draft(own, tuple(sentences)) for own, sentences in found if own or sentences)


def _heading(line: str) -> tuple[Section | None, bool]:
    marked = _HEADING.match(line)
    bare = _EMPHASIS.sub("", marked[1] if marked else line).strip().rstrip(":").casefold()
    named = next((section for section in Section if section.value.casefold() == bare), None)
    return named, marked is not None or named is not None


def _in_line(line: str) -> Iterator[Drafted]:
    """Ids that begin a line are cited by each of its sentences that cites none itself."""
    bare = _EMPHASIS.sub("", _BULLET.sub("", line))
    leading = _LEADING.match(bare)
    begun = tuple(f"F{n}" for n in _ID.findall(leading[0])) if leading else ()
    bare = bare[leading.end() :] if leading else bare
    marked = _CITATION.sub(lambda m: f"{_MARK}{','.join(f'F{n}' for n in _ID.findall(m[1]))}{_MARK}", bare)
    rejoined = re.sub(rf"([.!?])\s+(?={_MARK})", r"\1", marked)
    for part in _END.split(rejoined):
        pieces = part.split(_MARK)
        text = _tidied("".join(pieces[0::2]))
        cited = tuple(dict.fromkeys(i for piece in pieces[1::2] for i in piece.split(",")))
        if text or cited:
            yield Drafted(text, cited or tuple(dict.fromkeys(begun)))


def _tidied(text: str) -> str:
    plain = " ".join(_ARROW.sub(" to ", unicodedata.normalize("NFC", text)).split())
    return re.sub(r"\s+([.,;:])", r"\1", plain).strip(" ,;")

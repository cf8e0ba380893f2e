"""The words of a summary: joined so that it stays clear who says what, whole sentences, lengths kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from typing import Final

from hntai.domain.chunking import chunks
from hntai.domain.clinical_sentences import sentences
from hntai.domain.note_style import FINDINGS
from hntai.domain.summary_units import Unit

CountTokens = Callable[[str], int]

_NAMES: Final = {"patient": "Patient reports", "guest_family": "Family reports"}
_FIRST_PERSON: Final = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Ww]e|[Uu]s|[Oo]ur)\b")
CUT: Final = " …"
"""Stands where a sentence goes on in the source."""
_STOPS: Final = (".", "!", "?", "…", '"', "”", ")")


_LIST: Final = re.compile(
    r"\b(?:are|include[sd]?|following|medications?|medicines|drugs|allergies|diagnoses|problems)\s*:\s*\S",
    re.I,
)
_LISTING: Final = re.compile(r"medic|drug|allerg|prescri", re.I)
"""Headings under which a list reads as the whole of it."""


def joined(units: Sequence[Unit], broken: Container[int] = ()) -> str:
    """In the order given; speakers are named where they change and it matters, a heading where the meaning
    hangs on it.

    broken: places among the units after which the source's list goes on.
    """
    said: list[str] = []
    speaker = heading = ""
    for place, unit in enumerate(units):
        if unit.shown_heading and unit.shown_heading != heading:
            said.append(f"{unit.shown_heading}:")
        heading = unit.shown_heading
        if unit.speaker != speaker and _needs_name(unit, is_first=not speaker):
            said.append(f"{_NAMES.get(unit.speaker) or unit.speaker.split('_')[0].capitalize()}:")
        speaker = unit.speaker
        said.extend(_stopped(words) for _, words in unit.spoken)
        if place in broken:
            said.append(CUT.strip())
    return " ".join(said)


def _broken(taken: Sequence[int], units: Sequence[Unit]) -> set[int]:
    """Where, among those taken, a list breaks off: a part read as the whole is a mistake about a patient."""
    found, opened = set(), False
    for place, (one, after) in enumerate(zip(taken, [*taken[1:], len(units)], strict=True)):
        unit = units[one]
        opened = bool(_LIST.search(unit.text) or _LISTING.search(unit.heading)) or (
            opened and units[taken[place - 1]].heading == unit.heading
        )
        if opened and after > one + 1 and units[one + 1].heading == unit.heading:
            found.add(place)
            opened = False
    return found


def _needs_name(unit: Unit, *, is_first: bool) -> bool:
    """Not a finding, nor a question before its answer, nor what a clinician says first and of nobody's I."""
    if not unit.speaker or len(unit.spoken) > 1 or unit.text.startswith(FINDINGS):
        return False
    return not (unit.is_of_clinician and is_first) or _FIRST_PERSON.search(unit.text) is not None


def fitting(ranking: Sequence[int], units: Sequence[Unit], max_tokens: int, count_tokens: CountTokens) -> str:
    """The weightiest units that fit together, in the source's order; of a lone one too long, what fits."""
    kept = list(ranking)
    while kept:
        places = sorted(kept)
        text = joined([units[place] for place in places], _broken(places, units))
        if count_tokens(text) <= max_tokens:
            return text
        if len(kept) == 1:
            return shortened(text, max_tokens, count_tokens)
        kept.pop()
    return ""


def shortened(text: str, max_tokens: int, count_tokens: CountTokens) -> str:
    """Its start, to the end of a clause, with a sign that it goes on."""
    room = max_tokens - count_tokens(CUT)
    if count_tokens(text) <= max_tokens or room < 1:
        return text if count_tokens(text) <= max_tokens else ""
    first = chunks(text, room, 0, count_tokens)[0].of(text).rstrip(" ,;:")
    return first + CUT if count_tokens(first + CUT) <= max_tokens else ""


def whole_sentences(written: str) -> str:
    """What was written, without a last sentence that was broken off."""
    found = sentences(written)
    kept = list(found)
    while kept and not written[kept[-1].start : kept[-1].end].rstrip().endswith(_STOPS):
        kept.pop()
    return written[: kept[-1].end].strip() if kept else ""


def within(kept: Sequence[str], max_tokens: int, count_tokens: CountTokens) -> tuple[str, ...]:
    """As many of the sentences, from the first, as fit together."""
    last = len(kept)
    while last and count_tokens(" ".join(kept[:last])) > max_tokens:
        last -= 1
    return tuple(kept[:last])


def _stopped(words: str) -> str:
    return words if words.endswith((*_STOPS, ":", ";", ",")) else f"{words}."

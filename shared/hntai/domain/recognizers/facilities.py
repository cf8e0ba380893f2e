"""Hospitals, practices, schools, employers: a capitalised name with its kind at the end, or its label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from hntai.domain.clinic_words import is_particular
from hntai.domain.lexicons import alternation, lexicon, ordered
from hntai.domain.name_shapes import GAP, START, UPPER, folded
from hntai.domain.note import Note, Opening, Place, first_words, opening
from hntai.domain.spans import PhiType, Span, span_of

_PIECE: Final = rf"(?:(?:St|Ste|Mt|Ft)\.|[{UPPER}][\w]{{0,24}}(?:['’&-][\w]{{1,24}}){{0,3}}|&)"
_LINK: Final = rf"(?:(?:of|and|the|for|de|del|la){GAP}){{0,2}}"
_NAME: Final = rf"{_PIECE}(?:{GAP}{_LINK}{_PIECE}){{0,6}}"
_RUN = re.compile(rf"{START}{_NAME}")
_CLEAR: Final = alternation("facility_endings")
_ENDING = re.compile(
    rf"(?:^|{GAP})(?:(?P<clear>{_CLEAR}|{_CLEAR.upper()})|"
    rf"(?P<weak>{alternation('facility_weak_endings')}))(?![^\W_])\.?(?:,? (?:Inc|LLC|PC|PLLC|PA|Ltd)"
    rf"\b\.?)?"
)
_SAINTLY = re.compile(
    rf"{START}(?:Sacred Heart|Our Lady|Mount|Mt\.|Saint|St\.|Holy|Good|Mercy|Providence|Mayo|Kaiser|"
    rf"Cleveland)(?:{GAP}{_LINK}{_PIECE}){{1,5}}"
)
_SAINTLY_KEEP = re.compile(
    r"(?:Sacred Heart|Our Lady) of |(?:Good Samaritan|Mayo Clinic|Cleveland Clinic|Kaiser Permanente)"
    r"\b|.*\b(?:Health|Hospital|Clinic|Center)\Z"
)
_FAMOUS = re.compile(rf"{START}{alternation('facility_famous')}(?![^\W_])")
_LABELLED = re.compile(
    rf"{START}(?i:facility(?: name)?|hospital|employer|employed (?:by|at)|works (?:at|for)|worked "
    rf"(?:at|for)|working (?:at|for)|school|agency|place of employment|"
    rf"occupation|company|workplace|pharmacy|student at|attends|teaches at|retired from|hospitalized "
    rf"at|treated at|seen at|transferred (?:from|to)|"
    rf"admitted (?:to|at)|discharged (?:to|from)|referred to|care at|followed at|resident of|"
    rf"performing lab|clinic|practice|organization|location)(?:[ ]?[:=][ ]{{0,4}}|[ ]{{1,2}}(?:the "
    rf")?)\"?(?P<name>{_NAME})"
)


_LABEL_WORDS: Final = opening(
    "facility hospital employer employed works worked working school agency place occupation company "
    "workplace pharmacy student attends teaches retired hospitalized treated seen transferred "
    "admitted discharged referred care followed resident performing clinic practice organization "
    "location"
)
_SAINTLY_WORDS: Final = opening(
    "sacred our mount mt saint st holy good mercy providence mayo kaiser cleveland"
)
_FAMOUS_WORDS: Final = Opening(first_words("facility_famous"))
_LAST_WORDS: Final = Opening(
    re.findall(r"[^\W\d_]+", phrase.casefold())[-1]
    for name in ("facility_endings", "facility_weak_endings")
    for phrase in ordered(name)
)
"""What the patterns above start with, and what an ending ends with."""
_LINKS_TO: Final = frozenset(("at", "from", "to", "in", "by", "via", "near"))
"""What leads to a facility in a note all in capitals: SEEN BY DR LEE AT LAKEMOOR CLINIC."""


def recognize_facilities(note: Note) -> Iterator[Span]:
    """FACILITY spans: named places of care, work and learning; the Emergency Department stays."""
    capitals = [place for place in note.led_by(_LAST_WORDS) if note.text[place].isupper()]
    for start, end in _lines(note.text, capitals):
        for run in _RUN.finditer(note.text, start, end):
            yield from _named(run)
    for match in note.matches(_SAINTLY, note.led_by(_SAINTLY_WORDS)):
        if _SAINTLY_KEEP.match(match.group()):
            yield span_of(match, PhiType.FACILITY, 0.85, "facility_saint")
    for match in note.matches(_FAMOUS, note.led_by(_FAMOUS_WORDS)):
        yield span_of(match, PhiType.FACILITY, 0.9, "facility_famous")
    for match in note.matches(_LABELLED, note.led_by(_LABEL_WORDS)):
        if _is_name(match["name"].split()):
            yield span_of(match, PhiType.FACILITY, 0.7, "facility_labelled", "name")


def _lines(text: str, places: Iterable[Place]) -> Iterator[tuple[Place, Place]]:
    """The lines that hold one of the places."""
    free = 0
    for place in places:
        if place < free:
            continue
        start = max(free, text.rfind("\n", free, place) + 1)
        free = text.find("\n", place) + 1 or len(text)
        yield start, free


def _named(run: re.Match[str]) -> Iterator[Span]:
    """The part of a run up to its last ending, without ordinary words in front."""
    endings = list(_ENDING.finditer(run.group()))
    if not endings:
        return
    ending = endings[-1]
    words = list(re.finditer(r"\S+", run.group()[: ending.start()]))
    for place in range(len(words) - 1, -1, -1):
        if words[place].group().casefold() in _LINKS_TO:
            del words[: place + 1]
            break
    while words and _is_front(words[0].group()):
        words.pop(0)
    names = [word.group() for word in words]
    enough = is_particular(names) if ending["clear"] else _is_name(names)
    if words and enough:
        start = run.start() + words[0].start()
        yield Span(
            start, run.start() + ending.end(), PhiType.FACILITY, 0.9 if ending["clear"] else 0.7, "facility"
        )


def _is_front(word: str) -> bool:
    """Words that only lead to the name: At, The, Discharged."""
    return folded(word) in lexicon("facility_fronts")


def _is_name(words: list[str]) -> bool:
    """True where a word is no ordinary word at all."""
    rest = [folded(word) for word in words if folded(word) not in lexicon("facility_words")]
    common, drugs = lexicon("common_words"), lexicon("drugs")
    return any(
        word and not word.isdigit() and word not in common and word not in drugs and len(word) > 2
        for word in rest
    )

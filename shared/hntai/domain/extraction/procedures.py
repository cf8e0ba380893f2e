"""Procedures and tests, by name and by the ending of their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.done_or_not import told_behind
from hntai.domain.extraction.entities import Assertion, Entity, Kind
from hntai.domain.extraction.note import ClinicalNote
from hntai.domain.extraction.phrases import PhraseTable
from hntai.domain.extraction.problems import is_modifier
from hntai.domain.extraction.words import Words, form_set
from hntai.domain.extraction.years import is_told_by_year
from hntai.domain.lexicons import ordered
from hntai.domain.note import word_set

_ENDINGS: Final = re.compile(r"[a-z]{3,}(?:ectomy|otomy|ostomy|oscopy|plasty|pexy|centesis|rrhaphy|tripsy)\Z")
_IMAGES: Final = re.compile(
    r"(?:angio|arterio|veno|myelo|pyelo|cysto|urethro|broncho|hystero|mammo|lympho|arthro|sono|"
    r"ultrasono|echocardio|"
    r"cardio|cholangio|ventriculo|aorto|sialo|disco|fistulo)(?:graphy|gram)\Z"
)
_NO_PROCEDURE: Final = form_set("dichotomy lobotomy-like anatomy autonomy phlebotomist")
_SIDES: Final = word_set("left right bilateral total partial laparoscopic open radical emergent diagnostic")
_DONE: Final = form_set("s/p underwent had has performed done post undergone prior previous")
_NOT_BEFORE: Final = form_set("clinic team service nurse consult center scar site incision follow-up")
_REACH_BACK: Final = 6
_REFUSED: Final = re.compile(
    r"\b(?:declin|refus)(?:es|ed|ing)\b(?: (?:a|an|the|any|further|to have|to undergo))*\s\Z", re.I
)


def find_procedures(note: ClinicalNote, assertions: Assertions) -> Iterator[Entity]:
    """Left to right. What was done is present, what is planned hypothetical, what is past historical."""
    words = note.words
    named = {found.first: found for found in _terms().find(words)}
    endings = {at for word, places in words.index().items() if is_procedure(word) for at in places}
    reached = 0
    for at in sorted(named.keys() | endings):
        if at < reached:
            continue
        found = named.get(at)
        reached = found.last if found else at + 1
        if not _is_vetoed(words, at, reached) and not note.sections.in_heading(words.starts[at]):
            yield _entity(note, assertions, at, reached)


@lru_cache(maxsize=16384)
def is_procedure(word: str) -> bool:
    """Whether a word in its form says a procedure by its ending."""
    return word not in _NO_PROCEDURE and bool(_ENDINGS.match(word) or _IMAGES.match(word))


def _is_vetoed(words: Words, first: int, last: int) -> bool:
    written = words.text[words.starts[first] : words.ends[last - 1]]
    if (
        len(written) <= 3
        and not written.isupper()
        and written not in ("ct", "mri", "ekg", "pci", "xrt", "egd", "eeg", "emg")
    ):
        return True
    return last < len(words) and words.forms[last] in _NOT_BEFORE


def _entity(note: ClinicalNote, assertions: Assertions, first: int, last: int) -> Entity:
    words = note.words
    left = first
    while left > 0 and first - left < 3 and words.sentence[left - 1] == words.sentence[first]:
        before = words.forms[left - 1]
        if before not in _SIDES and not (is_modifier(before) and before not in _DONE and len(before) > 3):
            break
        left -= 1
    start, end = words.starts[left], words.ends[last - 1]
    section = note.sections.at(start)
    said = assertions.of(first)
    if said in (Assertion.POSSIBLE, Assertion.PRESENT) and _is_planned(words, left, section):
        said = Assertion.HYPOTHETICAL
    if said is Assertion.NEGATED and left > 0 and words.forms[left - 1] in ("on", "by", "per", "via"):
        said = Assertion.PRESENT  # what it denies is what it did not find
    if _REFUSED.search(note.text, max(0, start - 40), start):
        said = Assertion.NEGATED
    if said in (Assertion.POSSIBLE, Assertion.PRESENT) and (behind := told_behind(note.text, end)):
        said = behind
    if said is Assertion.PRESENT and is_told_by_year(note.text, end):
        said = Assertion.HISTORICAL
    return Entity(Kind.PROCEDURES, note.text[start:end], start, end, section, said, 0.85)


_PLANNED: Final = form_set(
    "schedule scheduled order ordered plan planned planning will consider recommend recommended "
    "pending refer referred obtain arrange needs need candidate repeat await awaiting request "
    "requested proceed discuss"
)


def _is_planned(words: Words, first: int, section: str) -> bool:
    sentence = words.sentence[first]
    before = range(max(0, first - _REACH_BACK), first)
    return (
        any(words.forms[at] in _PLANNED for at in before if words.sentence[at] == sentence)
        or section == "instructions"
    )


@cache
def _terms() -> PhraseTable[bool]:
    return PhraseTable((name, True) for name in ordered("procedure_terms"))

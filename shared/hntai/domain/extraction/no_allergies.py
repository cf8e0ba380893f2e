"""That there are no allergies: `NKDA`, `no known allergies except eggs`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hntai.domain.extraction.entities import Assertion, Entity, Kind
from hntai.domain.extraction.note import ClinicalNote

_NONE: Final = re.compile(
    r"\bNK(?:D?A|FA|MA)\b(?:/NK(?:D?A|FA)\b)?|\b(?:no|denies(?: any)?|without|not have any|negative "
    r"for|no history of|does not have any) "
    r"(?:(?:known|new|other|any|significant|documented|reported|drug|food|medication|medicine|seasonal|"
    r"environmental) ?(?:,|or|and|/)? ?){0,4}"
    r"allerg(?:y|ies)(?: to (?:any )?(?:medications?|medicines|drugs?|foods?)|(?! to\b))",
    re.IGNORECASE,
)
"""Of one substance (`no allergy to penicillin`) it says nothing."""
_NONE_LISTED: Final = re.compile(
    r"\s*[:\-–]?\s*(none(?: known)?\b|"
    r"(?:no|denies)(?=\s*(?:\Z|[.;,\n]| known\b| any\b| all\b))|unknown none\b|nil\b)",
    re.IGNORECASE,
)
_EXCEPT: Final = re.compile(
    r"[\s,(-]*(?:except(?:ing| for)?|other than|apart from|aside from|besides|save for)(?![^\W_])",
    re.IGNORECASE,
)


def none_known(note: ClinicalNote) -> Iterator[Entity]:
    """Each place that says so, unless an exception follows."""
    text = note.text
    for found in _NONE.finditer(text):
        if not _EXCEPT.match(text, found.end()):
            yield _none(note, found.start(), found.end())
    for heading in note.sections.headings:
        if heading.section == "allergies":
            listed = _NONE_LISTED.match(text, heading.end, min(len(text), heading.end + 40))
            if listed and not _NONE.match(text, listed.start(1)):
                yield _none(note, listed.start(1), listed.end(1))


def exceptions(note: ClinicalNote) -> Iterator[int]:
    """Where what is named begins to be an allergen after all: `no known allergies except eggs`."""
    for none in _NONE.finditer(note.text):
        but = _EXCEPT.match(note.text, none.end())
        if but:
            yield but.end()


def _none(note: ClinicalNote, start: int, end: int) -> Entity:
    written = note.text[start:end]
    about = (
        "drug"
        if re.search(r"NKD|drug|medic", written, re.IGNORECASE)
        else "food"
        if re.search(r"NKF|food", written, re.IGNORECASE)
        else "any"
    )
    return Entity(
        Kind.ALLERGIES, written, start, end, note.sections.at(start), Assertion.NEGATED, 0.98,
        details={"substance": "none known", "about": about},
    )  # fmt: skip

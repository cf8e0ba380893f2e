"""Vaccines by name, with the CVX code where the name means one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.done_or_not import told_behind
from hntai.domain.extraction.entities import Assertion, Code, Entity, Kind, System
from hntai.domain.extraction.note import ClinicalNote
from hntai.domain.extraction.phrases import PhraseTable
from hntai.domain.extraction.words import forms_of
from hntai.domain.lexicons import ordered

_DATE: Final = re.compile(
    r"[\s(:,–-]*(?:given|on|in|received|done|last|administered|was)*\s*(?:on |in "
    r")?(?P<date>\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}/\d{4}|(?:19|20)\d{2}-\d{2}-\d{2}|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? (?:19|20)\d{2}|(?:jan|feb|"
    r"mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:19|20)\d{2}|(?:19|20)\d{2})\b",
    re.IGNORECASE,
)
_REFUSED: Final = re.compile(
    r"\b(?:declin|refus|defer|not (?:had|received|gotten|up to date)|has not|never|due for|"
    r"overdue)\w*[\w ,]{0,40}\Z",
    re.IGNORECASE,
)
_DUE: Final = re.compile(
    r"\b(?:due for|overdue|recommend\w*|offer\w*|needs?|will (?:get|receive)|consider\w*|schedul\w*|"
    r"should)\b[\w ,]{0,40}\Z",
    re.IGNORECASE,
)
_LISTED_IN: Final = frozenset({"immunizations"})
_GENERIC: Final = frozenset({"vaccine", "vaccination", "immunization", "booster"})
_DISEASES: Final = [
    "influenza",
    "flu",
    "pneumococcal",
    "pneumonia",
    "shingles",
    "zoster",
    "covid",
    "covid 19",
    "hepatitis a",
    "hepatitis b",
    "hep a",
    "hep b",
    "hpv",
    "polio",
    "varicella",
    "meningococcal",
    "rsv",
]
"""Under the heading of vaccines these are vaccines."""
_REACH: Final = 60
_WITH_HEAD: Final = re.compile(
    r"(?:\s*(?:,|and|or|&|/)\s*(?:and |or )?[a-z]+(?:[ -]\d{1,2}| [ab])?){1,3} (?:vaccines|"
    r"vaccinations|immunizations|shots)\b",
    re.IGNORECASE,
)
"""`influenza and pneumococcal vaccines`."""


def find_immunizations(note: ClinicalNote, assertions: Assertions) -> Iterator[Entity]:
    """Vaccines said to be given, refused, due. A disease alone is a vaccine only under their heading."""
    words = note.words
    for found in _names().find(words):
        start, end = words.starts[found.first], words.ends[found.last - 1]
        section = note.sections.at(start)
        generic = found.last - found.first == 1 and words.forms[found.first] in _GENERIC
        if note.sections.in_heading(start) or (generic and section not in _LISTED_IN):
            continue
        is_listed = section in _LISTED_IN or _WITH_HEAD.match(note.text, end, end + _REACH)
        if found.value == "only-in-list" and not is_listed:
            continue
        clause = re.split(r"[.;\n]", note.text[max(0, start - _REACH) : start])[-1]
        said = assertions.of(found.first)
        if _DUE.search(clause):
            said = Assertion.HYPOTHETICAL
        elif _REFUSED.search(clause):
            said = Assertion.NEGATED
        elif behind := told_behind(note.text, end):
            said = behind
        elif said in (Assertion.HYPOTHETICAL, Assertion.HISTORICAL, Assertion.POSSIBLE):
            said = Assertion.PRESENT
        date = _DATE.match(note.text, end, min(len(note.text), end + _REACH))
        code = found.value if found.value.isdigit() else ""
        codes = (Code(System.CVX, code, note.text[start:end].lower()),) if code else ()
        yield Entity(
            Kind.IMMUNIZATIONS, note.text[start:end], start, end, section, said, 0.9, codes,
            {"date": date["date"]} if date else {},
        )  # fmt: skip


@cache
def _names() -> PhraseTable[str]:
    table: PhraseTable[str] = PhraseTable(
        (name, code)
        for code, names in (line.split("\t") for line in ordered("vaccines"))
        for name in names.split("|")
    )
    for disease in _DISEASES:
        table.add(forms_of(disease), "only-in-list")
    return table

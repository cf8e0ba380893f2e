"""What makes a drug or a substance an allergen, told beside its name: `penicillin causes hives`."""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.extraction.entities import Entity
from hntai.domain.extraction.note import ClinicalNote

BEHIND: Final = re.compile(
    r"[ -](?:drug )?(?:allerg(?:y|ies|ic)|intoleran(?:ce|t)|anaphylaxis|sensitivity)\b", re.IGNORECASE
)
_HARMS: Final = re.compile(
    r"\s*(?:[-–:>=]|->|→|\(|\s(?:causes|caused|gives (?:her|him|them|me)|gave (?:her|him|them|me)))\s*"
    r"(?:severe |mild |an? |his |her )*(?:anaphyla|hives|urticaria|angioedema|rash|stevens|itching|pruritus|"
    r"(?:lip|face|facial|tongue|throat) swelling)",
    re.IGNORECASE,
)
"""Behind a name outside their section, what makes it an allergen: `penicillin causes hives`."""
_HARMED_BY: Final = re.compile(
    r"(?P<what>anaphyla(?:xis|ctic shock|ctic reaction)|hives|urticaria|angioedema|(?:lip|face|"
    r"facial|tongue|throat) "
    r"swelling|rash|stevens[ -]johnson(?: syndrome)?|red man syndrome) (?:with|after|from|to|on|"
    r"due to|because of) "
    r"(?:taking |receiving |starting |her |his |iv |oral )*\Z",
    re.IGNORECASE,
)
"""Before a name: `hives with penicillin`."""
_DENIED: Final = re.compile(
    r"\b(?:no|not|without|denie[sd]|never|any|if|for|monitor|risk of)\b[^,.;\n]{0,30}\Z", re.IGNORECASE
)
"""Before what it did: `no rash with amoxicillin` is no allergy."""
_ANOTHER: Final = re.compile(
    r",(?! ?(?:or|and|nor)\b)[^,.;\n]*?(?:allerg(?:y|ic) to|anaphylaxis to|reaction to|"
    r"intoleran(?:t of|ce to))[^,.;\n]*\Z",
    re.IGNORECASE,
)
_OWN: Final = re.compile(r" (?:allergy|anaphylaxis|intolerance|sensitivity)\b", re.IGNORECASE)
_AFTER_COMMA: Final = re.compile(
    r",(?! ?(?:or|and|nor)\b)\s*(?:severe |known |mild |reported |has |also )*\Z", re.IGNORECASE
)
_LISTED_ON: Final = re.compile(r"[^.;\n]{0,60}?\b(?:or|nor)\b", re.IGNORECASE)
_REACH: Final = 60


def is_named(note: ClinicalNote, drug: Entity) -> bool:
    """Whether what stands behind it makes it an allergen: `statin intolerance`, `penicillin causes hives`."""
    stop = drug.end + _REACH
    if BEHIND.match(note.text, drug.end, stop):
        return True
    if any(name in drug.details for name in ("dose", "frequency", "quantity")):
        return False
    return _HARMS.match(note.text, drug.end, stop) is not None or harmed_by(note, drug) is not None


def harmed_by(note: ClinicalNote, named: Entity) -> re.Match[str] | None:
    """What it did, told before its name: `hives with penicillin`; the group `what`."""
    found = _HARMED_BY.search(note.text, max(0, named.start - _REACH), named.start)
    is_denied = found and _DENIED.search(note.text, max(0, found.start() - _REACH), found.start())
    return None if is_denied else found


def begins_anew(note: ClinicalNote, named: Entity) -> bool:
    """Whether an allergy is told behind a comma, where one before was denied."""
    before = note.text[max(0, named.start - _REACH) : named.start]
    if _ANOTHER.search(before) or harmed_by(note, named):
        return True
    is_own = _OWN.match(note.text, named.end) is not None and _AFTER_COMMA.search(before) is not None
    return is_own and _LISTED_ON.match(note.text, named.end) is None

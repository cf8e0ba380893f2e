"""Whether a name stands for a thing of medicine here: Parkinson disease stays, Dr. Parkinson goes.

Protection is by the words beside the name, never by the name alone.
"""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.lexicons import alternation, lexicon
from hntai.domain.name_shapes import folded

_THING: Final = alternation("medical_things")
_AFTER = re.compile(rf"(?i)(?:['’]s?)?[ -]{{1,2}}(?:\w{{1,16}}[- ])?{_THING}(?![^\W_])")
_RIGHT_AFTER = re.compile(rf"(?i)(?:['’]s?)?[ -]{{1,2}}{alternation('medical_core')}(?![^\W_])")
_POSSESSIVE = re.compile(r"['’]s?(?![^\W_])")
_BEFORE = re.compile(
    r"(?i)(?<![^\W_])(?:signs? of|history of|hx of|h/o|diagnosis of|diagnosed with|dx(?:ed)? with|"
    r"negative|positive|no|\+|has|with|absent|present|tests?|maneuvers?|"
    r"disease of|syndrome of|triangle of|circle of|tetralogy of|ampulla of|bundle of|sphincter of|"
    r"angle of|duct of|foramen of|sinus of|islets of|loop of|organ of|canal of|"
    r"ligament of|space of|node of|pouch of|line of|area of|per)[ ]{1,2}\Z"
)


def is_eponym(text: str, start: int, end: int) -> bool:
    """The same for the list of eponyms alone: "Graves disease" stays, whatever the patient is called."""
    parts = {folded(part) for part in re.split(r"[\s-]+", text[start:end])}
    return parts <= lexicon("eponyms") and is_medical(text, start, end)


def is_medical(text: str, start: int, end: int) -> bool:
    """True where the words at start..end name a disease, sign, device or scale in this place."""
    parts = {folded(part) for part in re.split(r"[\s-]+", text[start:end])}
    known = parts & lexicon("eponyms")
    if len(parts) > 1:
        return parts == known or (
            not re.search(r"\s", text[start:end]) and bool(_RIGHT_AFTER.match(text, end))
        )
    if not known:
        return bool(_RIGHT_AFTER.match(text, end))
    return bool(
        _AFTER.match(text, end)
        or _POSSESSIVE.match(text, end)
        or _BEFORE.search(text, max(0, start - 24), start)
    )

"""Social Security numbers, whole, half hidden, or their last four. Source of the shape: SSA, 3-2-4 digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.note import Note, Opening
from hntai.domain.spans import PhiType, Span, span_of

_SHAPED = re.compile(
    r"(?<![\w-])(?:\d{3}([-–‑])\d{2}\1\d{4}|(?<!\d )\d{3}(?P<blank> )\d{2} \d{4})(?![\w-]|\.\d)"
)
_HIDDEN = re.compile(r"[Xx*#](?<![\w-].)[Xx*#]{2}-[Xx*#]{2}-\d{4}(?![\w-]|\.\d)")
_LABEL = r"(?:SSN?|S\.S\.N\.?|soc(?:ial)?\.? ?sec(?:urity)?|social)"
_LABEL_WORDS = Opening(("ssn", "ss", "s", "soc", "social", "last"))
"""What the two patterns below start with."""
_LABELLED = re.compile(
    rf"(?i)(?<![^\W_]){_LABEL}(?:[ \t]{{0,2}}(?:number|num|no|is|was|#|/ ?SSN))?(?:[ \t]{{0,2}}"
    rf"(?:number|is|was))?\.?[ \t:#=\"'(]{{0,4}}"
    r"(?P<number>\d(?:[-–. ]?\d){8})(?![\w-]|\.\d)"
)
_LAST_FOUR = re.compile(
    rf"(?i)(?<![^\W_])(?:{_LABEL}[^\n\d]{{0,24}}(?:last|final|ending|ends)|last (?:four|4))"
    rf"[^\n\d]{{0,24}}(?P<number>\d{{4}})(?![\w/%-]|\.\d)"
)


def recognize_social_security(note: Note) -> Iterator[Span]:
    """SSN spans; the shape alone is enough, a label makes nine bare digits enough."""
    for match in note.matches(_SHAPED, note.numbers_of(3)):
        yield span_of(match, PhiType.SSN, 0.85 if match["blank"] else 0.97, "ssn")
    for match in _HIDDEN.finditer(note.text):
        yield span_of(match, PhiType.SSN, 0.97, "ssn")
    labels = note.led_by(_LABEL_WORDS)
    for match in note.matches(_LABELLED, labels):
        yield span_of(match, PhiType.SSN, 0.99, "ssn_labelled", "number")
    for match in note.matches(_LAST_FOUR, labels):
        yield span_of(match, PhiType.SSN, 0.8, "ssn_last_four", "number")

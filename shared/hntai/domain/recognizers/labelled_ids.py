"""Identifiers a label announces: the words before a value say what it is, whatever its shape or checksum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from hntai.domain.lexicons import lexicon, ordered
from hntai.domain.note import Note
from hntai.domain.spans import PhiType, Span

_VALUE = re.compile(
    r"(?<![\w])(?<!\w[-/.])(?=[^\W_]{0,12}[-/.]?[^\W_]{0,12}[-/.]?\d)[^\W_]{1,32}"
    r"(?:[-/.‑][^\W_]{1,24}){0,6}(?![\w%])"
)
_UDI = re.compile(r"\(01\)\d{14}(?:\((?:10|11|17|21|240)\)[^\s()]{1,24}){0,4}")
_WORDS = re.compile(r"[^\W\d_]+|[#№]")
_BREAK = re.compile(r".*[\d;\n\r?!,\[\]]", re.DOTALL)
_UNIT = re.compile(
    r"(?i)[ -]?(?:mg|mcg|g|kg|ml|l|units?|iu|meq|mmol|mm|cm|hours?|hrs?|days?|weeks?|months?|years?|"
    r"yrs?|times|x|tabs?|lbs?|bpm|beats|degrees?)(?![^\W_])"
)
_MORE_DIGITS = re.compile(r"(?:[ -]\d{2,4}){1,3}(?![\w/])")
_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\Z|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\Z")
_MARKS: Final = frozenset(
    ("number", "numbers", "no", "num", "nr", "id", "ids", "identifier", "identification", "code", "#", "№")
)


class Label(NamedTuple):
    """What a label makes of the value after it."""

    type: PhiType
    digits: int
    """Fewest digits a value needs."""


@cache
def _labels(mark: str) -> dict[str, Label]:
    """Labels that count alone, or only with a mark beside them."""
    rows = (row.split("\t") for row in ordered("id_labels"))
    return {
        phrase: Label(PhiType(type_), int(digits)) for type_, digits, needed, phrase in rows if needed == mark
    }


_FEWEST_SIGNS: Final = 4
"""Of a value."""
_BARE_ID: Final = Label(PhiType.MRN, 5)
"""ID alone, as in a banner: | ID 602-40-466 |."""


def recognize_labelled_ids(note: Note) -> Iterator[Span]:
    """Spans of values whose label names them: MRN 00482913, Acct # 404/3116, NPI with a wrong check digit."""
    text = note.text
    for match in _UDI.finditer(text):
        yield Span(match.start(), match.end(), PhiType.DEVICE, 0.97, "udi")
    for match in note.matches(_VALUE, note.codes):
        start, end = match.span()
        if end - start < _FEWEST_SIGNS:
            continue
        label = _label_before(text, start)
        if label is None or not _fits(match.group(), label) or _is_measure(match):
            continue
        more = (
            _MORE_DIGITS.match(text, end) if match.group().isdigit() and label.type is PhiType.MRN else None
        )
        yield Span(start, more.end() if more else end, label.type, 0.95, "labelled_id")


def _is_measure(match: re.Match[str]) -> bool:
    """True for a short number with its unit: Plan 2000 mg."""
    return len(match.group()) < 5 and match.group().isdigit() and bool(_UNIT.match(match.string, match.end()))


def _fits(value: str, label: Label) -> bool:
    digits = sum(sign.isdigit() for sign in value)
    if _DATE.match(value) and (label.type is not PhiType.MRN or "/" in value):
        return False
    return digits >= label.digits and (digits > 3 or "/" not in value)


def _label_before(text: str, start: int) -> Label | None:
    before = text[start - 1 : start]
    if not before or before.isalnum():
        return None
    left = text[max(0, start - 48) : start].lower()
    cut = _BREAK.match(left)
    words = _joined(_WORDS.findall(left, cut.end() if cut else 0)[-7:])
    marks: list[str] = []
    while words and words[-1] in lexicon("id_connectives"):
        marks.append(words.pop())
    if words and words[-1] in lexicon("code_labels"):
        return None
    return _label_of(words, bool(_MARKS.intersection(marks))) or (_BARE_ID if "id" in marks else None)


def _label_of(words: list[str], marked: bool) -> Label | None:
    for length in (3, 2, 1):
        phrase = " ".join(words[-length:])
        label = (_labels("mark").get(phrase) if marked else None) or _labels("alone").get(phrase)
        if label:
            return label
    return None


def _joined(words: list[str]) -> list[str]:
    """Single letters in a row become one word: M.R.N. reads mrn, S/N reads sn."""
    result: list[str] = []
    row = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and row:
            result[-1] += word
        else:
            result.append(word)
        row = single
    return result

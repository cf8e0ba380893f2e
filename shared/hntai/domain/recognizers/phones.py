"""Telephone, fax and pager numbers. Source of the shape: North American Numbering Plan; ITU-T E.164."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.note import Note, Opening, Place, opening
from hntai.domain.spans import PhiType, Span, span_of

_EXTENSION = r"(?:[ ,]{0,2}(?:ext(?:ension)?\.?|x)[ .:#]{0,2}\d{1,6})?"
_FULL = re.compile(
    rf"(?<![\w.+/-])(?:\+?1[-. ]{{0,2}})?(?:\([2-9]\d\d\)[ .-]{{0,2}}|[2-9]\d\d[-. ]{{1,2}}|"
    rf"[2-9]\d\d)"
    rf"[2-9]\d\d[-. ]?\d{{4}}{_EXTENSION}(?![\w-]|\.\d)"
)
_WORLD = re.compile(rf"(?<![\w+])\+\d{{1,3}}(?:[-. ]?\(?\d{{1,4}}\)?){{2,5}}{_EXTENSION}(?![\w-])")
_LOCAL = re.compile(
    rf"(?<![\w./-])[2-9]\d\d[-.]\d{{4}}{_EXTENSION}(?![\w-]|\.\d| ?(?:mg|mcg|ml|units?|kcal|"
    rf"cal|mL)\b)"
)
_LABEL = (
    r"(?:telephone|phone|tel|cell(?:ular)?|mobile|ph|pager|beeper|pgr|fax|faxed|facsimile|call(?:ed|"
    r"back)?|contact|"
    r"reach(?:ed)?|text(?:ed)?|voicemail|hotline|answering service|emergency contact|home|work|"
    r"office|ext|extension|pgr|p|f|c|h|w)"
)
_LABEL_WORDS = opening(
    "telephone phone tel cell cellular mobile ph pager beeper pgr fax faxed facsimile call called "
    "callback contact reach reached text texted voicemail hotline answering emergency home work "
    "office ext extension p f c h w"
)
"""What a label starts with."""
_LINK = (
    r"(?:[ \t]{0,2}(?:number|no|num|#|is|was|at|on|to|via|line|home|work|cell|mobile|office|him|her|"
    r"them|us|me|back))"
)
_LABELLED = re.compile(
    rf"(?i)(?<![^\W_])({_LABEL})(?![^\W\d_]){_LINK}{{0,3}}\.?[ \t]{{0,2}}[:=#]?[\"' \t]{{0,3}}"
    rf"(?P<number>[+(]?\d[\d() .\-‑]{{4,22}}\d{_EXTENSION})(?![\w/%]|\.\d)"
)
_PAGER = re.compile(
    r"(?i)(?<![^\W_])(?:pager|beeper|pgr|page|ext|extension|x)[ .:#]{1,2}(?P<number>(?:[px] ?)?\d"
    r"(?:-?\d){3,6})(?![\w/%-]|\.\d)"
)
_PAGER_WORDS = Opening(("pager", "beeper", "pgr", "page", "ext", "extension", "x"))
_PAGER_MARK = re.compile(r"(?<![\w.-])[p]\d{5}(?![\w-])")
_SYMBOL = re.compile(r"[☎☏✆📞📱] ?(?P<number>[+(]?\d[\d() .-]{5,22}\d)")
_FAX_BEFORE = re.compile(r"(?i)(?:\bfax\w*\b[^\n]{0,14}|(?<![^\W_])f ?[:.] ?)\Z")
_SHORT_LABELS = frozenset("pfchw")
_DATE_LIKE = re.compile(r"\d{4}[-. ]\d{1,2}[-. ]\d{1,2}\Z|\d{1,2}[-. ]\d{1,2}[-. ]\d{4}\Z")
_CHATTY = frozenset(
    ("call", "called", "contact", "reach", "reached", "text", "texted", "home", "work", "office")
)


def recognize_phones(note: Note) -> Iterator[Span]:
    """PHONE and FAX spans, extensions included."""
    text, starts = note.text, _starts(note)
    for pattern, places, score, name in (
        (_FULL, starts, 0.9, "phone"),
        (_WORLD, [start for start in starts if text[start] == "+"], 0.9, "phone_world"),
        (_LOCAL, note.numbers_of(3), 0.7, "phone_local"),
    ):
        for match in note.matches(pattern, places):
            yield span_of(match, _kind(text, match.start()), score, name)
    for match in () if text.isascii() else _SYMBOL.finditer(text):
        yield span_of(match, PhiType.PHONE, 0.9, "phone_labelled", "number")
    for match in note.matches(_PAGER, note.led_by(_PAGER_WORDS)):
        yield span_of(match, PhiType.PHONE, 0.9, "phone_labelled", "number")
    for match in note.matches(_PAGER_MARK, note.words.get("p", ())):
        yield span_of(match, PhiType.PHONE, 0.6, "pager")
    for match in note.matches(_LABELLED, note.led_by(_LABEL_WORDS)):
        if _is_number(match[1].lower(), match["number"], text[match.end(1) : match.end(1) + 1]):
            yield span_of(match, _kind(text, match.start("number")), 0.95, "phone_labelled", "number")


def _starts(note: Note) -> list[Place]:
    """Where numbers start, and the plus or bracket before them."""
    starts: list[Place] = []
    for number in note.numbers:
        if note.text[number - 1 : number] in ("+", "("):
            starts.append(number - 1)
        starts.append(number)
    return starts


def _kind(text: str, start: int) -> PhiType:
    return PhiType.FAX if _FAX_BEFORE.search(text, max(0, start - 26), start) else PhiType.PHONE


def _is_number(label: str, number: str, after_label: str) -> bool:
    digits = sum(sign.isdigit() for sign in number)
    if label in _SHORT_LABELS and after_label not in ":.":
        return False
    if _DATE_LIKE.match(number) or digits < (7 if label in _CHATTY or label in _SHORT_LABELS else 5):
        return False
    return digits <= 18

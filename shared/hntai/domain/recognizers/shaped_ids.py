"""Identifiers without a label: a checksum or a shape that ordinary clinical numbers do not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from hntai.domain.checksums import dea_holds, iban_holds, luhn_holds, npi_holds, vin_holds
from hntai.domain.note import Note
from hntai.domain.spans import PhiType, Span

_CANDIDATE = re.compile(
    r"(?<![\w.+/-])(?=[A-Za-z]{0,6}[-/]?\d)[A-Za-z0-9]{1,34}(?:[-/][A-Za-z0-9]{1,24}){0,5}(?![\w%/-]|\.\d)"
)
_CARD = re.compile(r"(?<![\w.,+/-])\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}(?![\w%/-]|[.,]\d)")
_MBI = re.compile(
    r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d\d\Z"
)
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}\Z")
_DEA = re.compile(r"[A-Z]{2}\d{7}\Z")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}\Z")
_LETTERED = re.compile(
    r"(?:[A-Z]{1,5}-?\d{6,12}|[A-Z]{2,5}-\d{5,12}(?:-[A-Z\d]{1,4})?|[A-Z]{2,5}-\d{2,4}-\d{3,8}|"
    r"\d{2,4}[A-Z]{1,3}\d{5,8})[A-Z]?(?:-\d{1,4})?\Z"
)
_CODE_BEFORE = re.compile(
    r"(?i)(?:snomed|rxnorm|rxcui|loinc|icd|cpt|hcpcs|ndc|pmid|pmc|doi|atc|sctid|cvx|code|\$)[^\n\d]{0,12}\Z"
)
_UNIT = re.compile(r"(?i)[ -]?(?:mg|mcg|ml|units?|iu|copies|cells|steps|cfu|dollars|people)(?![^\W_])|/")
_PUBLIC = re.compile(r"(?:NCT\d{8}|PMC?\d{6,8}|COVID-\d+|SARS-.*|H\d+N\d+|CPT-?.*|ICD-?.*|HCPCS-?.*)\Z")


def recognize_shaped_ids(note: Note) -> Iterator[Span]:
    """Spans of VIN, MBI, DEA, NPI, IBAN, payment cards, lettered numbers and long bare numbers."""
    text = note.text
    for match in note.matches(_CARD, note.numbers_of(4)):
        if luhn_holds("".join(filter(str.isdigit, match.group()))):
            yield Span(match.start(), match.end(), PhiType.ACCOUNT, 0.95, "payment_card")
    for match in note.matches(_CANDIDATE, note.codes):
        found = _kind(match.group())
        if not found or _UNIT.match(text, match.end()):
            continue
        if _CODE_BEFORE.search(text, max(0, match.start() - 20), match.start()):
            continue
        yield Span(match.start(), match.end(), *found)


def recognize_long_numbers(note: Note) -> Iterator[Span]:
    """High recall only: bare six-digit numbers too."""
    for match in note.matches(_CANDIDATE, note.codes):
        if re.fullmatch(r"\d{6}", match.group()) and not _UNIT.match(note.text, match.end()):
            yield Span(match.start(), match.end(), PhiType.OTHER_ID, 0.3, "long_number")


def _always(token: str) -> bool:
    return not _PUBLIC.match(token)


_Found = tuple[PhiType, float, str]
_SHAPES: Final[tuple[tuple[re.Pattern[str], Callable[[str], bool], _Found], ...]] = (
    (_VIN, vin_holds, (PhiType.VEHICLE, 0.97, "vin")),
    (_MBI, _always, (PhiType.HEALTH_PLAN, 0.97, "mbi")),
    (_DEA, dea_holds, (PhiType.LICENSE, 0.95, "dea")),
    (_IBAN, iban_holds, (PhiType.ACCOUNT, 0.97, "iban")),
    (_LETTERED, _always, (PhiType.OTHER_ID, 0.55, "lettered_number")),
)
"""Shape, what must hold of it, what it is then; the first that fits counts."""


def _kind(token: str) -> _Found | None:
    if len(token) < 7 or not token.isascii():
        return None
    if token.isdigit():
        return _kind_of_digits(token)
    return next((found for shape, holds, found in _SHAPES if shape.match(token) and holds(token)), None)


def _kind_of_digits(token: str) -> _Found:
    if npi_holds(token):
        return PhiType.LICENSE, 0.8, "npi"
    if 12 <= len(token) <= 19 and luhn_holds(token):
        return PhiType.ACCOUNT, 0.85, "payment_card"
    return PhiType.OTHER_ID, 0.5, "long_number"

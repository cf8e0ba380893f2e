"""Identifiers a label announces: the words before a value say what it is, whatever its shape or checksum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from hntai.domain.spans import PhiType, Span

_VALUE = re.compile(
    r"(?<![\w])(?<!\w[-/.])(?=[^\W_]{0,12}[-/.]?[^\W_]{0,12}[-/.]?\d)[^\W_]{1,32}(?:[-/.‑][^\W_]{1,24}){0,6}(?![\w%])"
)
_UDI = re.compile(r"\(01\)\d{14}(?:\((?:10|11|17|21|240)\)[^\s()]{1,24}){0,4}")
_WORDS = re.compile(r"[^\W\d_]+|[#№]")
_BREAK = re.compile(r".*[\d;\n\r?!,\[\]]", re.DOTALL)
_UNIT = re.compile(
    r"(?i)[ -]?(?:mg|mcg|g|kg|ml|l|units?|iu|meq|mmol|mm|cm|hours?|hrs?|days?|weeks?|months?|years?|yrs?|times|x|tabs?|lbs?|bpm|beats|degrees?)(?![^\W_])"
)
_MORE_DIGITS = re.compile(r"(?:[ -]\d{2,4}){1,3}(?![\w/])")
_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\Z|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\Z")
_CONNECTIVES = frozenset(
    "number numbers no num nr id ids identifier identification code is was of the on file with ending in reads as # №".split()
)
_MARKS = frozenset("number numbers no num nr id ids identifier identification code # №".split())


class Label(NamedTuple):
    """What a label makes of the value after it."""

    type: PhiType
    digits: int
    """Fewest digits a value needs."""


def _labels(*, marked: bool) -> dict[str, Label]:
    return {
        phrase.strip(): Label(type_, digits)
        for type_, digits, needs_mark, phrases in _TABLE
        if needs_mark is marked
        for phrase in phrases.split(",")
    }


_TABLE: Final = (
    (PhiType.MRN, 3, False, "mrn, mr, m r, med rec, medical record, medical rec, hospital record, health record, unit record, csn, emrn, fin, uhid, nhs, epic"),
    (PhiType.MRN, 5, False, "record, records, chart"),
    (PhiType.MRN, 3, True, "patient, pt, record, chart, unit, hospital, client, resident, clinic, case record, visit record"),
    (PhiType.HEALTH_PLAN, 3, False, "member, subscriber, policy, grp, mbi, hicn, medicaid, medicare, beneficiary, cin, insurance policy, plan member, health plan, policyholder, rxgrp, rxbin, payer, member card, insured"),
    (PhiType.HEALTH_PLAN, 5, False, "plan, group, insurance, claim, coverage"),
    (PhiType.HEALTH_PLAN, 3, True, "plan, group, insurance, claim, coverage, prior authorization, prior auth, enrollee, rx"),
    (PhiType.ACCOUNT, 3, False, "account, acct, a c, billing account, guarantor account, har, invoice, member account, insurance account, bank account, routing, iban, credit card, debit card, card, visa, mastercard, amex, statement"),
    (PhiType.ACCOUNT, 3, True, "guarantor, billing, bill, receipt, payment, transaction, encounter, visit, check, card"),
    (PhiType.ACCOUNT, 5, False, "guarantor, billing, encounter"),
    (PhiType.LICENSE, 3, False, "npi, dea, license, licence, lic, driver license, drivers license, driver s license, driver licence, dl, certificate, certification, board certification, state license, medical license, professional license, registration, upin, tax id, ein, tin, permit"),
    (PhiType.VEHICLE, 3, False, "vin, license plate, licence plate, plate, plates, tag, vehicle identification, vehicle plate, registration plate"),
    (PhiType.VEHICLE, 3, True, "vehicle, tag"),
    (PhiType.DEVICE, 3, False, "serial, sn, s n, device serial, udi, device, ref lot, implant, imei, mac, lead serial, generator serial, pump serial"),
    (PhiType.DEVICE, 6, False, "lot, batch"),
    (PhiType.DEVICE, 6, True, "lot, batch"),
    (PhiType.DEVICE, 4, True, "pacemaker, implant, pump, icd, generator, lead, monitor, catalog, sensor, equipment, asset"),
    (PhiType.BIOMETRIC, 3, True, "fingerprint, voiceprint, voice print, retinal scan, retina scan, iris scan, face, facial, palm, biometric, hand geometry, iris, thumbprint, finger print, palm vein"),
    (PhiType.BIOMETRIC, 4, False, "fingerprint, voiceprint, voice print, retinal scan, iris scan, biometric, thumbprint, palm vein, biometric template, fingerprint template, fingerprint hash, template"),
    (PhiType.OTHER_ID, 3, True, "protocol, study, subject, specimen, accession, case, trial, passport, inmate, badge, employee, authorization, tracking, run, ems run, document, identity document, ticket, order, participant, sample, booking, incident, report, staff, registry, donor, referral, confirmation, reference, ref, requisition, student, military, service, visa document, green card, alien, national, tax, user, login, file, transfusion, bag, randomization, screening, enrollment, kit, barcode, wristband, band, session, message"),
    (PhiType.OTHER_ID, 4, False, "accession, passport, inmate, badge, specimen, identity document, case identifier, study subject, ambulance authorization, authorization, doc, dod, edipi, requisition, barcode, wristband, username, tracking, ems run, incident, biobank, participant, alien registration"),
)  # fmt: skip
_ALONE: Final = _labels(marked=False)
_MARKED: Final = _labels(marked=True)
"""Labels that count only with a mark beside them: number, no., id, #."""
_BARE_ID: Final = Label(PhiType.MRN, 5)
"""ID alone, as in a banner: | ID 602-40-466 |."""
_NEVER: Final = frozenset(
    "snomed rxnorm loinc icd cpt hcpcs ndc pmid pmc doi atc sctid cvx nct dsm drg version stage grade type class room bed".split()
)


def recognize_labelled_ids(text: str) -> Iterator[Span]:
    """Spans of values whose label names them: MRN 00482913, Acct # 404/3116, NPI with a wrong check digit."""
    for match in _UDI.finditer(text):
        yield Span(match.start(), match.end(), PhiType.DEVICE, 0.97, "udi")
    for match in _VALUE.finditer(text):
        start, end = match.span()
        label = _label_before(text, start)
        if label is None or not _fits(match.group(), label) or _UNIT.match(text, end):
            continue
        more = (
            _MORE_DIGITS.match(text, end) if match.group().isdigit() and label.type is PhiType.MRN else None
        )
        yield Span(start, more.end() if more else end, label.type, 0.95, "labelled_id")


def _fits(value: str, label: Label) -> bool:
    digits = sum(sign.isdigit() for sign in value)
    if _DATE.match(value) and (label.type is not PhiType.MRN or "/" in value):
        return False
    return digits >= label.digits and len(value) >= 4 and (digits > 3 or "/" not in value)


def _label_before(text: str, start: int) -> Label | None:
    before = text[start - 1 : start]
    if not before or before.isalnum():
        return None
    left = text[max(0, start - 48) : start].lower()
    cut = _BREAK.match(left)
    words = _joined(_WORDS.findall(left, cut.end() if cut else 0)[-7:])
    marks: list[str] = []
    while words and words[-1] in _CONNECTIVES:
        marks.append(words.pop())
    if words and words[-1] in _NEVER:
        return None
    return _label_of(words, bool(_MARKS.intersection(marks))) or (_BARE_ID if "id" in marks else None)


def _label_of(words: list[str], marked: bool) -> Label | None:
    for length in (3, 2, 1):
        phrase = " ".join(words[-length:])
        label = (_MARKED.get(phrase) if marked else None) or _ALONE.get(phrase)
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

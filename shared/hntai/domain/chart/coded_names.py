"""What to call an entry that bears a code and no name, so that it is told and not lost.

Names of codes are given for ICD-10-CM alone, by the title of the three-character category: other
terminologies are passed through, as their tables may not be shipped or are too large.

Source: ICD-10-CM April 2026 (CDC and CMS, public domain); HL7 terminology, code system identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from hntai.domain.lexicons import ordered

_ICD10, _ICD9 = r"[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?", r"[0-9VE]\d{2,3}(?:\.\d{1,2})?"
_ATC = r"[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?"
_SYSTEMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("ICD-10-CM", ("hl7.org/fhir/sid/icd-10-cm", "2.16.840.1.113883.6.90"), _ICD10),
    ("ICD-10", ("hl7.org/fhir/sid/icd-10", "2.16.840.1.113883.6.3"), _ICD10),
    ("ICD-9-CM", ("hl7.org/fhir/sid/icd-9-cm", "2.16.840.1.113883.6.103"), _ICD9),
    ("SNOMED CT", ("snomed.info/sct", "2.16.840.1.113883.6.96"), r"\d{6,18}"),
    ("RxNorm", ("www.nlm.nih.gov/research/umls/rxnorm", "2.16.840.1.113883.6.88"), r"\d{1,8}"),
    ("NDC", ("hl7.org/fhir/sid/ndc", "2.16.840.1.113883.6.69"), r"\d{4,5}-?\d{3,4}-?\d{1,2}"),
    ("ATC", ("www.whocc.no/atc", "2.16.840.1.113883.6.73"), _ATC),
    ("LOINC", ("loinc.org", "2.16.840.1.113883.6.1"), r"\d{1,6}-\d"),
)
"""Terminology, its addresses without scheme, and the shape of its codes; nothing else is shown as a code."""


def said_code(what: str, coded: Sequence[tuple[str, str]]) -> str:
    """`Diagnosis coded I21.4 (ICD-10-CM), no name in the record`; a local code is not shown, for it may be
    anything. what: Diagnosis, Drug, Substance or Result. coded: system and code, in order.
    """
    if not coded:
        return ""
    found = next(filter(None, (_terminology(*pair) for pair in coded)), None)
    if found is None:
        return f"{what} under a local code, no name in the record"
    label, code = found
    title = _icd10_titles().get(code[:3], "") if label.startswith("ICD-10") else ""
    return f"{title + ',' if title else what} coded {code} ({label}), no name in the record"


def is_of_a_terminology(coded: Sequence[tuple[str, str]]) -> bool:
    """Whether one of the codes is a terminology's, and so means the same wherever it stands."""
    return any(_terminology(*pair) for pair in coded)


def _terminology(system: str, code: str) -> tuple[str, str] | None:
    bare = re.sub(r"\A(?:https?://|urn:oid:)", "", system.casefold()).rstrip("/")
    for label, systems, shape in _SYSTEMS:
        if bare in systems:
            return (label, code) if re.fullmatch(shape, code) else None
    return None


@cache
def _icd10_titles() -> dict[str, str]:
    return {entry[:3]: entry[4:] for entry in ordered("icd10cm_categories")}

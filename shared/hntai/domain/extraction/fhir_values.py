"""Our words in FHIR's: statuses, relatives, flags, timings. Source: code systems of FHIR R4 and HL7 v3."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from hntai.domain.extraction.entities import Assertion, Entity, System
from hntai.domain.extraction.numbers import number_of
from hntai.domain.extraction.sig_grammar import FREQUENCIES

SYSTEMS: Final = {
    System.ICD10CM: "http://hl7.org/fhir/sid/icd-10-cm",
    System.RXNORM: "http://www.nlm.nih.gov/research/umls/rxnorm",
    System.LOINC: "http://loinc.org",
    System.CVX: "http://hl7.org/fhir/sid/cvx",
}
VERIFICATION: Final = {
    Assertion.PRESENT: "confirmed",
    Assertion.HISTORICAL: "confirmed",
    Assertion.POSSIBLE: "provisional",
    Assertion.NEGATED: "refuted",
}
PROCEDURE_STATUS: Final = {
    Assertion.PRESENT: "completed",
    Assertion.HISTORICAL: "completed",
    Assertion.NEGATED: "not-done",
    Assertion.HYPOTHETICAL: "preparation",
    Assertion.POSSIBLE: "unknown",
}
FLAGS: Final = {
    "high": "H",
    "low": "L",
    "critical high": "HH",
    "critical low": "LL",
    "normal": "N",
    "critical": "AA",
}
RELATIVES: Final = {
    "mother": "MTH", "father": "FTH", "parent": "PRN", "sister": "SIS", "brother": "BRO", "sibling": "SIB",
    "daughter": "DAU", "son": "SON", "child": "CHILD", "grandmother": "GRMTH", "grandfather": "GRFTH",
    "maternal grandmother": "MGRMTH", "maternal grandfather": "MGRFTH", "paternal grandmother": "PGRMTH",
    "paternal grandfather": "PGRFTH", "aunt": "AUNT", "maternal aunt": "MAUNT", "paternal aunt": "PAUNT",
    "uncle": "UNCLE", "maternal uncle": "MUNCLE", "paternal uncle": "PUNCLE", "cousin": "COUSN",
    "niece": "NIECE", "nephew": "NEPHEW", "wife": "WIFE", "husband": "HUSB", "spouse": "SPS",
    "grandson": "GRNDSON", "granddaughter": "GRNDDAU",
}  # fmt: skip
SOCIAL: Final = {"tobacco": "72166-2", "alcohol": "11331-6", "drugs": "11343-1", "occupation": "11341-5"}
_STATUS: Final = {"stopped": "stopped", "held": "on-hold"}
_HOURS: Final = re.compile(r"every (?P<many>\d+)(?:-(?P<most>\d+))? (?P<unit>hours|days|weeks|months)\Z")
_UNITS: Final = {"hours": "h", "days": "d", "weeks": "wk", "months": "mo"}


def medication_status(one: Entity) -> str:
    """Of a MedicationStatement."""
    if one.assertion is Assertion.NEGATED:
        return "not-taken"
    if one.assertion is Assertion.HYPOTHETICAL:
        return "intended"
    if told := _STATUS.get(str(one.details.get("status", ""))):
        return told
    return {Assertion.HISTORICAL: "stopped", Assertion.PRESENT: "active"}.get(one.assertion, "unknown")


def repeat_of(frequency: str) -> dict[str, Any]:
    """Timing.repeat of a frequency in our words; nothing for a single dose or none."""
    if hours := _HOURS.match(frequency):
        repeat: dict[str, Any] = {
            "frequency": 1,
            "period": int(hours["many"]),
            "periodUnit": _UNITS[hours["unit"]],
        }
        return {**repeat, "periodMax": int(hours["most"])} if hours["most"] else repeat
    often = next((row for row in FREQUENCIES if row.said == frequency and row.unit), None)
    return {"frequency": often.times, "period": often.period, "periodUnit": often.unit} if often else {}


def number(written: str) -> float | None:
    """One number, where it is one: neither `1-2` nor `5/325`."""
    if not re.fullmatch(r"[\d.,]+", written):
        return None
    value = number_of(written)
    return None if math.isnan(value) else value

"""What a FHIR record says, read anew: no reader of hntai.domain has a part in it.

Names are compared in lower case without `(disorder)` and invisible characters. What is clearly abnormal
without a range of the record's own is a coarse table: a summary must tell these, it may tell more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Resource = dict[str, Any]

FIGURE = re.compile(r"\d+(?:\.\d+)?")
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_BRACKETS = str.maketrans("[]", "()")
_KIND = re.compile(r"\s*\((?:disorder|finding|situation|procedure|substance|product|event)\)\s*$", re.I)
_LIMITS = {
    "2951-2": (130, 150), "2947-0": (130, 150), "2823-3": (3.3, 5.3), "6298-4": (3.3, 5.3),
    "2160-0": (None, 1.5), "38483-4": (None, 1.5), "33914-3": (55, None), "98979-8": (55, None),
    "2345-7": (65, 130), "2339-0": (65, 130), "4548-4": (None, 6.5), "718-7": (11.5, None),
    "777-3": (130, 500), "6690-2": (3.5, 12.5), "18262-6": (None, 160), "13457-7": (None, 160),
    "2571-8": (None, 200), "6301-6": (None, 1.5), "59408-5": (92, None), "2708-6": (92, None),
    "1742-6": (None, 60), "1920-8": (None, 60), "3016-3": (0.3, 6),
}  # fmt: skip
"""Clearly low below, clearly high above, in the usual United States unit, for adults of either sex."""
_USUAL_UNITS = re.compile(
    r"mmol/l|meq/l|mg/dl|g/dl|u/l|%|ml/min.*|10\*3/ul|k/ul|\{?inr\}?|m\[?iu\]?/l|u\[?iu\]?/ml", re.I
)


class Measured(NamedTuple):
    """A latest result that a summary must tell."""

    code: str
    day: str
    figures: tuple[float, ...]


def plain(name: str) -> str:
    """A name as it is compared; a bracket is a bracket."""
    name = name.translate(_BRACKETS)
    visible = "".join(" " if c.isspace() else c for c in name if unicodedata.category(c) != "Cf")
    return _KIND.sub("", " ".join(visible.split())).strip(" -.;,").casefold()


def names(concept: Any) -> list[str]:
    """What a CodeableConcept is called, first choice first."""
    read = concept or {}
    found = [read.get("text"), *(coding.get("display") for coding in read.get("coding", []))]
    return [plain(name) for name in found if isinstance(name, str) and name.strip()]


def texts(value: Any) -> Iterator[str]:
    """Every string and number of a resource, as text."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield repr(value)


def state(resource: Resource, field: str) -> str:
    """A status, whether a code or a concept."""
    value = resource.get(field) or ""
    return value if isinstance(value, str) else next((c.get("code", "") for c in value.get("coding", [])), "")


def active_problems(resources: list[Resource]) -> set[str]:
    """Conditions that are active and neither refuted nor errors; findings and situations are no problems."""
    kept = set()
    for resource in _of(resources, "Condition"):
        displays = [c.get("display") or "" for c in resource["code"].get("coding", [])]
        is_finding = any(re.search(r"\((?:finding|situation)\)\s*$", display) for display in displays)
        is_active = state(resource, "clinicalStatus") in ("active", "recurrence", "relapse")
        if is_active and not is_finding and state(resource, "verificationStatus") != "refuted":
            kept |= set(names(resource["code"])[:1])
    return kept


def current_drugs(resources: list[Resource]) -> set[str]:
    """Drugs of active orders and statements."""
    kept = set()
    by_id = {f"{r['resourceType']}/{r.get('id')}": r for r in resources}
    for resource in _of(resources, "MedicationRequest", "MedicationStatement"):
        target = (
            (resource.get("medicationReference") or {}).get("reference", "").split("/")[-1].split(":")[-1]
        )
        concept = resource.get("medicationCodeableConcept") or by_id.get(f"Medication/{target}", {}).get(
            "code"
        )
        if state(resource, "status") == "active" and resource.get("intent") not in ("proposal", "plan"):
            kept |= set(names(concept)[:1])
    return kept


def allergies(resources: list[Resource]) -> set[str]:
    """Allergies that hold."""
    found = _of(resources, "AllergyIntolerance")
    over = ("inactive", "resolved")
    return {
        name
        for resource in found
        if state(resource, "clinicalStatus") not in over
        and state(resource, "verificationStatus") != "refuted"
        for name in names(resource.get("code"))[:1]
    }


def abnormal_latest(resources: list[Resource]) -> list[Measured]:
    """The latest result under each LOINC code, where it is clearly abnormal."""
    latest: dict[str, tuple[str, Resource]] = {}
    for resource in _of(resources, "Observation"):
        when, codes = resource.get("effectiveDateTime") or "", resource["code"].get("coding", [])
        code = next((c["code"] for c in codes if c.get("code")), "")
        is_result = state(resource, "status") in ("final", "amended", "corrected")
        if is_result and when and when >= latest.get(code, ("", {}))[0]:
            latest[code] = (when, resource)
    judged = (_judged(code, when[:10], resource) for code, (when, resource) in latest.items())
    return [measured for measured in judged if measured]


def _judged(code: str, day: str, resource: Resource) -> Measured | None:
    parts = {
        c["code"]["coding"][0].get("code"): c
        for c in resource.get("component", [])
        if c["code"].get("coding")
    }
    if {"8480-6", "8462-4"} <= set(parts):
        upper, lower = (_value(parts[code]) for code in ("8480-6", "8462-4"))
        is_high = upper is not None and lower is not None and (upper >= 140 or lower >= 90)
        return Measured(code, day, (upper or 0, lower or 0)) if is_high else None
    value = _value(resource)
    written: Resource = next(iter(resource.get("referenceRange", [])), {})
    own = tuple((written.get(end) or {}).get("value") for end in ("low", "high"))
    is_usual = _USUAL_UNITS.fullmatch((resource.get("valueQuantity") or {}).get("unit") or "") is not None
    low, high = (
        own
        if any(end is not None for end in own)
        else _LIMITS.get(code, (None, None))
        if is_usual
        else (None,) * 2
    )
    if value is None or not ((low is not None and value < low) or (high is not None and value > high)):
        return None
    return Measured(code, day, (value,))


def _value(part: Resource) -> float | None:
    value = (part.get("valueQuantity") or {}).get("value")
    return float(value) if isinstance(value, int | float) else None


def _of(resources: list[Resource], *kinds: str) -> list[Resource]:
    errors = ("entered-in-error",)
    return [
        r
        for r in resources
        if r["resourceType"] in kinds
        and state(r, "status") not in errors
        and state(r, "verificationStatus") not in errors
    ]

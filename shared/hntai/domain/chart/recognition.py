"""Which analyte a result is of: by its LOINC code, or else by its name where name and unit leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hntai.domain.chart.analyte_names import analyte_called, plain_name
from hntai.domain.chart.analytes import BY_CODE, Analyte
from hntai.domain.chart.context import Reading
from hntai.domain.chart.quantities import Measured
from hntai.domain.fhir import Resource, code_values, codes, displays, mapping, mappings, string
from hntai.domain.units import converted

_LOINC_SHAPE = re.compile(r"\d{1,6}-\d\Z")
_QUALIFIED = re.compile(
    r"urin|\bcsf\b|cerebrospinal|liquor|pleura|ascit|periton|synovi|fluid|\bratio\b|\b24\b|fetal|foetal|\bcord\b"
    r"|\bfree\b|ioni[sz]ed|stool|faec|fecal|clearance|excretion|sweat|saliva|gastric|dialy|amnio|drain"
    r"|a1c|mixed venous|target|goal|\bmax|\bmin\b|birth|ideal|dry\b|maternal|donor",
    re.IGNORECASE,
)
"""Of specimens, panels and other names of one result: with any of these it is not the ordinary analyte."""


@dataclass(frozen=True, slots=True)
class Recognised:
    analyte: Analyte | None
    key: str
    """What results of one kind share: the analyte's key, or the code, or the name."""
    method: str
    """What results of one trend share. A name never shares one with a LOINC code, for nothing proves that
    they were measured alike; two names share one only as the same local code, or letter for letter."""
    has_code: bool


@dataclass(frozen=True, slots=True)
class Coded:
    """What the CodeableConcept of a result says."""

    name: str
    """As it will be shown."""
    analyte: Analyte | None
    """By its LOINC code."""
    system: str
    code: str
    """The first coding's."""


def recognised(
    resource: Resource, part: Resource, coded: Coded, measured: Measured | None, reading: Reading
) -> Recognised:
    """What a result is of. part: the Observation or one of its components. coded: what its code says."""
    name, by_code, system, own = coded.name, coded.analyte, coded.system, coded.code
    if by_code:
        return Recognised(by_code, by_code.key, _method(own, resource), bool(own))
    called = _by_name(resource, part, measured, reading)
    if called:
        found, written = called
        under = f"{system}:{own}" if own else plain_name(written)
        return Recognised(found, found.key, _method(f"name:{under}", resource), bool(own))
    kind = "loinc" if is_loinc(system) else system
    key = f"text:{name.casefold()}" if not own else f"{kind}:{own}"
    is_local = bool(own) and not (is_loinc(system) and _LOINC_SHAPE.match(own)) and "snomed" not in system
    key += f":{plain_name(name)}" if is_local else ""
    return Recognised(None, key, _method(own, resource), bool(own))


def analyte_by_code(concept: object) -> Analyte | None:
    """The analyte a LOINC code stands for; a local code that looks like one stands for nothing."""
    return next(
        (BY_CODE[code] for system, code in codes(concept) if code in BY_CODE and is_loinc(system)), None
    )


def is_loinc(system: str) -> bool:
    """However it is written; a code without a system is taken for one. Source: HL7 OID registry."""
    return not system or "loinc" in system.casefold() or system.endswith("2.16.840.1.113883.6.1")


def _by_name(
    resource: Resource, part: Resource, measured: Measured | None, reading: Reading
) -> tuple[Analyte, str] | None:
    """The analyte and the name it goes by; a LOINC code that we do not know says that it is another."""
    coded = codes(part.get("code"))
    if measured is None or any(is_loinc(system) and _LOINC_SHAPE.match(code) for system, code in coded):
        return None
    names = displays(part.get("code"))
    called = {name: analyte_called(name, measured.normal_unit) for name in names}
    others = [name for name, found in called.items() if not found]
    if any(map(_QUALIFIED.search, (*others, *_beside(resource, part, reading)))):
        return None
    distinct = {found.key: (found, name) for name, found in called.items() if found}
    if len(distinct) != 1:
        return None
    found, name = next(iter(distinct.values()))
    is_in_its_unit = converted(measured.value, measured.unit, found.key, found.unit) is not None
    return (found, name) if is_in_its_unit or not measured.unit else None


def _beside(resource: Resource, part: Resource, reading: Reading) -> Iterator[str]:
    """What else says of what a result is: its specimen, its site, and the panel that it is a component of."""
    if part is not resource:
        yield from displays(resource.get("code"))
    specimen = mapping(resource.get("specimen"))
    yield string(specimen.get("display"))
    yield from displays(reading.target(resource, "specimen").get("type"))
    yield from displays(resource.get("bodySite"))
    for category in mappings(resource.get("category")):
        yield from displays(category)


def _method(own: str, resource: Resource) -> str:
    """The code, and how it was measured, where the record says so: another method is another trend."""
    method = resource.get("method")
    if not method:
        return own
    how = "+".join(sorted(code_values(method))) or "+".join(displays(method)).casefold()
    return "|".join(filter(None, (own, how)))

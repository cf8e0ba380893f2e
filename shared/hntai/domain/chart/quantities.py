"""A value of a result with its unit and comparator, as recorded and as shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hntai.domain.chart.judging import shown_number
from hntai.domain.fhir import Resource, mapping, number, string
from hntai.domain.units import contradict, is_known_unit, normal_unit, shown_unit

_WRITTEN_RESULT = re.compile(r"([<>]=?)?\s*(\d+(?:\.\d+)?)\s*([A-Za-z%µ/][^\s,;]{0,20})\Z")
"""A number with its unit and nothing else, where a laboratory sends results as text."""
_COMPARATORS = {"<", "<=", ">=", ">"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A value and its unit."""

    value: float
    """As it is shown, for what is judged is what is shown."""
    unit: str
    """As recorded."""
    comparator: str
    shown: str
    """The number alone."""
    normal_unit: str
    """The UCUM spelling of the unit."""


def quantity_of(part: Resource) -> Measured | None:
    """What an Observation or a component measured, where it is a number."""
    quantity = mapping(part.get("valueQuantity"))
    value = number(quantity.get("value"))
    if value is None:
        whole = number(part.get("valueInteger"))
        return _measured(whole, "", "") if whole is not None else _written_quantity(part)
    comparator = string(quantity.get("comparator"))
    unit, code = string(quantity.get("unit")), string(quantity.get("code"))
    unit = f"{unit} or {code}" if contradict(unit, code) else unit or code
    return _measured(value, unit, comparator if comparator in _COMPARATORS else "")


def _measured(value: float, unit: str, comparator: str) -> Measured:
    shown = shown_number(value)
    return Measured(float(shown), unit, comparator, shown, normal_unit(unit))


def _written_quantity(part: Resource) -> Measured | None:
    found = _WRITTEN_RESULT.match(string(part.get("valueString")))
    if not found or not is_known_unit(found[3]):
        return None
    return _measured(float(found[2]), found[3], found[1] or "")


def shown_quantity(measured: Measured) -> str:
    """`>6.5 mmol/L`: comparator, number and unit."""
    return f"{measured.comparator}{measured.shown} {shown_unit(measured.normal_unit)}".strip()

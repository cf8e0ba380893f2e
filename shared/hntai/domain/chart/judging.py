"""Whether a result is low, normal or high: by its own range first, else by the table."""

from __future__ import annotations

import re
from typing import Protocol

from hntai.domain.chart.analytes import Analyte
from hntai.domain.chart.values import Flag, Patient, Range
from hntai.domain.fhir import Resource, mapping, mappings, number, string
from hntai.domain.reference_ranges import table_interval
from hntai.domain.units import converted, normal_unit

_BY_INTERPRETATION = {
    "L": Flag.LOW, "LL": Flag.LOW, "LU": Flag.LOW, "<": Flag.LOW, "H": Flag.HIGH, "HH": Flag.HIGH,
    "HU": Flag.HIGH, ">": Flag.HIGH, "N": Flag.NORMAL, "A": Flag.ABNORMAL, "AA": Flag.ABNORMAL,
}  # fmt: skip
"""Source: HL7 v3 ObservationInterpretation."""
_NUMBER = r"(\d{1,7}(?:\.\d{1,6})?)"
_UNIT = r"([^\s\d;,()][^\s;,()]*)?"
_BETWEEN = re.compile(rf"\(?{_NUMBER} ?(?:-|–|to) ?{_NUMBER}\)? ?{_UNIT}\Z")
_ONE_END = re.compile(rf"\(?([<>≤≥])=? ?{_NUMBER}\)? ?{_UNIT}\Z")
_ORDINARY = {"normal", "recommended", ""}


class _Measured(Protocol):
    @property
    def value(self) -> float: ...
    @property
    def unit(self) -> str: ...


def shown_number(value: float) -> str:
    """A number as a physician reads it: two decimals below ten, one from ten on, never an exponent."""
    decimals = 2 if abs(value) < 10 else 1
    if 0 < abs(value) < 0.1:
        decimals = 4
    shown = f"{value:.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def judged_range(
    part: Resource, known: Analyte | None, measured: _Measured | None, patient: Patient
) -> Range | None:
    """The range that applies: the resource's, in the unit of its value, or the table's."""
    own = _own_range(part, measured, patient)
    if own or known is None or measured is None:
        return own
    interval = table_interval(known.key, patient.sex, patient.age)
    if interval is None:
        return None
    is_same_unit = converted(1.0, measured.unit, known.key, known.unit) == 1.0
    shown = _shown_range(interval.low, interval.high) if is_same_unit else ""
    return Range(interval.low, interval.high, shown, is_own=False)


def judgement(value: float | None, comparator: str, found: Range | None, interpretation: str) -> Flag:
    """The flag for a value in the unit of its range. `<` and `>` count where they leave no doubt."""
    if value is None or found is None:
        return _BY_INTERPRETATION.get(interpretation, Flag.UNJUDGED)
    if comparator.startswith("<"):
        below = found.low is not None and value <= found.low
        return Flag.LOW if below else _BY_INTERPRETATION.get(interpretation, Flag.UNJUDGED)
    if comparator.startswith(">"):
        above = found.high is not None and value >= found.high
        inside = found.high is None and found.low is not None and value >= found.low
        return (
            Flag.HIGH
            if above
            else Flag.NORMAL
            if inside
            else _BY_INTERPRETATION.get(interpretation, Flag.UNJUDGED)
        )
    if found.low is not None and value < found.low:
        return Flag.LOW
    return Flag.HIGH if found.high is not None and value > found.high else Flag.NORMAL


def judged_pressure(systolic: float, diastolic: float, comparators: set[str]) -> Flag:
    """An adult's blood pressure; comparators are `<` and `>` where a number is only a bound.

    Source: ACC/AHA 2017, high from 130/80; Royal College of Physicians, NEWS2 2017, low below 90.
    """
    high, low = systolic >= 130 or diastolic >= 80, systolic < 90 or diastolic < 50
    judged = Flag.HIGH if high else Flag.LOW if low else Flag.NORMAL
    allowed = {Flag.HIGH: {">"}, Flag.LOW: {"<"}}.get(judged, set())
    return judged if comparators <= allowed else Flag.UNJUDGED


def _own_range(part: Resource, measured: _Measured | None, patient: Patient) -> Range | None:
    if measured is None or "referenceRange" not in part:
        return None
    for written in mappings(part.get("referenceRange")):
        ends, units = _ends(written)
        is_usable = any(end is not None for end in ends) and units <= {normal_unit(measured.unit), ""}
        if is_usable and _applies(written, patient):
            return Range(*ends, _shown_range(*ends), is_own=True)
    return None


def _ends(written: Resource) -> tuple[tuple[float | None, float | None], set[str]]:
    """Both limits of a range and the units they are in; from its text where it has no limits."""
    low, high = mapping(written.get("low")), mapping(written.get("high"))
    if not low and not high:
        return _written_ends(string(written.get("text")))
    units = {normal_unit(string(end.get("unit")) or string(end.get("code"))) for end in (low, high) if end}
    return (number(low.get("value")), number(high.get("value"))), units


def _written_ends(text: str) -> tuple[tuple[float | None, float | None], set[str]]:
    """`3.5 - 5.0 mmol/L`, `<5`, `>= 60`; nothing else is understood."""
    between, one = _BETWEEN.match(text), _ONE_END.match(text)
    if between and float(between[1]) < float(between[2]):
        return (float(between[1]), float(between[2])), {normal_unit(between[3] or "")}
    if one:
        end = float(one[2])
        return ((None, end) if one[1] in "<≤" else (end, None)), {normal_unit(one[3] or "")}
    return (None, None), set()


def _applies(written: Resource, patient: Patient) -> bool:
    """Whether a range is meant for this patient: normal, of the same sex, of the same age."""
    kinds = {string(c.get("code")) for c in mappings(mapping(written.get("type")).get("coding"))} or {""}
    meant = [c for concept in mappings(written.get("appliesTo")) for c in mappings(concept.get("coding"))]
    sexes = {string(c.get("code")).upper() for c in meant} & {"M", "F", "MALE", "FEMALE"}
    is_same_sex = not sexes or patient.sex.upper() in sexes or patient.sex[:1].upper() in sexes
    ages = mapping(written.get("age"))
    low, high = number(mapping(ages.get("low")).get("value")), number(mapping(ages.get("high")).get("value"))
    in_years = {string(mapping(ages.get(end)).get("code")) for end in ("low", "high")} <= {"a", ""}
    is_bounded = low is not None or high is not None
    if is_bounded and (patient.age is None or not in_years):
        return False
    is_same_age = (low is None or (patient.age or 0) >= low) and (high is None or (patient.age or 0) <= high)
    return bool(kinds & _ORDINARY) and is_same_sex and is_same_age


def _shown_range(low: float | None, high: float | None) -> str:
    if low is None:
        return "" if high is None else f"up to {shown_number(high)}"
    return f"from {shown_number(low)}" if high is None else f"{shown_number(low)}-{shown_number(high)}"

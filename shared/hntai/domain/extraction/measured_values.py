"""The value behind a name: number, unit, comparator and flag, where it can be one of what is named."""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

from hntai.domain.chart.analytes import Analyte
from hntai.domain.extraction.measured_names import MeasuredName
from hntai.domain.extraction.measurement_grammar import HEIGHT, VALUE
from hntai.domain.extraction.numbers import number_of
from hntai.domain.reference_ranges import table_interval
from hntai.domain.units import converted, normal_unit

_WINDOW: Final = 70
"""Characters behind a name in which its value may stand."""
_OTHER_THING: Final = re.compile(
    r"\s*(?:pressure|rate|count|level|panel|ratio|gap|antigen|antibody|index|therapy|supplement|channel)\b",
    re.IGNORECASE,
)
_PART_OF_NAME: Final = re.compile(r"-\d")
"""A figure that belongs to the name: `CK-20`."""
_IN_FORMULA: Final = re.compile(r"[A-Z][a-z](?![a-z])")
"""Behind a figure, the next atom: `Na-K-2Cl`."""
_CHANGE: Final = re.compile(r"\b(?:up|down)\s*\Z", re.IGNORECASE)
"""Behind a weight, what it changed by: `up 4 lb`."""
_OTHER_UNIT: Final = re.compile(
    r"[\s-]*(?:mg|mcg|tabs?|tablets?|units?|puffs?|ml|years?|yrs?|days?|weeks?|months?|hours?|(?-i:hrs?)|points?|fold|times|x/|am|pm|g|grams?|gm|"
    r"mm(?!\s?hg))\b",
    re.IGNORECASE,
)
_UNITS: Final = {
    "mm hg": "mmHg",
    "seconds": "s",
    "second": "s",
    "sec": "s",
    "msec": "ms",
    "ft": "[ft_i]",
    "feet": "[ft_i]",
}
_LEAST_FAHRENHEIT: Final = 80
_COUNTED: Final = ("leukocytes", "platelets")
_NEEDS_UNIT: Final = ("weight", "height")
_GOES_WITHOUT: Final = ("a1c", "inr", "egfr")
"""Their unit is told by nobody and doubted by nobody."""
_LEAST_BARE: Final = {
    "glucose": 40,
    "calcium": 5.5,
    "cholesterol": 50,
    "ldl": 20,
    "hdl": 15,
    "triglycerides": 30,
    "urea_nitrogen": 5,
}
"""Without a unit, smaller ones could be mmol/L."""
_DIGITS: Final = {
    word: str(digit)
    for digit, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    )
} | {"oh": "0"}
_COMPARATORS: Final = {"less than": "<", "under": "<", "greater than": ">", "over": ">", "≤": "<=", "≥": ">="}
_FLAGS: Final = {"h": "high", "hh": "critical high", "l": "low", "ll": "critical low", "elevated": "high"}
_ADULT: Final = 40
_LAX: Final = 1.2
"""How far beyond what is plausible a value with its unit may be and still be meant as one."""


class Reading(NamedTuple):
    """What stands behind a name, to its end in the text."""

    end: int
    number: float
    unit: str
    """UCUM where known; empty where none is told and none goes without saying."""
    comparator: str = ""
    flag: str = ""


def read_value(text: str, end: int, name: MeasuredName) -> Reading | None:
    """The value behind a name that ends there; nothing where none fits it."""
    limit = min(len(text), end + _WINDOW)
    if name.key == "height" and (tall := HEIGHT.match(text, end, limit)):
        return Reading(tall.end(), 12 * int(tall["feet"]) + float(tall["inches"] or 0), "[in_i]")
    found = VALUE.match(text, end, limit)
    if found is None or _is_of_something_else(text, end, *found.span("value")):
        return None
    if name.key == "weight" and _CHANGE.search(text, end, found.start("value")):
        return None
    written = _told_unit(found, name)
    if not written and _is_bare_of_something_else(text, found, name):
        return None
    number = number_of(_decimal(found["value"]))
    unit = _unit(written, name, number)
    if math.isnan(number) or not _is_fit(name, number, unit):
        return None
    flag = (found["flag"] or "").strip("()* ").lower()
    comparator = (found["comparator"] or "").strip().lower()
    last = found.end("unit") if written else found.start("value") + len(found["value"].rstrip(" -"))
    return Reading(last, number, unit, _COMPARATORS.get(comparator, comparator), _FLAGS.get(flag, flag))


def _told_unit(found: re.Match[str], name: MeasuredName) -> str:
    """`in` is a unit of heights only: `A1c 7.1 in March`."""
    unit = found["unit"] or ""
    return "" if unit.lower() == "in" and name.key != "height" else unit


def _is_bare_of_something_else(text: str, found: re.Match[str], name: MeasuredName) -> bool:
    """Whether a figure without a unit is a dose, a count of days, a formula, or a word of a sentence."""
    end = found.end("value")
    if not any(sign.isdigit() for sign in found["value"]):
        return not name.is_vital or _OTHER_UNIT.match(text, end) is not None
    return _OTHER_UNIT.match(text, end) is not None or _IN_FORMULA.match(text, end) is not None


def read_bare_value(text: str, start: int, name: MeasuredName, unit: str) -> Reading | None:
    """The figure that begins there, one more of a name whose value before had that unit (UCUM)."""
    found = VALUE.match(text, start, min(len(text), start + _WINDOW))
    if found is None or found.start("value") > start + 2 or not found["value"][-1].isdigit():
        return None
    written = _told_unit(found, name)
    if not written and _OTHER_UNIT.match(text, found.end("value")):
        return None
    number = number_of(_decimal(found["value"]))
    own = _unit(written, name, number) if written else unit
    if math.isnan(number) or not _is_fit(name, number, own):
        return None
    comparator = (found["comparator"] or "").strip().lower()
    last = found.end("unit") if written else found.end("value")
    return Reading(last, number, own, _COMPARATORS.get(comparator, comparator))


def _is_of_something_else(text: str, end: int, first: int, last: int) -> bool:
    """Whether the figure is part of a longer name, or only counts the next line: `2.` or `2)`."""
    between = text[end:first]
    counts_a_line = "\n" in between and text[last : last + 1] in (".", ")")
    return bool(
        counts_a_line
        or between.count("\n") > 1
        or _OTHER_THING.match(text, end)
        or _PART_OF_NAME.match(text, end)
    )


def is_sure(analyte: Analyte, reading: Reading) -> bool:
    """Whether unit and size leave one measure, that of the analyte's first code; molar ones have others."""
    if reading.unit:
        return converted(1.0, reading.unit, "", analyte.unit) is not None
    low, high = analyte.plausible
    return max(low, _LEAST_BARE.get(analyte.key, low)) <= reading.number <= high


def range_flag(analyte: Analyte, reading: Reading) -> str:
    """By the adult range that holds for both sexes; nothing where there is none, or the unit is in doubt."""
    interval = table_interval(analyte.key, "", _ADULT)
    value = converted(reading.number, reading.unit or analyte.unit, analyte.key, analyte.unit)
    if interval is None or value is None or not (reading.unit or is_sure(analyte, reading)):
        return ""
    if interval.low is not None and value < interval.low:
        return "low"
    return "high" if interval.high is not None and value > interval.high else ""


def _is_fit(name: MeasuredName, number: float, unit: str) -> bool:
    """Whether the number can be a value of what is named."""
    analyte = name.analyte
    if analyte is None:
        return bool(unit) or not (name.more and name.more.needs_unit)
    if unit:
        value = converted(number, unit, analyte.key, analyte.unit)
        return value is not None and analyte.plausible[0] <= value <= analyte.plausible[1] * _LAX
    if analyte.key in _NEEDS_UNIT or analyte.key.endswith("_level"):
        return False
    return analyte.plausible[0] <= number <= analyte.plausible[1]


def _unit(written: str, name: MeasuredName, number: float) -> str:
    """As UCUM has it; what nobody writes is filled in."""
    small = " ".join(written.lower().replace("degrees", "deg").replace("degree", "deg").split())
    if name.key == "temperature" and small in ("", "deg"):
        return "[degF]" if number > _LEAST_FAHRENHEIT else "Cel"
    if small:
        return _UNITS.get(small) or normal_unit(small.replace("° ", "°"))
    if name.analyte is None or name.key in _NEEDS_UNIT:
        return ""
    if name.key in _COUNTED and number >= 1000:
        return "/uL"
    return name.analyte.unit if name.is_vital or name.key in _GOES_WITHOUT else ""


def _decimal(written: str) -> str:
    """`seven point two` as 7.2; what has no point stays as it is."""
    whole, point, part = written.lower().partition("point")
    if not point:
        return written
    return f"{number_of(whole.strip()):g}.{''.join(_DIGITS.get(word, '') for word in part.split())}"

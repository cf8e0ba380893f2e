"""Vital signs and laboratory results, with LOINC where name, unit and size leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.entities import Assertion, Code, Detail, Entity, Kind, System
from hntai.domain.extraction.measured_names import (
    PRESSURE_NAME,
    MeasuredName,
    is_written_as_a_name,
    measured_names,
)
from hntai.domain.extraction.measured_values import Reading, is_sure, range_flag
from hntai.domain.extraction.measurement_grammar import PRESSURE, PRESSURE_AGAIN
from hntai.domain.extraction.note import ClinicalNote
from hntai.domain.extraction.phrases import Found
from hntai.domain.extraction.value_series import read_values
from hntai.domain.reference_ranges import pressure_flag

_WINDOW: Final = 70
_OF_VITALS: Final = ("T", "P", "R")
"""Single letters that are vital signs among vital signs only."""
_WARMTH: Final = re.compile(r"[\s:=]{1,3}(?:3[4-9]|4[0-2]|9[5-9]|10[0-6])\.\d(?!\d)")
"""Behind a T, a temperature wherever it stands."""
_AMONG: Final = ("vital_signs", "physical_exam")
_LIMIT: Final = re.compile(
    r"\b(?:prn|as needed|if|for|when|unless|until|hold|call|goal|target|keep|maintain|"
    r"titrate(?: to)?)\W{0,3}(?:for |if |of )?\Z",
    re.IGNORECASE,
)
_FETAL: Final = re.compile(r"\b(?:fetal|foetal|baby[\'’]s)\s+\Z", re.IGNORECASE)
"""The heart rate of another."""
_COMPARED: Final = re.compile(
    r"\s*(?:is |of )?(?:[<>≤≥]|less than|greater than|over|under|"
    r"above|below)",
    re.IGNORECASE,
)
"""A limit to act on is no value: `prn HR>130`, `goal SpO2 > 92%`."""
_KEPT: Final = (Assertion.FAMILY, Assertion.HYPOTHETICAL, Assertion.HISTORICAL)
"""A value that is told is there: denials and doubts in its sentence speak of something else."""
_PRESSURE_CODE: Final = Code(System.LOINC, "85354-9", "Blood pressure panel with all children optional")
_LIKELY_PRESSURE: Final = ((50, 300), (20, 200))


def find_measurements(note: ClinicalNote, assertions: Assertions) -> Iterator[Entity]:
    """Vitals and labs, left to right; a name without its value is none."""
    reached = 0
    for found in measured_names().find(note.words):
        start, end = note.words.starts[found.first], note.words.ends[found.last - 1]
        written = note.text[start:end]
        if start < reached or not is_written_as_a_name(written):
            continue
        is_among = note.sections.at(start) in _AMONG or (written == "T" and _WARMTH.match(note.text, end))
        if written in _OF_VITALS and not is_among:
            continue
        if not found.value.is_vital and found.value != PRESSURE_NAME and note.text[end : end + 1].isdigit():
            continue  # PCV20 is a vaccine
        if _FETAL.search(note.text[max(0, start - 12) : start]):
            continue
        if _LIMIT.search(note.text[max(0, start - 30) : start]) and _COMPARED.match(note.text, end):
            continue
        is_pair = found.value == PRESSURE_NAME
        for entity in (_pressure if is_pair else _results)(note, assertions, found):
            reached = entity.end
            yield entity


def _results(note: ClinicalNote, assertions: Assertions, found: Found[MeasuredName]) -> Iterator[Entity]:
    """The first value with its name; those behind it alone, each in its own place."""
    for place, value in enumerate(read_values(note.text, note.words.ends[found.last - 1], found.value)):
        entity = _result(note, assertions, found, value.reading)
        if value.is_past:
            entity = replace(entity, assertion=Assertion.HISTORICAL)
        if place:
            text = note.text[value.start : value.reading.end]
            entity = replace(entity, text=text, start=value.start)
        yield entity


def _result(
    note: ClinicalNote, assertions: Assertions, found: Found[MeasuredName], reading: Reading
) -> Entity:
    name = found.value
    details: dict[str, Detail] = {"name": name.shown, "value": reading.number}
    told = {
        "unit": reading.unit,
        "comparator": reading.comparator,
        "flag": reading.flag
        or (range_flag(name.analyte, reading) if name.analyte and not note.is_of_child else ""),
    }
    details |= {key: value for key, value in told.items() if value}
    code = _loinc(name, reading)
    codes = (Code(System.LOINC, code, name.shown),) if code else ()
    kind = Kind.VITALS if name.is_vital else Kind.LABS
    return _entity(note, assertions, found, reading.end, kind, codes=codes, details=details)


def _loinc(name: MeasuredName, reading: Reading) -> str:
    if name.analyte is not None:
        return name.analyte.loinc[0] if is_sure(name.analyte, reading) else ""
    is_told = bool(reading.unit) and "mol" not in reading.unit
    return name.more.loinc if name.more and is_told else ""


def _pressure(note: ClinicalNote, assertions: Assertions, found: Found[MeasuredName]) -> Iterator[Entity]:
    end = note.words.ends[found.last - 1]
    match = PRESSURE.match(note.text, end, min(len(note.text), end + _WINDOW))
    if match is None:
        return
    systolic, diastolic = float(match["systolic"]), float(match["diastolic"])
    (lowest, highest), (lowest_low, highest_low) = _LIKELY_PRESSURE
    if not (
        lowest <= systolic <= highest and lowest_low <= diastolic <= highest_low and diastolic < systolic
    ):
        return
    stop = match.end("unit") if match["unit"] else match.end("diastolic")
    details = _of_pressures(note, systolic, diastolic)
    first = _entity(note, assertions, found, stop, Kind.VITALS, codes=(_PRESSURE_CODE,), details=details)
    again = PRESSURE_AGAIN.match(note.text, stop, min(len(note.text), stop + _WINDOW))
    if again is None or int(again["diastolic"]) >= int(again["systolic"]):
        yield first
        return
    yield replace(first, assertion=Assertion.HISTORICAL) if again["later"] else first
    place = again.span("pair")
    details = _of_pressures(note, float(again["systolic"]), float(again["diastolic"]))
    yield replace(first, text=note.text[slice(*place)], start=place[0], end=place[1], details=details)


def _of_pressures(note: ClinicalNote, systolic: float, diastolic: float) -> dict[str, Detail]:
    told: dict[str, Detail] = {
        "name": "Blood pressure",
        "systolic": systolic,
        "diastolic": diastolic,
        "unit": "mmHg",
    }
    flag = "" if note.is_of_child else pressure_flag(systolic, diastolic)
    return told | {"flag": flag} if flag else told


def _entity(
    note: ClinicalNote,
    assertions: Assertions,
    found: Found[MeasuredName],
    end: int,
    kind: Kind,
    *,
    codes: tuple[Code, ...],
    details: dict[str, Detail],
) -> Entity:
    start = note.words.starts[found.first]
    said = assertions.of(found.first)
    return Entity(
        kind,
        note.text[start:end],
        start,
        end,
        note.sections.at(start),
        said if said in _KEPT else Assertion.PRESENT,
        0.95 if codes else 0.8,
        codes,
        details,
    )

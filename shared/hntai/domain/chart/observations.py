"""Results from Observation resources: comparator, status, unit, range and doubt kept beside every number."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.analytes import (
    BLOOD_PRESSURE,
    DIASTOLIC_CODES,
    SYSTOLIC_CODES,
    Analyte,
    Kind,
)
from hntai.domain.chart.coded_names import is_of_a_terminology
from hntai.domain.chart.context import Reading
from hntai.domain.chart.judging import judged_pressure, judged_range, judgement, shown_number
from hntai.domain.chart.quantities import Measured, quantity_of, shown_quantity
from hntai.domain.chart.recognition import Coded, analyte_by_code, recognised
from hntai.domain.chart.values import Doubt, Fact, Flag, Patient, Result
from hntai.domain.fhir import (
    Resource,
    code_values,
    codes,
    mapping,
    mappings,
    status,
    string,
)
from hntai.domain.units import converted

_NOT_A_RESULT = {"entered-in-error", "cancelled", "registered", "unknown"}
_NOT_FINAL = {"preliminary"}
_NAMELESS = "result without a name"
_WITHHELD = "text withheld, read it in the record"
_YES_OR_NO = {True: "yes", False: "no"}
_FINDINGS = frozenset({"imaging", "exam", "procedure"})
"""Source: HL7, observation-category."""


def read_results(resource: Resource, reading: Reading, patient: Patient) -> Iterator[Result]:
    """The results of one Observation: its own value, and each component's; blood pressure stays one."""
    if status(resource, "status") in _NOT_A_RESULT:
        reading.leave_out("not_a_result")
        return
    effective = mapping(resource.get("effectivePeriod"))
    moment = (
        reading.moment(resource.get("effectiveDateTime"))
        or reading.moment(resource.get("effectiveInstant"))
        or reading.moment(effective.get("end"))
        or reading.moment(effective.get("start"))
        or reading.moment(resource.get("issued"))
    )
    components = list(mappings(resource.get("component"))) if "component" in resource else []
    if moment is None:
        reading.left_out["undated"] += any(map(_value_fields, (resource, *components)))
        return
    fact = reading.fact(resource, moment)
    pressure = blood_pressure_parts(components, reading)
    if pressure:
        yield _pressure(fact, resource, pressure, patient)
    elif _value_fields(resource):
        yield from _readable(_result(fact, resource, resource, reading, patient), reading)
    for component in components:
        if _value_fields(component) and not (
            pressure and _codes(component, reading) & (SYSTOLIC_CODES | DIASTOLIC_CODES)
        ):
            yield from _readable(_result(fact, resource, component, reading, patient), reading)


def _readable(result: Result, reading: Reading) -> Iterator[Result]:
    """The result, if it says what was measured and what was found; a code of any system says what."""
    if not result.shown:
        reading.leave_out("valueless")
    elif not result.method and result.name == _NAMELESS:
        reading.leave_out("nameless")
    else:
        yield result


def blood_pressure_parts(components: list[Resource], reading: Reading) -> tuple[Measured, Measured] | None:
    """Systolic and diastolic in mmHg, where both are there."""
    if len(components) < 2:
        return None
    parts = [
        next((q for c in components if _codes(c, reading) & wanted and (q := quantity_of(c))), None)
        for wanted in (SYSTOLIC_CODES, DIASTOLIC_CODES)
    ]
    systolic, diastolic = parts
    if systolic is None or diastolic is None or {systolic.normal_unit, diastolic.normal_unit} != {"mmHg"}:
        return None
    return systolic, diastolic


def _pressure(fact: Fact, resource: Resource, parts: tuple[Measured, Measured], patient: Patient) -> Result:
    systolic, diastolic = (part.value for part in parts)
    is_plausible = 30 <= diastolic < systolic <= 320
    is_adult = patient.age is not None and patient.age >= 18
    comparators = {part.comparator[:1] for part in parts} - {""}
    judged = judged_pressure(systolic, diastolic, comparators) if is_adult else Flag.UNJUDGED
    return Result(
        references=fact.references,
        at=fact.at,
        encounter=fact.encounter,
        analyte=BLOOD_PRESSURE,
        method=BLOOD_PRESSURE,
        name="Blood pressure",
        kind=Kind.VITAL,
        value=systolic,
        diastolic=diastolic,
        unit="mmHg",
        shown="/".join(f"{p.comparator}{p.shown}" for p in parts) + " mmHg",
        comparator=parts[0].comparator or parts[1].comparator,
        is_preliminary=status(resource, "status") in _NOT_FINAL,
        interpretation="",
        range=None,
        flag=judged if is_plausible else Flag.UNJUDGED,
        doubt=Doubt.NONE if is_plausible else Doubt.IMPLAUSIBLE,
    )


def _result(fact: Fact, resource: Resource, part: Resource, reading: Reading, patient: Patient) -> Result:
    measured = quantity_of(part)
    coded = reading.once(_coded, part.get("code"))
    what = recognised(resource, part, coded, measured, reading)
    known = what.analyte
    value, doubt = _compared(known, measured)
    found = judged_range(part, known, measured, patient)
    interpretation = _interpretation(part)
    judged = Flag.UNJUDGED
    if doubt in (Doubt.NONE, Doubt.UNIT):
        recorded = measured.value if measured and found and found.is_own else value
        judged = judgement(recorded, measured.comparator if measured else "", found, interpretation)
    return Result(
        references=fact.references,
        at=fact.at,
        encounter=fact.encounter,
        analyte=what.key,
        method=what.method,
        name=known.name if known else coded.name,
        kind=known.kind if known else reading.once(_kind, resource.get("category")),
        value=value,
        diastolic=None,
        unit=known.unit if known else measured.normal_unit if measured else "",
        shown=shown_quantity(measured) if measured else _shown_words(part, reading),
        comparator=measured.comparator if measured else "",
        is_preliminary=status(resource, "status") in _NOT_FINAL,
        interpretation=interpretation,
        range=found,
        flag=judged,
        doubt=doubt,
    )


def _coded(concept: object, reading: Reading) -> Coded:
    """What is measured; without a name a terminology's code is shown, as a local one says nothing."""
    known, (system, own) = analyte_by_code(concept), next(iter(codes(concept)), ("", ""))
    if known:
        return Coded(known.name, known, system, own)
    otherwise = reading.coded("Result", concept) if is_of_a_terminology(codes(concept)) else _NAMELESS
    return Coded(reading.result_name(concept) or otherwise, None, system, own)


def _compared(known: Analyte | None, measured: Measured | None) -> tuple[float | None, Doubt]:
    """The value in the analyte's unit, and whether it may be believed."""
    if measured is None:
        return None, Doubt.NONE
    if known is None:
        return measured.value, Doubt.NONE
    value = converted(measured.value, measured.unit, known.key, known.unit)
    if value is None:
        return None, Doubt.UNIT if measured.unit else Doubt.NO_UNIT
    if measured.normal_unit != known.unit:
        value = float(shown_number(value))  # 44.2 umol/L is 0.5 mg/dL, not 0.4999
    low, high = known.plausible
    return value, Doubt.NONE if low <= value <= high or measured.comparator else Doubt.IMPLAUSIBLE


def _shown_words(part: Resource, reading: Reading) -> str:
    """What was found, in words; of a text that may not be shown, that there is one."""
    written = string(part.get("valueString"))
    told = reading.name(part.get("valueCodeableConcept")) or reading.text(written)
    is_yes_or_no = isinstance(part.get("valueBoolean"), bool)
    otherwise = _WITHHELD if written else _YES_OR_NO[part.get("valueBoolean") is True] if is_yes_or_no else ""
    return told or otherwise


def _value_fields(part: Resource) -> bool:
    return "valueQuantity" in part or any(name.startswith("value") for name in part)


def _interpretation(part: Resource) -> str:
    if "interpretation" not in part:
        return ""
    found = (code for concept in mappings(part["interpretation"]) for _, code in codes(concept))
    return next(found, "").upper()


def _kind(category: object, _reading: Reading) -> Kind:
    categories = {code for concept in mappings(category) for code in code_values(concept)}
    if "laboratory" in categories:
        return Kind.LABORATORY
    if "vital-signs" in categories:
        return Kind.VITAL
    return Kind.FINDING if categories & _FINDINGS or not categories else Kind.OTHER


def _codes(part: Resource, reading: Reading) -> frozenset[str]:
    return reading.once(_values_of, part.get("code"))


def _values_of(concept: object, _reading: Reading) -> frozenset[str]:
    return code_values(concept)

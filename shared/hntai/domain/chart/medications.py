"""Orders of drugs from MedicationRequest and MedicationStatement: status obeyed, doses as recorded."""

from __future__ import annotations

import re

from hntai.domain.chart.context import Reading
from hntai.domain.chart.drugs import course_key, ingredients_in
from hntai.domain.chart.values import Order
from hntai.domain.dates import Moment, parse_moment
from hntai.domain.fhir import Resource, displays, mapping, mappings, number, status, string

_TAKEN_OVER = {"active", "on-hold", "stopped", "completed"}
_NOT_ORDERED = {"proposal", "plan", "option"}
_STRENGTH = re.compile(
    r"(\d+(?:\.\d+)?)\s*(mg|mcg|ug|g|iu|unt|meq|ml|%)(?![a-z])(\s*/\s*(?:\d+\s*)?(?:ml|actuat|hr|h))?", re.I
)
_WRITTEN_DOSE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(mg|mcg|ug|g|iu|units?|ml|meq)\s*\Z", re.IGNORECASE)
_PIECES = re.compile(
    r"(?:tablet|capsule|puff|drop|patch|spray|application|actuation|\{?tbl\}?)s?\Z", re.IGNORECASE
)
_PERIODS = {"h": "hour", "d": "day", "wk": "week", "mo": "month"}
_TIMES = {1: "once", 2: "twice"}
_AS_A_WORD = {"day": "daily", "week": "weekly", "month": "monthly", "hour": "hourly"}


def read_order(resource: Resource, reading: Reading) -> Order | None:
    """The order, unless it was an error, never given, or only proposed."""
    is_reported = resource.get("resourceType") == "MedicationStatement"
    state, intent = status(resource, "status"), status(resource, "intent")
    if state not in _TAKEN_OVER or intent in _NOT_ORDERED or resource.get("doNotPerform") is True:
        reading.leave_out("not_ordered")
        return None
    product = reading.target(resource, "medicationReference")
    concept = resource.get("medicationCodeableConcept") or product.get("code")
    name = (
        reading.name(concept)
        or reading.text(string(mapping(resource.get("medicationReference")).get("display")))
        or _ingredients(product, reading)
    )
    if not name:
        reading.leave_out("nameless")
        return None
    dosage = next(mappings(resource.get("dosage" if is_reported else "dosageInstruction")), {})
    begun, ended = _period(resource, dosage)
    fact = reading.fact(resource, begun)
    dose = _dose_text(dosage)
    known = " / ".join([name, *map(reading.text, displays(concept))])
    return Order(
        references=fact.references,
        at=begun,
        encounter=fact.encounter,
        name=name,
        ingredients=ingredients_in(known),
        course_key=course_key(name, _route(dosage)),
        dose=dose,
        strength=_strength(name, dose),
        is_active=state == "active",
        is_on_hold=state == "on-hold",
        is_reported=is_reported,
        end=ended,
    )


def _ingredients(product: Resource, reading: Reading) -> str:
    """What a product without a name of its own is made of."""
    made_of = (ingredient.get("itemCodeableConcept") for ingredient in mappings(product.get("ingredient")))
    return " / ".join(filter(None, map(reading.name, made_of)))


def _period(resource: Resource, dosage: Resource) -> tuple[Moment | None, Moment | None]:
    """When the order was written or the drug begun, and when it ends, where the record says so."""
    effective = mapping(resource.get("effectivePeriod"))
    bounds = mapping(mapping(mapping(dosage.get("timing")).get("repeat")).get("boundsPeriod"))
    begun = (
        parse_moment(resource.get("authoredOn"))
        or parse_moment(effective.get("start"))
        or parse_moment(resource.get("effectiveDateTime"))
        or parse_moment(resource.get("dateAsserted"))
    )
    return begun, parse_moment(effective.get("end")) or parse_moment(bounds.get("end"))


def _route(dosage: Resource) -> str:
    return " ".join(displays(dosage.get("route")))


def _dose_text(dosage: Resource) -> str:
    """Dose and frequency from the structured fields; of free text only a bare `10mg` is read."""
    parts = (
        _amount(dosage),
        _frequency(dosage),
        "as needed" if dosage.get("asNeededBoolean") is True else "",
    )
    return " ".join(filter(None, parts))


def _amount(dosage: Resource) -> str:
    for rate in mappings(dosage.get("doseAndRate")):
        quantity = mapping(rate.get("doseQuantity"))
        value, unit = (
            number(quantity.get("value")),
            string(quantity.get("unit")) or string(quantity.get("code")),
        )
        if value is not None and (_WRITTEN_DOSE.match(f"1{unit}") or _PIECES.match(unit)):
            return f"{value:.12g} {unit}"
        if value is not None and not unit and value != 1:
            return f"{value:.12g} each time"
    written = _WRITTEN_DOSE.match(string(dosage.get("text")))
    return f"{written[1]} {written[2]}" if written else ""


def _frequency(dosage: Resource) -> str:
    repeat = mapping(mapping(dosage.get("timing")).get("repeat"))
    times, period = number(repeat.get("frequency")), number(repeat.get("period"))
    unit = _PERIODS.get(string(repeat.get("periodUnit")), "")
    if not unit or times is None or period is None:
        return ""
    if period == 1:
        often = _TIMES.get(int(times)) if times == int(times) else None
        return f"{often or f'{times:g} times'} {_AS_A_WORD[unit]}"
    every = f"every {period:g} {unit}s"
    return every if times == 1 else f"{times:g} times {every}"


def _strength(name: str, dose: str) -> str:
    """One label for a dose: the ordered amount; where only pieces are ordered, the product's strength too."""
    is_amount = bool(_WRITTEN_DOSE.match(" ".join(dose.split(" ")[:2])))
    return dose if is_amount else " ".join(filter(None, (_product_strength(name), dose)))


def _product_strength(name: str) -> str:
    """`0.05 mg`, `325 mg + 5 mg`: the strengths a product's name states, in its order."""
    found = (
        f"{value} {unit.lower()}{per.replace(' ', '').lower()}"
        for value, unit, per in _STRENGTH.findall(name)
    )
    return " + ".join(found)

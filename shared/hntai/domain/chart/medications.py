"""Orders of drugs from MedicationRequest and MedicationStatement: status obeyed, doses as recorded."""

from __future__ import annotations

import re

from hntai.domain.chart.coded_names import is_of_a_terminology, said_code
from hntai.domain.chart.context import Reading
from hntai.domain.chart.dosages import WRITTEN_DOSE, dose_text
from hntai.domain.chart.drugs import course_key, ingredients_in
from hntai.domain.chart.values import Order
from hntai.domain.dates import Moment, parse_moment
from hntai.domain.fhir import Resource, codes, displays, mapping, mappings, status, string

_TAKEN_OVER = {"active", "on-hold", "stopped", "completed"}
_NOT_TAKEN = "not-taken"
"""A MedicationStatement that says so; it limits what the orders of the drug say."""
_NOT_ORDERED = {"proposal", "plan", "option"}
_STRENGTH = re.compile(
    r"(\d+(?:\.\d+)?)\s*(mg|mcg|ug|g|iu|unt|meq|ml|%)(?![a-z])(\s*/\s*(?:\d+\s*)?(?:ml|actuat|hr|h))?", re.I
)


def read_order(resource: Resource, reading: Reading) -> Order | None:
    """The order, unless it was an error, never given, or only proposed."""
    is_reported = resource.get("resourceType") == "MedicationStatement"
    state, intent = status(resource, "status"), status(resource, "intent")
    is_not_taken = is_reported and state == _NOT_TAKEN
    if (
        (state not in _TAKEN_OVER and not is_not_taken)
        or intent in _NOT_ORDERED
        or resource.get("doNotPerform") is True
    ):
        reading.leave_out("not_ordered")
        return None
    product = reading.target(resource, "medicationReference")
    concept = resource.get("medicationCodeableConcept") or product.get("code")
    named = (
        reading.name(concept)
        or reading.text(string(mapping(resource.get("medicationReference")).get("display")))
        or _ingredients(product, reading)
    )
    name = named or reading.coded("Drug", concept)
    if not name:
        reading.leave_out("nameless")
        return None
    dosages = list(mappings(resource.get("dosage" if is_reported else "dosageInstruction"))) or [{}]
    begun, ended = _period(resource, dosages, reading)
    fact = reading.fact(resource, begun)
    dose = reading.once(_dose, dosages)
    known = " / ".join([name, *map(reading.text, displays(concept))])
    return Order(
        references=fact.references,
        at=begun,
        encounter=fact.encounter,
        name=name,
        ingredients=ingredients_in(known),
        course_key=course_key(name, _route(dosages[0])) if named else _coded_key(fact.references[0], concept),
        dose=dose,
        strength=_strength(name, dose),
        is_active=state == "active",
        is_on_hold=state == "on-hold",
        is_reported=is_reported,
        is_not_taken=is_not_taken,
        end=ended,
    )


def _dose(dosages: object, _reading: Reading) -> str:
    return dose_text(mappings(dosages))


def _coded_key(own: str, concept: object) -> str:
    """Orders without a name are one course by their codes; those without a terminology's, each its own."""
    return f"coded:{said_code('', codes(concept))}" if is_of_a_terminology(codes(concept)) else own


def _ingredients(product: Resource, reading: Reading) -> str:
    """What a product without a name of its own is made of."""
    made_of = (ingredient.get("itemCodeableConcept") for ingredient in mappings(product.get("ingredient")))
    return " / ".join(filter(None, map(reading.name, made_of)))


def _period(
    resource: Resource, dosages: list[Resource], reading: Reading
) -> tuple[Moment | None, Moment | None]:
    """When the order was written or the drug begun, and when it ends, where the record says so."""
    effective = mapping(resource.get("effectivePeriod"))
    ends = [parse_moment(_bounds(dosage).get("end")) for dosage in dosages]
    last = max((end for end in ends if end), default=None) if all(ends) else None
    begun = (
        reading.moment(resource.get("authoredOn"))
        or parse_moment(effective.get("start"))
        or parse_moment(resource.get("effectiveDateTime"))
        or parse_moment(resource.get("dateAsserted"))
    )
    return begun, parse_moment(effective.get("end")) or last


def _bounds(dosage: Resource) -> Resource:
    return mapping(mapping(mapping(dosage.get("timing")).get("repeat")).get("boundsPeriod"))


def _route(dosage: Resource) -> str:
    return " ".join(displays(dosage.get("route")))


def _strength(name: str, dose: str) -> str:
    """One label for a dose: the ordered amount; where only pieces are ordered, the product's strength too."""
    is_amount = bool(WRITTEN_DOSE.match(" ".join(dose.split(" ")[:2])))
    return dose if is_amount else " ".join(filter(None, (_product_strength(name), dose)))


def _product_strength(name: str) -> str:
    """`0.05 mg`, `325 mg + 5 mg`: the strengths a product's name states, in its order."""
    found = (
        f"{value} {unit.lower()}{per.replace(' ', '').lower()}"
        for value, unit, per in _STRENGTH.findall(name)
    )
    return " + ".join(found)

"""Duplicate therapy: one ingredient at two doses, or two drugs of one class."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.drugs import classes_of
from hntai.domain.chart.values import Chart, Course, Order
from hntai.domain.chart.wording import drug_stem
from hntai.domain.rules.lookups import references_of, said_stems
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_ONE_IS_ENOUGH = (
    "ACE inhibitor",
    "ARB",
    "statin",
    "NSAID",
    "SSRI",
    "SNRI",
    "proton pump inhibitor",
    "benzodiazepine",
    "beta blocker",
    "sulfonylurea",
    "direct oral anticoagulant",
    "thiazide",
    "P2Y12 inhibitor",
    "dihydropyridine",
    "opioid",
    "SGLT2 inhibitor",
    "GLP-1 agonist",
    "DPP-4 inhibitor",
    "loop diuretic",
    "tricyclic",
    "hypnotic",
    "gabapentinoid",
    "bisphosphonate",
    "vitamin K antagonist",
)
_INCRETINS = ("GLP-1 agonist", "DPP-4 inhibitor")
"""Two classes that act the same way. Source: ADA Standards of Care 2025."""


def _same_class(chart: Chart) -> Iterator[Finding]:
    for name in _ONE_IS_ENOUGH:
        courses = [c for c in chart.courses if c.is_active and name in classes_of(c.ingredients)]
        if len(courses) > 1:
            fact = f"{said_stems(chart, *courses)} are all active and belong to one class ({name})"
            yield _finding(fact, said_stems(chart, *courses), tuple(courses))


def _same_ingredient(chart: Chart) -> Iterator[Finding]:
    active = [order for order in chart.orders if order.is_active]
    places: dict[str, list[int]] = {}
    for place, order in enumerate(active):
        for reference in order.references:
            places.setdefault(reference, []).append(place)
    for course in chart.courses:
        own = {place for reference in course.active_references for place in places.get(reference, ())}
        orders = [active[place] for place in sorted(own)]
        strengths = dict.fromkeys(order.strength for order in sorted(orders, key=_by_time))
        if len(strengths) > 1 and all(strengths):
            fact = f"{course.name} has active orders of different doses at once: {', '.join(strengths)}"
            yield _finding(fact, f"different doses of {drug_stem(course)}", (course,))


def _finding(fact: str, reason: str, courses: tuple[Course, ...]) -> Finding:
    advice = f"check what the patient takes and end what is not meant, because of {reason} side by side"
    return Finding(fact, advice, references_of(*courses), tuple(c.last_ordered for c in courses))


def _by_time(order: Order) -> int:
    return order.at.instant if order.at else 0


RULES = (
    Rule(
        "duplicate-class",
        "Two drugs of one class",
        "FDA labels",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _same_class,
        inputs=("drugs",),
    ),
    Rule(
        "duplicate-ingredient",
        "One drug at two doses",
        "FDA labels",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _same_ingredient,
        inputs=("drugs",),
    ),
)

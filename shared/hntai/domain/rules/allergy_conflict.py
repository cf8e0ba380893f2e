"""Drugs against allergies: the same substance, its class, and what may cross-react."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hntai.domain.chart.drugs import classes_of, ingredients_in
from hntai.domain.chart.values import Allergy, Chart, Course
from hntai.domain.chart.wording import drug_stem
from hntai.domain.rules.lookups import references_of, said
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_BY_WORD: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), group)
    for pattern, group in (
        (r"penicillin|beta.?lactam", "penicillin"),
        (r"cephalosporin|beta.?lactam", "cephalosporin"),
        (r"\bsulfa\b|sulfonamide|sulphonamide|\bsulfa drug", "sulfonamide antibiotic"),
        (r"\bnsaids?\b|non.?steroidal", "NSAID"),
        (r"\bnsaids?\b|non.?steroidal|salicylate", "salicylate"),
        (r"\bace.?inhibitor|\bacei\b", "ACE inhibitor"),
        (r"\bstatins?\b", "statin"),
        (r"macrolide", "macrolide"),
        (r"quinolone", "fluoroquinolone"),
        (r"tetracycline", "tetracycline"),
        (r"\bopioids?\b|\bopiates?\b", "opioid"),
        (r"\barbs?\b|angiotensin (?:ii )?receptor", "ARB"),
        (r"gliflozin|sglt.?2", "SGLT2 inhibitor"),
        (r"glp.?1", "GLP-1 agonist"),
        (r"beta.?block", "beta blocker"),
    )
)
_CLASS_WIDE = frozenset(
    {
        "penicillin",
        "cephalosporin",
        "sulfonamide antibiotic",
        "NSAID",
        "ACE inhibitor",
        "macrolide",
        "fluoroquinolone",
        "tetracycline",
    }
)
"""Classes in which an allergy to one member speaks against the others. Source: FDA labels."""
_CAUTION = {
    "penicillin": "cephalosporin",
    "salicylate": "NSAID",
    "NSAID": "salicylate",
    "ACE inhibitor": "neprilysin inhibitor",
}
"""Cross-reactions that want caution rather than a ban. Source: FDA labels; AAAAI 2022."""


@dataclass(frozen=True, slots=True)
class _Allergen:
    ingredients: frozenset[str]
    classes: frozenset[str]


def _allergen(allergy: Allergy) -> _Allergen:
    named = ingredients_in(allergy.name)
    of_named = classes_of(named) & _CLASS_WIDE
    by_word = {group for pattern, group in _BY_WORD if pattern.search(allergy.name)}
    return _Allergen(frozenset(named), of_named | by_word)


def allergic_classes(chart: Chart) -> frozenset[str]:
    """Every class of which the patient is said to have reacted to a member, however narrowly."""
    allergens = [_allergen(allergy) for allergy in chart.allergies if not allergy.is_none_known]
    return frozenset[str]().union(*(a.classes | classes_of(tuple(a.ingredients)) for a in allergens))


def _conflict(allergen: _Allergen, course: Course) -> str:
    """How a drug meets an allergen: not at all, directly, or by a cross-reaction."""
    classes = classes_of(course.ingredients)
    if allergen.ingredients & set(course.ingredients) or allergen.classes & classes:
        return "direct"
    of_allergen = allergen.classes | classes_of(tuple(allergen.ingredients))
    crossing = {_CAUTION[group] for group in of_allergen if group in _CAUTION}
    return "possible" if crossing & classes else ""


def _conflicts(chart: Chart) -> Iterator[Finding]:
    for allergy in chart.allergies:
        allergen = _allergen(allergy)
        for course in chart.courses:
            kind = _conflict(allergen, course) if course.is_active and not allergy.is_none_known else ""
            if kind:
                yield _finding(chart, allergy, course, is_direct=kind == "direct")


def _finding(chart: Chart, allergy: Allergy, course: Course, *, is_direct: bool) -> Finding:
    reaction = f" with {', '.join(allergy.reactions)}" if allergy.reactions else ""
    drug, stem = said(chart, course), drug_stem(course)
    if is_direct:
        fact = f"{drug} is active in spite of a recorded allergy: {allergy.name}{reaction}"
        advice = (
            f"consider stopping {stem} and choosing another class, because of the allergy to {allergy.name}"
        )
    else:
        fact = f"{drug} is active and may cross-react with a recorded allergy: {allergy.name}{reaction}"
        advice = f"check that {stem} was tolerated, because of the allergy to {allergy.name}"
    urgency = Urgency.NOW if is_direct else Urgency.THIS_VISIT
    return Finding(
        fact,
        advice,
        (*allergy.references, *references_of(course)),
        (allergy.at, course.last_ordered),
        urgency,
    )


RULES = (
    Rule(
        "drug-allergy",
        "Drug against a recorded allergy",
        "FDA labels",
        Concern.SAFETY,
        Urgency.NOW,
        _conflicts,
        inputs=("drugs", "allergies"),
        may_be=(Urgency.THIS_VISIT,),
    ),
)

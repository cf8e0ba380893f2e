"""Drugs against drugs: a short list of pairs that harm, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hntai.domain.chart.drugs import classes_of
from hntai.domain.chart.values import Chart, Course
from hntai.domain.rules.lookups import references_of, said_stems
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency


@dataclass(frozen=True, slots=True)
class Pair:
    first: frozenset[str]
    """Classes or ingredients; one of them is enough."""
    second: frozenset[str]
    harm: str
    urgency: Urgency


def _pair(first: str, second: str, harm: str, urgency: Urgency) -> Pair:
    return Pair(frozenset(first.split("|")), frozenset(second.split("|")), harm, urgency)


_NOW, _VISIT = Urgency.NOW, Urgency.THIS_VISIT

PAIRS = (
    _pair("vitamin K antagonist", "NSAID|salicylate|P2Y12 inhibitor", "raises the risk of bleeding", _NOW),
    _pair(
        "direct oral anticoagulant", "NSAID|salicylate|P2Y12 inhibitor", "raises the risk of bleeding", _VISIT
    ),
    _pair(
        "vitamin K antagonist",
        "class III antiarrhythmic|sulfamethoxazole|azole antifungal|macrolide",
        "raises the INR and the risk of bleeding",
        _NOW,
    ),
    _pair("vitamin K antagonist", "direct oral anticoagulant|heparin", "doubles anticoagulation", _NOW),
    _pair("ACE inhibitor", "ARB", "raises the risk of hyperkalaemia and kidney injury", _VISIT),
    _pair("ACE inhibitor", "neprilysin inhibitor", "raises the risk of angioedema", _NOW),
    _pair(
        "ACE inhibitor|ARB",
        "mineralocorticoid antagonist|potassium supplement|potassium-sparing diuretic",
        "raises potassium",
        _VISIT,
    ),
    _pair(
        "simvastatin|lovastatin",
        "macrolide|azole antifungal|rate-limiting calcium channel blocker",
        "raises the risk of muscle injury",
        _VISIT,
    ),
    _pair("opioid", "benzodiazepine", "raises the risk of sedation and slowed breathing", _NOW),
    _pair("SSRI|SNRI|tramadol|triptan", "MAO inhibitor", "raises the risk of serotonin syndrome", _NOW),
    _pair("SSRI|SNRI", "tramadol", "raises the risk of serotonin syndrome and seizures", _VISIT),
    _pair("clopidogrel", "omeprazole|esomeprazole", "weakens clopidogrel", _VISIT),
    _pair("methotrexate", "trimethoprim|sulfamethoxazole", "raises the risk of bone marrow failure", _NOW),
    _pair("nitrate", "PDE5 inhibitor", "raises the risk of severe hypotension", _NOW),
    _pair(
        "digoxin",
        "rate-limiting calcium channel blocker|class III antiarrhythmic|macrolide",
        "raises digoxin levels",
        _VISIT,
    ),
    _pair(
        "beta blocker",
        "rate-limiting calcium channel blocker",
        "raises the risk of bradycardia and heart block",
        _VISIT,
    ),
    _pair("lithium", "thiazide|ACE inhibitor|ARB|NSAID", "raises lithium levels", _VISIT),
    _pair(
        "azathioprine|mercaptopurine",
        "xanthine oxidase inhibitor",
        "raises the risk of bone marrow failure",
        _NOW,
    ),
)


def _interactions(chart: Chart) -> Iterator[Finding]:
    active = [(course, _names(course)) for course in chart.courses if course.is_active]
    told: set[frozenset[tuple[str, ...]]] = set()
    for pair in PAIRS:
        firsts = [course for course, names in active if names & pair.first]
        seconds = [course for course, names in active if names & pair.second and course not in firsts]
        both = frozenset(course.references for course in (*firsts, *seconds))
        if firsts and seconds and both not in told:
            told.add(both)
            yield _finding(chart, firsts, seconds, pair)


def _finding(chart: Chart, firsts: list[Course], seconds: list[Course], pair: Pair) -> Finding:
    drugs = (*firsts, *seconds)
    one, other = said_stems(chart, *firsts), said_stems(chart, *seconds)
    fact = f"{one} together with {other} {pair.harm}"
    advice = f"review whether {one} and {other} are both needed, because the pair {pair.harm}"
    return Finding(fact, advice, references_of(*drugs), tuple(c.last_ordered for c in drugs), pair.urgency)


def _names(course: Course) -> frozenset[str]:
    return frozenset(course.ingredients) | classes_of(course.ingredients)


RULES = (
    Rule(
        "drug-drug",
        "Interacting drugs",
        "FDA labels",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _interactions,
        inputs=("drugs",),
    ),
)

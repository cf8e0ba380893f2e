"""Drugs against drugs: a short list of pairs that harm, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.drugs import classes_of
from hntai.domain.chart.values import Chart, Course
from hntai.domain.rules.interaction_pairs import PAIRS, Pair
from hntai.domain.rules.lookups import references_of, said_stems, single_dose_mg
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency


def _interactions(chart: Chart) -> Iterator[Finding]:
    """The most urgent pairs first; two drugs told together once are not told together again."""
    active = [(course, _names(course)) for course in chart.courses if course.is_active]
    told: set[tuple[Course, Course]] = set()
    for pair in sorted(PAIRS, key=lambda pair: pair.urgency):
        firsts = [c for c, names in active if names & pair.first and _is_over(c, pair)]
        seconds = [c for c, names in active if names & pair.second and c not in firsts]
        if pair.first == pair.second:
            firsts, seconds = firsts[:1], firsts[1:]
        new = [(one, other) for one in firsts for other in seconds if (one, other) not in told]
        if new:
            told.update((*new, *((other, one) for one, other in new)))
            firsts = [course for course in firsts if any(course is one for one, _ in new)]
            seconds = [course for course in seconds if any(course is other for _, other in new)]
            yield _finding(chart, firsts, seconds, pair)


def _finding(chart: Chart, firsts: list[Course], seconds: list[Course], pair: Pair) -> Finding:
    drugs = (*firsts, *seconds)
    one, other = said_stems(chart, *firsts), said_stems(chart, *seconds)
    fact = f"{one} together with {other} {pair.harm}"
    advice = f"review whether {one} and {other} are both needed, because the pair {pair.harm}"
    return Finding(fact, advice, references_of(*drugs), tuple(c.last_ordered for c in drugs), pair.urgency)


def _is_over(course: Course, pair: Pair) -> bool:
    return not pair.first_over_mg or (single_dose_mg(course) or 0) > pair.first_over_mg


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
        may_be=(Urgency.NOW, Urgency.ROUTINE),
    ),
)

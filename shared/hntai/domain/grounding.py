"""The gate for statements: numbers, units, dates and drugs must stand in what a statement refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from hntai.domain.chart.drugs import ingredients_in
from hntai.domain.chart.values import Allergy, Chart, Conflict, Encounter, Event, Fact, Order, Problem, Result
from hntai.domain.chart.wording import said_age
from hntai.domain.dates import Moment
from hntai.domain.figures import DAY, numbers_in, numbers_with_units_in
from hntai.domain.rules import DECLARED
from hntai.domain.statements import Statement

_DECLARED = re.compile("|".join(re.escape(phrase) for phrase in DECLARED))
_PATIENT = "Patient"


@dataclass(frozen=True, slots=True)
class Verified:
    kept: tuple[Statement, ...]
    removed: int


@dataclass(slots=True)
class _Support:
    """What a set of references says, taken apart."""

    numbers: set[str] = field(default_factory=set)
    with_units: set[tuple[str, str]] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    ingredients: set[str] = field(default_factory=set)

    def add(self, texts: Iterable[str], dates: Iterable[str]) -> None:
        for text in texts:
            self.numbers |= numbers_in(text)
            self.with_units |= numbers_with_units_in(text)
            self.ingredients |= set(ingredients_in(text))
        for day in dates:
            self.dates.add(day)
            self.numbers |= {day} if len(day) == 4 else set()

    def join(self, other: _Support) -> None:
        self.numbers |= other.numbers
        self.with_units |= other.with_units
        self.dates |= other.dates
        self.ingredients |= other.ingredients


def verify(statements: Sequence[Statement], chart: Chart) -> Verified:
    """The statements that stand, and how many do not.

    A statement stands if at least one of its references is in the chart and none is not, and if every number,
    number with unit, date and drug in its text is said by what it refers to. Phrases that a rule declares as
    its source's own (thresholds, guideline years) are not asked for in the chart.
    """
    wanted = {reference for statement in statements for reference in statement.references}
    support = _support_by_reference(chart, wanted)
    kept = tuple(statement for statement in statements if _stands(statement, support))
    return Verified(kept, len(statements) - len(kept))


def _stands(statement: Statement, support: dict[str, _Support]) -> bool:
    if not statement.references or not all(reference in support for reference in statement.references):
        return False
    own = _Support()
    for reference in statement.references:
        own.join(support[reference])
    text = _DECLARED.sub(" ", statement.text)
    dates = {*DAY.findall(text), *statement.dates}
    plain = DAY.sub(" ", text)
    return (
        dates <= own.dates
        and numbers_in(plain) <= own.numbers
        and numbers_with_units_in(plain) <= own.with_units
        and set(ingredients_in(plain)) <= own.ingredients
    )


def _support_by_reference(chart: Chart, wanted: Set[str]) -> dict[str, _Support]:
    """What each reference among the wanted ones says; one that is not in the chart is not in the answer."""
    support: dict[str, _Support] = {}
    for fact in _facts(chart):
        if wanted.isdisjoint(fact.references):
            continue
        source = chart.source_of(fact.references)
        moments = (*_moments(fact), source.at if source else None)
        texts, dates = tuple(_texts(fact)), chart.days(*moments)
        for reference in fact.references:
            support.setdefault(reference, _Support()).add(texts, dates)
    of_patient = support.setdefault(_PATIENT, _Support())
    of_patient.add((said_age(chart.patient), *chart.warnings), chart.days(chart.patient.died))
    return support


def _facts(chart: Chart) -> Iterator[Fact]:
    yield from chart.encounters
    yield from chart.problems
    yield from chart.orders
    yield from chart.allergies
    yield from chart.results
    yield from chart.immunizations
    yield from chart.procedures
    yield from chart.conflicts


def _texts(fact: Fact) -> Iterator[str]:
    if isinstance(fact, Problem | Order | Allergy | Result | Event | Encounter):
        yield fact.name
    if isinstance(fact, Conflict):
        yield fact.text
    if isinstance(fact, Order):
        yield from (fact.dose, fact.strength)
    elif isinstance(fact, Allergy):
        yield from fact.reactions
    elif isinstance(fact, Encounter):
        yield fact.reason
    elif isinstance(fact, Result):
        yield from (fact.shown, fact.range.shown if fact.range else "")


def _moments(fact: Fact) -> Iterator[Moment | None]:
    yield fact.at
    if isinstance(fact, Problem):
        yield from (fact.recorded, fact.resolved)
    elif isinstance(fact, Order | Encounter):
        yield fact.end

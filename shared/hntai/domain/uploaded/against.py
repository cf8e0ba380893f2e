"""What a document says, held against the record: said there too, said otherwise, or new."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from hntai.domain.chart.analytes import Kind
from hntai.domain.chart.values import (
    Allergy,
    Chart,
    Conflict,
    DocumentSource,
    Doubt,
    Event,
    Fact,
    Order,
    Problem,
    Result,
)
from hntai.domain.chart.wording import said_source
from hntai.domain.uploaded.same import is_another_product, is_same_drug, is_same_problem, is_same_substance

F = TypeVar("F", bound=Fact)
MOST_CONFLICTS = 20
"""Told one by one; a reader who has so many to settle opens the document."""
_SAME_VALUE = 0.02
"""Relative difference up to which two figures of one day are one figure, rounded or converted."""
_SAME_SIGN = 0.2
"""The same of vital signs, which are taken more than once a day."""
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(mg|mcg|g|units|meq|ml|%)(?![a-z])", re.IGNORECASE)
_PIECES = re.compile(
    r"(?:(\d+(?:\.\d+)?)\s+)?(?:tablet|capsule|puff|drop|patch|spray|application|actuation)", re.IGNORECASE
)
_OFTEN = re.compile(
    r"(?:once|twice|(?:three|four|\d+) times) (?:daily|weekly|monthly)|every \S+ \w+|at bedtime|in the \w+"
)


@dataclass(slots=True)
class Held:
    """What came of the entries so far."""

    problems: list[Problem] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    allergies: list[Allergy] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    immunizations: list[Event] = field(default_factory=list)
    procedures: list[Event] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    untold: int = 0
    """Conflicts beyond those."""
    said_too: dict[str, list[str]] = field(default_factory=dict)
    """By a fact of the record: where documents say the same."""
    by_day: dict[tuple[str, date], list[Result]] = field(default_factory=dict)
    """The results again, by analyte and day."""
    added: set[str] = field(default_factory=set)
    """The first references of all that only documents say."""

    def add(self, into: list[F], fact: F) -> None:
        """What only documents say."""
        into.append(fact)
        self.added.add(fact.references[0])

    def confirmed(self, fact: F) -> F:
        """The record's fact, with the places where documents say the same."""
        places = self.said_too.get(_key(fact))
        return replace(fact, references=(*fact.references, *places)) if places else fact


@dataclass(frozen=True, slots=True)
class Against:
    """One document's facts against a chart."""

    chart: Chart
    held: Held
    source: DocumentSource

    def fact(self, fact: Fact, *, is_denied: bool) -> None:
        """A problem, a drug or an allergy. is_denied: the document says that it is not so, or no longer."""
        match fact:
            case Problem():
                self._problem(_undated(fact), is_denied=is_denied)
            case Order():
                self._order(replace(fact, at=None), is_denied=is_denied)
            case Allergy():
                self._allergy(fact, is_denied=is_denied)
            case _:
                raise TypeError(type(fact).__name__)

    def result(self, result: Result) -> None:
        """A figure of the same day must be the record's; one in doubt is told by no document."""
        if result.doubt is not Doubt.NONE or result.at is None:
            return
        what = (result.analyte, result.at.day)
        alike = [*self.chart.once(_by_day).get(what, ()), *self.held.by_day.get(what, ())]
        same = next((r for r in alike if _is_same_value(r, result)), None)
        if same:
            self._say_too(same, result)
        elif alike:
            here, there = f"{result.name} {result.shown}", f"{alike[-1].name} {alike[-1].shown}"
            self._conflict(f"{here} on {self.chart.day(result.at)}", there, alike[-1], result)
        else:
            self.held.add(self.held.results, result)
            self.held.by_day.setdefault(what, []).append(result)

    def _problem(self, problem: Problem, *, is_denied: bool) -> None:
        listed = (p for p in (*self.chart.problems, *self.held.problems) if not p.is_social)
        known = [p for p in listed if is_same_problem(p, problem)]
        active = next((p for p in known if p.is_active), None)
        if is_denied:
            if active:
                self._conflict(f"{problem.name} as absent", f"{active.name} as active", active, problem)
        elif active:
            self._say_too(active, problem)
        elif known and problem.is_confirmed:
            self._conflict(
                f"{problem.name} as present", f"{known[-1].name} as no longer active", known[-1], problem
            )
        elif not known:
            self.held.add(self.held.problems, problem)

    def _order(self, order: Order, *, is_denied: bool) -> None:
        known = [o for o in (*self.chart.orders, *self.held.orders) if is_same_drug(o, order)]
        active = next((o for o in reversed(known) if o.is_active or o.is_on_hold), None)
        if is_denied:
            if active:
                self._conflict(f"{order.name} as no longer taken", _ordered(active), active, order)
        elif active is None and known:
            self._conflict(_ordered(order), f"{known[-1].name} as ended", known[-1], order)
        elif active is None:
            self.held.add(self.held.orders, order)
        elif active in self.held.orders and order.strength and not active.strength:
            self.held.orders[self.held.orders.index(active)] = order
            self.held.added.add(order.references[0])
        elif (
            _is_another_dose(active, order)
            or is_another_product(active, order)
            or active.is_on_hold != order.is_on_hold
        ):
            self._conflict(_ordered(order), _ordered(active), active, order)
        else:
            self._say_too(active, order)

    def _allergy(self, allergy: Allergy, *, is_denied: bool) -> None:
        known = [*self.chart.allergies, *self.held.allergies]
        named = [one for one in known if not one.is_none_known]
        if is_denied:
            if allergy.is_none_known and named:
                names = ", ".join(one.name for one in named)
                self._conflict(allergy.name, f"an allergy to {names}", named[0], allergy)
            return
        same = next((one for one in named if is_same_substance(one, allergy)), None)
        if same:
            self._say_too(same, allergy)
            return
        self.held.add(self.held.allergies, allergy)
        none_known = next((one for one in known if one.is_none_known), None)
        if none_known:
            self._conflict(f"an allergy to {allergy.name}", none_known.name, none_known, allergy)

    def event(self, event: Event, listed: Sequence[Event], into: list[Event]) -> None:
        """A procedure or a vaccine; one of the same name and day is told once."""
        for known in (*listed, *into):
            is_same_day = known.at is not None and event.at is not None and known.at.day == event.at.day
            if is_same_day and known.name.casefold() == event.name.casefold():
                return
        self.held.add(into, event)

    def _say_too(self, known: Fact, said: Fact) -> None:
        """One place a document is enough, however often it says so."""
        if known.references[0] not in self.held.added:
            places = self.held.said_too.setdefault(_key(known), [])
            if not any(self.source.upload_id in place for place in places):
                places += said.references

    def _conflict(self, here: str, there: str, known: Fact, said: Fact) -> None:
        other = said_source(self.chart, self.source)
        by = self.chart.source_of(known.references)
        told = said_source(self.chart, by) if by else "the record"
        text = f"To settle: {here}, {other}; {told} has {there}, which is told here."
        if any(conflict.text == text for conflict in self.held.conflicts):
            return
        if len(self.held.conflicts) >= MOST_CONFLICTS:
            self.held.untold += 1
            return
        self.held.conflicts.append(Conflict((*known.references, *said.references), self.source.at, "", text))


def _undated(problem: Problem) -> Problem:
    """Without a start, unless the document tells one: the day of the document is none."""
    return replace(problem, at=None) if problem.at == problem.recorded else problem


def _by_day(chart: Chart) -> dict[tuple[str, date], list[Result]]:
    found: dict[tuple[str, date], list[Result]] = {}
    for result in chart.results:
        if result.at is not None:
            found.setdefault((result.analyte, result.at.day), []).append(result)
    return found


def _key(fact: Fact) -> str:
    """One entry may be several results: their names tell them apart."""
    return f"{fact.references[0]} {getattr(fact, 'name', '')}"


def _ordered(order: Order) -> str:
    hold = " on hold" if order.is_on_hold else ""
    return f"{order.name} {order.dose}".strip() + hold


def _is_another_dose(known: Order, said: Order) -> bool:
    """Whether both say how much at a time, or how often, and not the same."""
    amounts = [_amount(order.strength) for order in (known, said)]
    often = [match.group() if (match := _OFTEN.search(o.strength)) else "" for o in (known, said)]
    return (all(amounts) and amounts[0] != amounts[1]) or (all(often) and often[0] != often[1])


def _amount(strength: str) -> tuple[float, str] | None:
    """What is taken at a time: pieces times the strength of each, where they are counted."""
    found, pieces = _AMOUNT.search(strength), _PIECES.search(strength)
    if not found or "+" in strength or (pieces and not pieces[1]):
        return None
    value, unit = float(found[1]) * (float(pieces[1]) if pieces else 1.0), found[2].lower()
    return (value * 1000, "mg") if unit == "g" else (value, unit)


def _is_same_value(one: Result, other: Result) -> bool:
    if one.value is None or other.value is None:
        return one.shown.casefold() == other.shown.casefold()
    if (one.diastolic is None) != (other.diastolic is None) or one.unit != other.unit:
        return False
    pairs = ((one.value, other.value), (one.diastolic or 0.0, other.diastolic or 0.0))
    tolerated = _SAME_SIGN if other.kind is Kind.VITAL else _SAME_VALUE
    return all(abs(a - b) <= tolerated * max(abs(a), abs(b)) for a, b in pairs)

"""The baseline: how things stood before the newest encounter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING

from hntai.domain.chart.analytes import Kind
from hntai.domain.chart.courses import courses_from
from hntai.domain.chart.timeline import Since, as_of, latest_results, since_previous
from hntai.domain.chart.values import Allergy, Chart, Course, Encounter, Order, Problem, Result
from hntai.domain.chart.wording import (
    per_document,
    said_course,
    said_encounter,
    said_flag,
    said_problem,
    said_result,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Item:
    """One structured fact of a baseline or delta, with the sentence that says it."""

    text: str
    references: tuple[str, ...]
    dates: tuple[str, ...]
    details: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        return {
            "text": self.text,
            **self.details,
            "references": list(self.references),
            "dates": list(self.dates),
        }


@dataclass(frozen=True, slots=True)
class Baseline:
    text: str
    as_of: str | None
    """The previous encounter's date, or at a first visit the newest one's."""
    is_first_visit: bool
    problems: tuple[Item, ...]
    medications: tuple[Item, ...]
    allergies: tuple[Item, ...]
    results: tuple[Item, ...]
    vitals: tuple[Item, ...]
    encounters_12_months: tuple[Item, ...]

    def to_json(self) -> dict[str, object]:
        """JSON-safe; every fact carries its references."""
        return items_to_json(self)


def items_to_json(value: DataclassInstance) -> dict[str, object]:
    """A frozen value whose fields are items or plain values, as JSON."""
    told = {f.name: getattr(value, f.name) for f in fields(value)}
    return {name: [item.to_json() for item in v] if isinstance(v, tuple) else v for name, v in told.items()}


def build_baseline(chart: Chart) -> Baseline:
    """The state before the newest encounter; at a first visit, the state of that visit itself."""
    since = since_previous(chart)
    is_first = chart.previous is None
    stands_at = chart.newest if is_first else chart.previous
    results = latest_results(r for r in chart.results if is_first or not since.is_new(r)).values()
    measured = [result for result in results if result.is_comparable or result.comparator]
    return Baseline(
        text=_told(chart),
        as_of=chart.day(stands_at.at) if stands_at else None,
        is_first_visit=is_first,
        problems=tuple(_problem(chart, p) for p in chart.problems if _stood(p, since, is_first=is_first)),
        medications=tuple(_course(chart, c) for c in _courses_before(chart, since, is_first=is_first)),
        allergies=tuple(_allergy(chart, a) for a in chart.allergies if is_first or not since.is_new(a)),
        results=tuple(result_item(chart, r) for r in measured if r.kind is Kind.LABORATORY),
        vitals=tuple(result_item(chart, r) for r in measured if r.kind is Kind.VITAL),
        encounters_12_months=tuple(_encounters_of_the_year(chart)),
    )


def is_new_problem(problem: Problem, since: Since) -> bool:
    """Whether a problem began, or was first recorded, with the newest encounter."""
    was_recorded = problem.recorded is not None and since.is_new(problem, problem.recorded)
    is_older = problem.at is not None and since.after is not None and problem.at.day <= since.after
    return not is_older and (since.is_new(problem) or was_recorded)


def result_item(chart: Chart, result: Result) -> Item:
    """A result as a structured fact."""
    flag = said_flag(result)
    details = {
        "name": result.name,
        "value": result.shown,
        "flag": str(result.flag),
        "preliminary": result.is_preliminary,
    }
    if result.range and result.range.shown:
        details["range"] = result.range.shown
    return Item(
        said_result(chart, result) + (f": {flag}" if flag else ""),
        result.references,
        chart.days(result.at),
        details,
    )


def _told(chart: Chart) -> str:
    if chart.newest is None:
        return "No encounter is recorded; this is the state of the whole record."
    if chart.previous is None:
        return f"First visit on record ({chart.day(chart.newest.at)}); this is the state at that visit."
    before, newest = chart.day(chart.previous.at), chart.day(chart.newest.at)
    return f"State at the encounter of {before}, before the newest one of {newest}."


def _stood(problem: Problem, since: Since, *, is_first: bool) -> bool:
    if is_first:
        return problem.is_active
    was_resolved_since = problem.resolved is not None and since.is_new(problem, problem.resolved)
    return (problem.is_active or was_resolved_since) and not is_new_problem(problem, since)


def _courses_before(chart: Chart, since: Since, *, is_first: bool) -> Iterable[Course]:
    """Courses taken before: still active, stopped only since, or renewed since."""
    if is_first:
        return [course for course in chart.courses if course.is_active]
    orders = [order for order in chart.orders if not _is_told_since(chart, since, order)]
    renewed = {o.course_key for o in orders if since.is_new(o)}
    ended = {o.course_key for o in orders if o.end and since.is_new(o, o.end)}
    earlier = [order for order in orders if not since.is_new(order)]
    going_on = {o.course_key for o in earlier if o.is_active} | renewed | ended
    return courses_from(order for order in earlier if order.course_key in going_on)


def _is_told_since(chart: Chart, since: Since, order: Order) -> bool:
    """Whether only a document of after the state before tells of it: nobody says that it was taken then."""
    source = chart.source_of(order.references)
    return source is not None and since.is_new(order, source.at)


def _problem(chart: Chart, problem: Problem) -> Item:
    return Item(
        said_problem(chart, problem), problem.references, chart.days(problem.at), {"name": problem.name}
    )


def _course(chart: Chart, course: Course) -> Item:
    details = {"name": course.name, "dose": course.dose or None}
    return Item(
        said_course(chart, course), course.references, chart.days(course.at, course.last_ordered), details
    )


def _allergy(chart: Chart, allergy: Allergy) -> Item:
    notes = (*allergy.reactions, *per_document(chart, allergy))
    said = f"{allergy.name} ({', '.join(notes)})" if notes else allergy.name
    return Item(said, allergy.references, chart.days(allergy.at), {"name": allergy.name})


def _encounters_of_the_year(chart: Chart) -> Iterable[Item]:
    until = as_of(chart)
    for encounter in chart.encounters:
        if encounter.at and encounter != chart.newest and until - _A_YEAR <= encounter.at.day <= until:
            yield encounter_item(chart, encounter)


def encounter_item(chart: Chart, encounter: Encounter) -> Item:
    """An encounter as a structured fact: its setting, kind and day."""
    said = f"{said_encounter(encounter)} ({chart.day(encounter.at)})"
    return Item(said, encounter.references, chart.days(encounter.at), {"setting": encounter.setting or None})

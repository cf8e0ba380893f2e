"""The delta: what the newest encounter brought, against the state before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hntai.domain.baseline import Baseline, Item, encounter_item, is_new_problem, items_to_json, result_item
from hntai.domain.chart.timeline import Since, latest_results, since_previous
from hntai.domain.chart.values import Chart, Course, Event, Flag, Result
from hntai.domain.chart.wording import drug_stem, per_document, said_course, said_problem
from hntai.domain.dates import days_between

_SLOPE_POINTS = 3
_SLOPE_DAYS = 90
_HOSPITAL = ("inpatient", "emergency", "observation")


@dataclass(frozen=True, slots=True)
class Delta:
    text: str
    from_date: str | None
    to_date: str | None
    is_first_visit: bool
    problems_new: tuple[Item, ...] = ()
    problems_resolved: tuple[Item, ...] = ()
    medications_started: tuple[Item, ...] = ()
    medications_stopped: tuple[Item, ...] = ()
    dose_changes: tuple[Item, ...] = ()
    allergies_added: tuple[Item, ...] = ()
    results: tuple[Item, ...] = ()
    immunizations: tuple[Item, ...] = ()
    procedures: tuple[Item, ...] = ()
    admissions: tuple[Item, ...] = ()

    def to_json(self) -> dict[str, object]:
        """JSON-safe; every fact carries its references."""
        told = items_to_json(self)
        return {"from": told.pop("from_date"), "to": told.pop("to_date"), **told}


def build_delta(chart: Chart, baseline: Baseline) -> Delta:
    """What is new since the baseline. A first visit is said to be one, instead of showing nothing."""
    to_date = chart.day(chart.newest.at) if chart.newest else None
    if baseline.is_first_visit:
        text = "First visit on record: nothing earlier to compare with."
        return Delta(
            text if chart.newest else "No encounter is recorded: changes cannot be told.", None, to_date, True
        )
    since = since_previous(chart)
    return Delta(
        text=f"Changes since the encounter of {baseline.as_of}, up to the newest one of {to_date}.",
        from_date=baseline.as_of,
        to_date=to_date,
        is_first_visit=False,
        problems_new=tuple(_new_problems(chart, since)),
        problems_resolved=tuple(_resolved_problems(chart, since)),
        medications_started=tuple(_started(chart, since)),
        medications_stopped=tuple(_stopped(chart, since)),
        dose_changes=tuple(item for course in chart.courses for item in _dose_changes(chart, course, since)),
        allergies_added=tuple(_added_allergies(chart, since)),
        results=tuple(_result_changes(chart, since)),
        immunizations=tuple(_event(chart, e) for e in chart.immunizations if since.is_new(e)),
        procedures=tuple(_event(chart, e) for e in chart.procedures if since.is_new(e)),
        admissions=tuple(_admissions(chart, since)),
    )


def dose_change_text(chart: Chart, course: Course, step: int) -> str:
    """`Levothyroxine: dose changed from 0.05 mg to 0.1 mg (2020-08-25)`."""
    before, after = course.doses[step - 1], course.doses[step]
    return f"{drug_stem(course)}: dose changed from {before.label} to {after.label} ({chart.day(after.at)})"


def _new_problems(chart: Chart, since: Since) -> Iterator[Item]:
    for problem in chart.problems:
        if problem.is_active and is_new_problem(problem, since):
            yield Item(
                said_problem(chart, problem),
                problem.references,
                chart.days(problem.at),
                {"name": problem.name},
            )


def _resolved_problems(chart: Chart, since: Since) -> Iterator[Item]:
    for problem in chart.problems:
        if not problem.is_active and problem.resolved and since.is_new(problem, problem.resolved):
            text = f"{problem.name} (resolved {chart.day(problem.resolved)})"
            yield Item(text, problem.references, chart.days(problem.resolved), {"name": problem.name})


def _started(chart: Chart, since: Since) -> Iterator[Item]:
    for course in chart.courses:
        if since.is_new(course):
            ended = "" if course.is_active or course.is_on_hold else ", no longer active"
            details = {"name": course.name, "active": course.is_active}
            yield Item(
                said_course(chart, course) + ended,
                course.references,
                chart.days(course.at, course.last_ordered),
                details,
            )


def _stopped(chart: Chart, since: Since) -> Iterator[Item]:
    for course in chart.courses:
        if course.stopped and not since.is_new(course) and since.is_new(course, course.stopped):
            text = f"{course.name} (stopped {chart.day(course.stopped)})"
            yield Item(text, course.references, chart.days(course.stopped), {"name": course.name})


def _dose_changes(chart: Chart, course: Course, since: Since) -> Iterator[Item]:
    new = {reference for order in chart.orders if since.is_new(order) for reference in order.references}
    for step in range(1, len(course.doses)):
        if course.doses[step].reference in new:
            before, after = course.doses[step - 1], course.doses[step]
            details = {"name": drug_stem(course), "from_dose": before.label, "to_dose": after.label}
            references = (before.reference, after.reference)
            yield Item(dose_change_text(chart, course, step), references, chart.days(after.at), details)


def _added_allergies(chart: Chart, since: Since) -> Iterator[Item]:
    for allergy in chart.allergies:
        if since.is_new(allergy):
            notes = (f"recorded {chart.day(allergy.at)}", *per_document(chart, allergy))
            text = f"{allergy.name} ({', '.join(notes)})"
            yield Item(text, allergy.references, chart.days(allergy.at), {"name": allergy.name})


def _event(chart: Chart, event: Event) -> Item:
    notes = (chart.day(event.at), *per_document(chart, event))
    return Item(
        f"{event.name} ({', '.join(notes)})", event.references, chart.days(event.at), {"name": event.name}
    )


def _admissions(chart: Chart, since: Since) -> Iterator[Item]:
    for encounter in chart.encounters:
        if encounter.setting in _HOSPITAL and (
            since.is_new(encounter) or encounter.encounter in since.current
        ):
            yield encounter_item(chart, encounter)


def _result_changes(chart: Chart, since: Since) -> Iterator[Item]:
    new = [result for result in chart.results if since.is_new(result)]
    before = [result for result in chart.results if not since.is_new(result)]
    for result in latest_results(new).values():
        if result.is_comparable or result.comparator:
            yield _result_change(chart, result, _last_like(before, result))


def _last_like(before: list[Result], result: Result) -> Result | None:
    """The last comparable final result of the same analyte by the same method."""
    if not result.is_comparable:
        return None
    alike = (
        r
        for r in before
        if r.analyte == result.analyte and r.method == result.method and r.unit == result.unit
    )
    return next(
        (r for r in reversed([*alike]) if r.is_comparable and not r.is_preliminary and r.at is not None), None
    )


def _result_change(chart: Chart, result: Result, previous: Result | None) -> Item:
    item = result_item(chart, result)
    if previous is None or previous.value is None or result.value is None or not result.at or not previous.at:
        return item
    change = result.value - previous.value
    details = {
        **item.details,
        "previous": previous.shown,
        "previous_flag": str(previous.flag),
        "change": round(change, 3),
        "percent": round(100 * change / previous.value, 1) if previous.value else None,
        "interval_days": days_between(previous.at, result.at),
        "slope_per_year": _slope(chart, result),
        "crossed": Flag.UNJUDGED not in (result.flag, previous.flag) and result.flag is not previous.flag,
    }
    text = f"{item.text}; was {previous.shown} ({chart.day(previous.at)})"
    references = (*result.references, *previous.references)
    return Item(text, references, chart.days(result.at, previous.at), details)


def _slope(chart: Chart, result: Result) -> float | None:
    """Least-squares change per year over all comparable points; None for fewer than 3 or under 90 days."""
    points = [
        (r.at.day.toordinal() / 365.25, r.value)
        for r in chart.results
        if r.analyte == result.analyte
        and r.method == result.method
        and r.is_comparable
        and r.at
        and r.value is not None
        if r.diastolic is None and not r.is_preliminary
    ]
    if len(points) < _SLOPE_POINTS or (points[-1][0] - points[0][0]) * 365.25 < _SLOPE_DAYS:
        return None
    mean_x, mean_y = (sum(column) / len(points) for column in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return round(sum((x - mean_x) * (y - mean_y) for x, y in points) / spread, 3) if spread else None

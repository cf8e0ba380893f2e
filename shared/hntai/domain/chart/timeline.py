"""Where the record stands: the newest encounter that brought data, what came with it, what stood before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hntai.domain.chart.values import Chart, Encounter, Fact, Result
from hntai.domain.dates import Moment

STALE_DAYS = 365
"""A result or reading older than this may not be taken as the patient's present state."""


def newest_and_previous(
    encounters: Sequence[Encounter], facts: Iterable[Fact]
) -> tuple[Encounter | None, Encounter | None]:
    """The latest encounter that brought data and the latest of an earlier day that did.

    encounters: oldest first. An encounter brought data if an entry names it or stands on its day; where none
    did, every encounter counts: a record of bare encounters still has a newest one, and a visit is called
    the first only where there is no earlier one at all.
    """
    named, days = set(), set()
    for fact in facts:
        named.add(fact.encounter)
        days.add(fact.at.written if fact.at else "")
    fruitful = [e for e in encounters if e.encounter in named or (e.at and e.at.written in days)] or list(
        encounters
    )
    if not fruitful:
        return None, None
    newest = fruitful[-1]
    before = (
        [e for e in among if e.at and newest.at and e.at.day < newest.at.day]
        for among in (fruitful, encounters)
    )
    return newest, next((earlier[-1] for earlier in before if earlier), None)


@dataclass(frozen=True, slots=True)
class Since:
    """Tells what belongs to the newest encounter: recorded in it, or after the previous one in no other."""

    after: date | None
    """The last day of the previous encounter; None at a first visit."""
    current: frozenset[str]
    """References of the newest encounter and of others on its day."""
    others: frozenset[str]

    def is_new(self, fact: Fact, at: Moment | None = None) -> bool:
        """Whether a fact came with the newest encounter; at asks for a moment other than the fact's own."""
        if at is None and fact.encounter in self.current:
            return True
        if self.after is None or (at is None and fact.encounter in self.others):
            return False
        moment = at or fact.at
        return moment is not None and moment.is_exact and moment.written > self.after.isoformat()


def since_previous(chart: Chart) -> Since:
    """What separates the newest encounter of a chart from the state before it."""
    newest, previous = chart.newest, chart.previous
    day = newest.at.day if newest and newest.at else None
    current = frozenset(e.encounter for e in chart.encounters if e.at and e.at.day == day)
    ends = [moment.day for moment in (previous.at, previous.end) if moment] if previous else []
    after = min(max(ends), day - timedelta(days=1)) if ends and day else None
    return Since(after, current, frozenset(e.encounter for e in chart.encounters) - current)


def latest_results(results: Iterable[Result]) -> dict[str, Result]:
    """The last result of each analyte, whatever it says. results: in the order of a chart, oldest first."""
    return {result.analyte: result for result in results if result.at is not None}


def newest_results(chart: Chart) -> dict[str, Result]:
    """The last dated result of each analyte of a chart, whatever it says."""
    return chart.once(_newest_results)


def _newest_results(chart: Chart) -> dict[str, Result]:
    return latest_results(chart.results)


def previous_result(results: Sequence[Result], latest: Result) -> Result | None:
    """The comparable result of the same analyte and method before this one. results: oldest first."""
    if not latest.is_comparable or latest.at is None:
        return None
    earlier = (
        result
        for result in reversed(results)
        if result.analyte == latest.analyte and result.method == latest.method and result.is_comparable
        if result.unit == latest.unit
        if result.at is not None
        and latest.at is not None
        and result.at < latest.at
        and not result.is_preliminary
    )
    return next(earlier, None)


def as_of(chart: Chart) -> date:
    """The day the record speaks of: the newest encounter's, or today where there is none."""
    return chart.newest.at.day if chart.newest and chart.newest.at else chart.today


def is_stale(chart: Chart, moment: Moment | None) -> bool:
    """Whether a moment lies more than twelve months before the day the record speaks of."""
    return moment is None or (as_of(chart) - moment.day).days > STALE_DAYS


def is_old_record(chart: Chart) -> bool:
    """Whether even the newest encounter lies more than twelve months back."""
    return (chart.today - as_of(chart)).days > STALE_DAYS

"""What rules ask of a chart again and again."""

from __future__ import annotations

import re

from hntai.domain.chart.drugs import classes_of
from hntai.domain.chart.timeline import as_of, is_stale
from hntai.domain.chart.values import Chart, Course, Problem, Result
from hntai.domain.chart.wording import course_name, drug_stem, said_result, said_value
from hntai.domain.dates import Moment
from hntai.domain.rules.model import Finding, Urgency

UNRENEWED_DAYS = 396
"""Thirteen months: a yearly prescription and a month of grace."""
_NOT_OWN = re.compile(
    r"family history|screening for|at risk|risk of|ruled? out|suspected|no (?:evidence|history) of",
    re.IGNORECASE,
)
"""Names of what others have, might have, or do not have."""
_MILLIGRAMS = re.compile(r"(\d+(?:\.\d+)?)\s*(mg|mcg|ug|g)\b(?!\s*/)", re.IGNORECASE)
_IN_MG = {"mg": 1.0, "mcg": 0.001, "ug": 0.001, "g": 1000.0}


def active_of(chart: Chart, *classes: str) -> tuple[Course, ...]:
    """Active courses of any of the classes."""
    wanted = frozenset(classes)
    return tuple(c for c in chart.courses if c.is_active and classes_of(c.ingredients) & wanted)


def active_with(chart: Chart, *ingredients: str) -> tuple[Course, ...]:
    """Active courses that hold any of the ingredients."""
    return tuple(c for c in chart.courses if c.is_active and set(c.ingredients) & set(ingredients))


def history(chart: Chart, analyte: str) -> tuple[Result, ...]:
    """The results of an analyte that may be compared, oldest first."""
    return chart.comparable.get(analyte, ())


def last_recorded(chart: Chart, analyte: str) -> Result | None:
    """The last dated result of an analyte, whatever it is worth: enough to say that it was measured."""
    return next((r for r in reversed(chart.results) if r.analyte == analyte and r.at is not None), None)


def latest(chart: Chart, analyte: str) -> Result | None:
    """The last result of an analyte that may be compared, unless it is over twelve months old."""
    found = history(chart, analyte)
    return found[-1] if found and not is_stale(chart, found[-1].at) else None


def recent(chart: Chart, analyte: str, days: int) -> Result | None:
    """The last result of an analyte that may be compared, if it is at most so many days old."""
    found = latest(chart, analyte)
    age = days_since(chart, found.at) if found else None
    return found if age is not None and age <= days else None


def has_problem(chart: Chart, pattern: str, codes: frozenset[str] = frozenset()) -> tuple[Problem, ...]:
    """Active confirmed problems of that name (regular expression) or with one of the codes."""
    ever = had_problem(chart, pattern, codes)
    return tuple(problem for problem in ever if problem.is_active and not problem.is_social)


def had_problem(chart: Chart, pattern: str, codes: frozenset[str] = frozenset()) -> tuple[Problem, ...]:
    """The same, be they active or over, or told as a history: what cannot be undone, such as a stroke."""
    named = re.compile(pattern, re.IGNORECASE)
    own = (p for p in chart.problems if p.is_confirmed and not _NOT_OWN.search(p.name))
    return tuple(p for p in own if named.search(p.name) or codes & set(p.codes))


def is_adult(chart: Chart, low: int = 18, high: int = 200) -> bool:
    """Whether the age is known and lies from low to high, both inclusive."""
    return chart.patient.age is not None and low <= chart.patient.age <= high


def days_since(chart: Chart, moment: Moment | None) -> int | None:
    """Days from a moment to the day the record speaks of; None where the moment is not known."""
    return (as_of(chart) - moment.day).days if moment else None


def final(chart: Chart, analyte: str) -> Result | None:
    """Like `latest`, unless that is only preliminary."""
    found = latest(chart, analyte)
    return None if found is None or found.is_preliminary else found


def single_dose_mg(course: Course) -> float | None:
    """One dose of a product of one ingredient in mg, as ordered or as its name says; None where neither does.

    An order in pieces (`2 tablets`) says less than a dose, so it gives none.
    """
    if len(course.ingredients) != 1 or re.match(r"(?!1 )\d+(?:\.\d+)? \{?(?:tab|cap|tbl|each)", course.dose):
        return None
    found = _MILLIGRAMS.search(course.dose) or _MILLIGRAMS.search(course.name)
    return float(found[1]) * _IN_MG[found[2].lower()] if found else None


def because(
    fact: str, suggestion: str, *parts: Course | Result | Problem, urgency: Urgency | None = None
) -> Finding:
    """A finding that suggests something because of a fact, and stands on the parts."""
    moments = tuple(part.last_ordered if isinstance(part, Course) else part.at for part in parts)
    return Finding(fact, f"{suggestion}, because {fact}", references_of(*parts), moments, urgency)


def said(chart: Chart, *parts: Course | Result) -> str:
    """The parts as one phrase: results with their dates, an analyte named once, drugs with their doses."""
    words, named = [], ""
    for part in parts:
        if isinstance(part, Result):
            words.append(said_value(chart, part) if part.name == named else said_result(chart, part))
            named = part.name
        else:
            words.append(_said_drug(chart, part, course_name(part)))
    return _joined(words)


def said_stems(chart: Chart, *courses: Course) -> str:
    """The drugs without their doses, where the dose does not matter."""
    return _joined([_said_drug(chart, course, drug_stem(course)) for course in courses])


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _said_drug(chart: Chart, course: Course, name: str) -> str:
    """The name, with its last order's date where it was not renewed for long."""
    is_old = is_unrenewed(chart, course) and course.last_ordered is not None
    return f"{name} (last ordered {chart.day(course.last_ordered)})" if is_old else name


def is_unrenewed(chart: Chart, course: Course) -> bool:
    """Whether an active drug has no order of the last thirteen months."""
    ordered = course.last_ordered
    return course.is_active and (ordered is None or (as_of(chart) - ordered.day).days > UNRENEWED_DAYS)


def references_of(*parts: Course | Result | Problem) -> tuple[str, ...]:
    """What the parts stand on; of a course its active orders."""
    found = (p.active_references or p.references if isinstance(p, Course) else p.references for p in parts)
    return tuple(dict.fromkeys(reference for references in found for reference in references))

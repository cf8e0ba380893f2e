"""What rules ask of a chart again and again."""

from __future__ import annotations

import re

from hntai.domain.chart.drugs import classes_of
from hntai.domain.chart.timeline import as_of, is_stale
from hntai.domain.chart.values import Chart, Course, Problem, Result
from hntai.domain.chart.wording import course_name, drug_stem, said_result

UNRENEWED_DAYS = 396
"""Thirteen months: a yearly prescription and a month of grace."""


def active_of(chart: Chart, *classes: str) -> tuple[Course, ...]:
    """Active courses of any of the classes."""
    wanted = frozenset(classes)
    return tuple(c for c in chart.courses if c.is_active and classes_of(c.ingredients) & wanted)


def active_with(chart: Chart, *ingredients: str) -> tuple[Course, ...]:
    """Active courses that hold any of the ingredients."""
    return tuple(c for c in chart.courses if c.is_active and set(c.ingredients) & set(ingredients))


def history(chart: Chart, analyte: str) -> tuple[Result, ...]:
    """The results of an analyte that may be compared, oldest first."""
    return tuple(r for r in chart.results if r.analyte == analyte and r.is_comparable and r.at is not None)


def latest(chart: Chart, analyte: str) -> Result | None:
    """The last result of an analyte that may be compared, unless it is over twelve months old."""
    found = history(chart, analyte)
    return found[-1] if found and not is_stale(chart, found[-1].at) else None


def has_problem(chart: Chart, pattern: str, codes: frozenset[str] = frozenset()) -> tuple[Problem, ...]:
    """Active confirmed problems of that name (regular expression) or with one of the codes."""
    named = re.compile(pattern, re.IGNORECASE)
    active = (p for p in chart.problems if p.is_active and p.is_confirmed and not p.is_social)
    return tuple(p for p in active if named.search(p.name) or codes & set(p.codes))


def said(chart: Chart, *parts: Course | Result) -> str:
    """The parts as one phrase: results with their dates, drugs with their doses."""
    return _joined(
        [
            said_result(chart, p) if isinstance(p, Result) else _said_drug(chart, p, course_name(p))
            for p in parts
        ]
    )


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

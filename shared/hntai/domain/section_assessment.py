"""Clinical Assessment: who the patient is, what is active, what is taken, what must not be given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hntai.domain.chart.analytes import TOBACCO_CODES, Kind
from hntai.domain.chart.timeline import is_old_record, is_stale
from hntai.domain.chart.values import Allergy, Chart, Doubt, Fact, Problem, Result
from hntai.domain.chart.wording import (
    A_YEAR_AGO,
    per_document,
    said_age,
    said_course,
    said_encounter,
    said_problem,
    said_result,
    said_value,
)
from hntai.domain.dates import Moment
from hntai.domain.statements import Section, Statement

_PATIENT = "Patient"
_FINDINGS_AT_MOST = 8
_OTHERS = "others, to be read in the record"
_SEX = {"male": "Male", "female": "Female", "other": "Patient of other sex"}
_DIRECTIVE = re.compile(
    r"\b(?:DNR|DNAR|DNACPR|DNI|POLST|MOLST)\b|\b(?:not?|for|withhold\w*)\b.{0,25}resuscitat"
    r"|resuscitation status|do not intubate|comfort (?:care|measures)|advanced? (?:care )?directive"
    r"|living will|code status|full code|\bhospice\b",
    re.IGNORECASE,
)
"""What a patient wants done or left undone, and must be known before anything else."""


def directives(chart: Chart) -> Iterator[Statement]:
    """Code status and advance directives, from problems and from results in words: nothing where none is."""
    wanted: list[Fact] = [problem for problem in chart.problems if _is_directive(problem)]
    told = [said_problem(chart, problem) for problem in chart.problems if _is_directive(problem)]
    named = {r.analyte: r for r in chart.results if r.value is None and r.at and _DIRECTIVE.search(r.name)}
    wanted += named.values()
    told += [said_result(chart, result) for result in named.values()]
    if wanted:
        yield _stated(chart, f"Code status and directives: {'; '.join(told)}.", wanted)


def _is_directive(problem: Problem) -> bool:
    return problem.is_active and _DIRECTIVE.search(problem.name) is not None


def assessment(chart: Chart) -> tuple[Statement, ...]:
    """Patient, active problems, other findings, drugs and allergies, in this order."""
    return (
        _who(chart),
        *_problems(chart),
        *_examined(chart),
        *_findings(chart),
        *_drugs(chart),
        _allergies(chart),
    )


def _who(chart: Chart) -> Statement:
    patient, newest = chart.patient, chart.newest
    parts = [f"{_SEX.get(patient.sex, 'Patient, sex not recorded')}, {said_age(patient)}"]
    moments: list[Moment | None] = []
    if patient.is_deceased:
        died = f" on {chart.day(patient.died)}" if patient.died else ""
        parts.append(f"recorded as deceased{died}")
        moments.append(patient.died)
    if newest:
        reason = f", for {newest.reason}" if newest.reason else ""
        old = f", {A_YEAR_AGO}" if is_old_record(chart) else ""
        first = ", first visit on record" if chart.previous is None else ""
        parts.append(
            f"newest encounter with data {chart.day(newest.at)}{old}"
            f" ({said_encounter(newest)}{reason}{first})"
        )
        moments.append(newest.at)
    else:
        parts.append("no encounter recorded")
    references = (_PATIENT, *(newest.references if newest else ()))
    return Statement(Section.CLINICAL_ASSESSMENT, "; ".join(parts) + ".", references, chart.days(*moments))


def _problems(chart: Chart) -> Iterator[Statement]:
    listed = [problem for problem in chart.problems if not _is_directive(problem)]
    active = [problem for problem in listed if problem.is_active and not problem.is_social]
    if active:
        told = "; ".join(said_problem(chart, problem) for problem in active)
        yield _stated(chart, f"Active problems: {told}.", active)
    else:
        yield Statement(Section.CLINICAL_ASSESSMENT, _none(chart, "Active problems"), (_PATIENT,), ())


def _examined(chart: Chart) -> Iterator[Statement]:
    """What imaging, examinations and procedures found in the last twelve months: the latest of each."""
    told = [r for r in chart.results if _is_finding(r) and not is_stale(chart, r.at)]
    latest = {(r.analyte, r.method): r.at for r in told}
    current = [r for r in reversed(told) if latest[r.analyte, r.method] == r.at]
    if current:
        shown = current[:_FINDINGS_AT_MOST]
        more = f"; and {_OTHERS}" if len(current) > len(shown) else ""
        text = f"Findings: {'; '.join(_finding(chart, result) for result in shown)}{more}."
        yield _stated(chart, text, shown)


def _is_finding(result: Result) -> bool:
    is_told_elsewhere = result.is_abnormal or result.doubt is not Doubt.NONE or result.method in TOBACCO_CODES
    return result.kind is Kind.FINDING and result.at is not None and not is_told_elsewhere


def _finding(chart: Chart, result: Result) -> str:
    """`CT head: acute subdural hematoma (2026-05-20)`, `Ejection fraction 22 % (2026-05-20)`."""
    is_number = result.value is not None
    return said_result(chart, result) if is_number else f"{result.name}: {said_value(chart, result)}"


def _findings(chart: Chart) -> Iterator[Statement]:
    """Social findings and situations, kept apart from problems, and tobacco."""
    findings: list[Fact] = []
    names: list[str] = []
    for problem in chart.problems:
        if problem.is_active and problem.is_social and not _is_directive(problem):
            findings.append(problem)
            names.append(said_problem(chart, problem))
    tobacco = next(
        (r for r in reversed(chart.results) if r.method in TOBACCO_CODES and r.shown and r.at), None
    )
    if tobacco:
        findings.append(tobacco)
        names.append(f"{tobacco.shown} ({chart.day(tobacco.at)})")
    if findings:
        yield _stated(chart, f"Other findings: {'; '.join(dict.fromkeys(names))}.", findings)


def _drugs(chart: Chart) -> Iterator[Statement]:
    active = [course for course in chart.courses if course.is_active]
    held = [course for course in chart.courses if course.is_on_hold]
    if active:
        told = "; ".join(said_course(chart, course) for course in active)
        references = tuple(
            dict.fromkeys(
                r for c in active for r in (c.references[0], *c.active_references, c.references[-1])
            )
        )
        dates = chart.days(*(moment for c in active for moment in (c.at, c.last_ordered)))
        yield Statement(Section.CLINICAL_ASSESSMENT, f"Current drugs: {told}.", references, dates)
    else:
        yield Statement(Section.CLINICAL_ASSESSMENT, _none(chart, "Current drugs"), (_PATIENT,), ())
    if held:
        yield _stated(chart, f"On hold: {'; '.join(said_course(chart, c) for c in held)}.", held)


def _none(chart: Chart, called: str) -> str:
    """That there are none; where entries bear no name, only that none has one."""
    return f"{called}: none {'with a name ' if chart.counts.get('nameless') else ''}are recorded as active."


def _allergies(chart: Chart) -> Statement:
    named = [allergy for allergy in chart.allergies if not allergy.is_none_known]
    none_known = [allergy for allergy in chart.allergies if allergy.is_none_known]
    if named:
        return _stated(chart, f"Allergies: {'; '.join(_allergy(chart, one) for one in named)}.", named)
    if none_known:
        return _stated(chart, f"Allergies: {'; '.join(a.name for a in none_known)}, as recorded.", none_known)
    return Statement(Section.CLINICAL_ASSESSMENT, "Allergies: not recorded.", (_PATIENT,), ())


def _allergy(chart: Chart, allergy: Allergy) -> str:
    notes = [*allergy.reactions]
    notes += ["high risk"] if allergy.is_severe else []
    notes += [] if allergy.is_confirmed else ["unconfirmed"]
    notes += per_document(chart, allergy)
    return f"{allergy.name} ({', '.join(notes)})" if notes else allergy.name


def _stated(chart: Chart, text: str, facts: Sequence[Fact]) -> Statement:
    references = tuple(dict.fromkeys(reference for fact in facts for reference in fact.references))
    return Statement(Section.CLINICAL_ASSESSMENT, text, references, chart.days(*(fact.at for fact in facts)))

"""What the record lacks, contradicts or leaves open: told plainly, never filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from hntai.domain.chart.analytes import BLOOD_PRESSURE, BY_KEY, Kind
from hntai.domain.chart.timeline import is_old_record, is_stale, newest_results
from hntai.domain.chart.values import Chart, Doubt, Result
from hntai.domain.chart.warnings import DOUBTS, warning_sentences
from hntai.domain.chart.wording import A_YEAR_AGO, WITHIN_A_YEAR, drug_stem, said_result
from hntai.domain.reference_ranges import TABLE_SOURCE
from hntai.domain.rules.kidney import ckd_epi_2021
from hntai.domain.rules.lookups import is_unrenewed, latest, references_of
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_PATIENT = ("Patient",)
_PASSES = re.compile(
    r"\bacute\b|sinusitis|pharyngitis|bronchitis|fracture|laceration|sprain|\bburn\b|concussion|overdose|appendicitis"
    r"|rupture|miscarriage|pregnancy|otitis|infection|impacted|whiplash|injury",
    re.IGNORECASE,
)
_STAYS = re.compile(
    r"\b(?:chronic|recurrent|old|healed|sequelae?|late effects?|status post)\b", re.IGNORECASE
)
_SHOWN_AT_MOST = 6


def _old_record(chart: Chart) -> Iterator[Finding]:
    if chart.newest and is_old_record(chart):
        day = chart.day(chart.newest.at)
        fact = f"the newest encounter with data is of {day}, {A_YEAR_AGO}: confirm what still holds"
        yield Finding(fact, fact, chart.newest.references, (chart.newest.at,))


def _conflicting(chart: Chart) -> Iterator[Finding]:
    last = {r.analyte: r for r in chart.results if r.doubt is Doubt.CONFLICTING and r.at}
    newest = newest_results(chart)
    current = [r for r in last.values() if newest[r.analyte].at == r.at]
    if current:
        groups = [[r for r in chart.results if r.analyte == c.analyte and r.at == c.at] for c in current]
        told = [_together(chart, group) for group in groups]
        fact = f"different values at one time, neither of them trended: {'; '.join(told)}"
        yield _listed(fact, [r for group in groups for r in group])


def _together(chart: Chart, group: Sequence[Result]) -> str:
    at = group[0].at
    return f"{group[0].name} {' and '.join(r.shown for r in group)} ({chart.day(at)})"


def _implausible(chart: Chart) -> Iterator[Finding]:
    last = {r.analyte: r for r in chart.results if r.doubt in (Doubt.IMPLAUSIBLE, Doubt.UNIT) and r.at}
    yield from _in_doubt(chart, "implausible value or unit, check the source", list(last.values()))


def _unit_missing(chart: Chart) -> Iterator[Finding]:
    last = {r.analyte: r for r in chart.results if r.doubt is Doubt.NO_UNIT and r.at}
    yield from _in_doubt(chart, "unit missing, so neither judged nor given to rules", list(last.values()))


def _in_doubt(chart: Chart, called: str, found: list[Result]) -> Iterator[Finding]:
    if found:
        shown = found[-_SHOWN_AT_MOST:]
        yield _listed(f"{called}: {'; '.join(said_result(chart, result) for result in shown)}", shown)


def _kidney_disagrees(chart: Chart) -> Iterator[Finding]:
    egfr, creatinine = latest(chart, "egfr"), latest(chart, "creatinine")
    if not egfr or not creatinine or not egfr.at or not creatinine.at or egfr.at.day != creatinine.at.day:
        return
    estimate = ckd_epi_2021(creatinine.value or 0, chart.patient)
    if (
        estimate
        and egfr.value
        and abs(estimate - egfr.value) > max(20, 0.3 * egfr.value)
        and min(estimate, egfr.value) < 60
    ):
        both = f"{said_result(chart, egfr)} and {said_result(chart, creatinine)}"
        fact = f"kidney values that do not fit each other by CKD-EPI 2021, check both: {both}"
        yield Finding(fact, fact, references_of(egfr, creatinine), (egfr.at,))


def _preliminary(chart: Chart) -> Iterator[Finding]:
    found = [r for r in newest_results(chart).values() if r.is_preliminary]
    if found:
        told = "; ".join(said_result(chart, r) for r in found)
        yield _listed(f"preliminary, to be taken as real until the final result: {told}", found)


def _comparator(chart: Chart) -> Iterator[Finding]:
    found = [r for r in newest_results(chart).values() if r.comparator and r.doubt is Doubt.NONE]
    current = [
        r for r in found if r.analyte in BY_KEY and not r.is_preliminary and not is_stale(chart, r.at)
    ][:_SHOWN_AT_MOST]
    if current:
        told = "; ".join(said_result(chart, result) for result in current)
        yield _listed(f"given only as a bound, so neither trended nor given to rules: {told}", current)


def _unrenewed(chart: Chart) -> Iterator[Finding]:
    recorded = (course for course in chart.courses if not chart.source_of(course.references))
    courses = [course for course in recorded if is_unrenewed(chart, course)]
    if courses:
        told = "; ".join(f"{drug_stem(c)} ({chart.day(c.last_ordered)})" for c in courses)
        fact = f"active without an order in the last 13 months, ask whether it is taken: {told}"
        yield Finding(fact, fact, references_of(*courses), tuple(c.last_ordered for c in courses))


def _should_have_passed(chart: Chart) -> Iterator[Finding]:
    problems = [
        p
        for p in chart.problems
        if p.is_active and not p.is_social and _PASSES.search(p.name) and p.at
        if not _STAYS.search(p.name)
    ]
    old = [p for p in problems if is_stale(chart, p.at)]
    if old:
        told = "; ".join(f"{p.name} ({chart.day(p.at)})" for p in old)
        fact = f"listed as active for over 12 months, update the problem list if over: {told}"
        yield Finding(fact, fact, references_of(*old), tuple(p.at for p in old))


def _missing(chart: Chart) -> Iterator[Finding]:
    lacks = []
    if chart.patient.age is None or chart.patient.age >= 18:
        pressure = newest_results(chart).get(BLOOD_PRESSURE)
        lacks += (
            [f"blood pressure {WITHIN_A_YEAR}"] if pressure is None or is_stale(chart, pressure.at) else []
        )
    laboratory = [r for r in chart.results if r.kind is Kind.LABORATORY and r.at]
    lacks += (
        [f"laboratory results {WITHIN_A_YEAR}"]
        if not laboratory or is_stale(chart, laboratory[-1].at)
        else []
    )
    lacks += [] if chart.patient.sex in ("male", "female") else ["sex, so sex-specific ranges were not used"]
    lacks += [] if chart.patient.age is not None else ["age, so adult ranges were not used"]
    if lacks:
        fact = f"not recorded: {'; '.join(lacks)}"
        yield Finding(fact, fact, _PATIENT, ())


def _allergy_record(chart: Chart) -> Iterator[Finding]:
    none_known = [a for a in chart.allergies if a.is_none_known]
    named = [a for a in chart.allergies if not a.is_none_known]
    if none_known and named:
        fact = (
            f"the record says no known allergies and also names {', '.join(a.name for a in named)}: clarify"
        )
        references = tuple(r for a in (*none_known, *named) for r in a.references)
        yield Finding(fact, fact, references, tuple(a.at for a in (*none_known, *named)))
    elif not chart.allergies:
        fact = "allergies are not recorded: ask before prescribing"
        yield Finding(fact, fact, _PATIENT, ())


def _left_out(chart: Chart) -> Iterator[Finding]:
    told = warning_sentences({reason: n for reason, n in chart.counts.items() if reason not in DOUBTS})
    if told:
        fact = " ".join(told).rstrip(".")
        yield Finding(fact, fact, _PATIENT, ())


def _not_checked(chart: Chart) -> Iterator[Finding]:
    parts = ["texts of notes and reports", "whether ordered drugs are taken", "most drug doses"]
    parts.append("care given elsewhere")
    if any(r.is_abnormal and not r.is_known and not is_stale(chart, r.at) for r in chart.results):
        parts.append("abnormal results under names or codes that no rule knows")
    ranges = (
        f"; ranges are the record's own, else {TABLE_SOURCE}" if any(r.range for r in chart.results) else ""
    )
    fact = f"not checked here: {', '.join(parts)}{ranges}"
    yield Finding(fact, fact, _PATIENT, ())


def _listed(fact: str, results: Iterable[Result]) -> Finding:
    every = tuple(results)
    return Finding(fact, fact, references_of(*every), tuple(result.at for result in every))


def _rule(
    slug: str,
    title: str,
    find: Callable[[Chart], Iterable[Finding]],
    *declared: str,
    inputs: tuple[str, ...],
) -> Rule:
    return Rule(slug, title, "record review", Concern.DATA, Urgency.ROUTINE, find, declared, inputs)


RULES = (
    _rule("old-record", "Nothing newer than twelve months", _old_record, inputs=("encounters",)),
    _rule("conflicting-values", "Different values at one time", _conflicting, inputs=("results",)),
    _rule("implausible-values", "Implausible values", _implausible, inputs=("results",)),
    _rule("missing-units", "Results without a unit", _unit_missing, inputs=("results",)),
    _rule(
        "egfr-creatinine",
        "eGFR and creatinine disagree",
        _kidney_disagrees,
        "CKD-EPI 2021",
        inputs=("egfr", "creatinine", "age", "sex"),
    ),
    _rule("preliminary-results", "Preliminary results", _preliminary, inputs=("results",)),
    _rule("comparator-values", "Results given as a bound only", _comparator, inputs=("results",)),
    _rule("allergy-record", "Allergies missing or contradictory", _allergy_record, inputs=("allergies",)),
    _rule(
        "unrenewed-drugs", "Active drugs not renewed", _unrenewed, "in the last 13 months", inputs=("drugs",)
    ),
    _rule(
        "passing-problems",
        "Passing problems still active",
        _should_have_passed,
        "for over 12 months",
        inputs=("problems",),
    ),
    _rule("missing-data", "Data missing", _missing, inputs=("results", "age", "sex")),
    _rule("left-out", "What was left out of the record", _left_out, inputs=("results",)),
    _rule("not-checked", "What was not checked", _not_checked, TABLE_SOURCE, inputs=("results",)),
)

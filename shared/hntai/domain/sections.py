"""The four sections by rule: statements that each name what they stand on, and their markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from hntai.domain.baseline import Baseline
from hntai.domain.chart.timeline import is_old_record
from hntai.domain.chart.values import Chart
from hntai.domain.chart.wording import drug_stem
from hntai.domain.delta import Delta
from hntai.domain.figures import DAY
from hntai.domain.rules import Concern, Hit, Urgency, hits
from hntai.domain.section_assessment import assessment, directives
from hntai.domain.section_trends import trends
from hntai.domain.statements import Section, Statement

_URGENT = (Concern.CRITICAL, Concern.SAFETY)
_CALLED = {Concern.CRITICAL: "Critical", Concern.SAFETY: "Safety conflict"}
_LONG_PLAN = 8
"""Suggestions up to which each keeps a statement of its own."""
_FEW_URGENT = 2
"""Critical values, and safety conflicts, up to which the guidance repeats each in full."""
_AFTER = "after the acute problem"
"""Said of prevention and long-term treatment while a critical value stands."""
_EMPTY = {
    Section.CLINICAL_ASSESSMENT: "The record holds nothing to assess.",
    Section.KEY_TRENDS: "No abnormal or changed results are recorded.",
    Section.PLAN: "No rule suggests an action on what is recorded.",
    Section.GUIDANCE: "Nothing further to point out in what is recorded.",
}


def section_statements(
    section: Section, chart: Chart, baseline: Baseline, delta: Delta
) -> tuple[Statement, ...]:
    """The statements of one section, most urgent first."""
    if section is Section.KEY_TRENDS:
        return tuple(trends(chart, baseline, delta))
    found = chart.once(hits)
    if section is Section.CLINICAL_ASSESSMENT:
        return (*directives(chart), *_urgent_facts(section, chart, found), *assessment(chart))
    if section is Section.PLAN:
        return tuple(_plan(chart, _planned(found)))
    return (*_urgent_again(chart, found), *_conflicts(chart), *_data_facts(chart, found))


def to_markdown(statements: Sequence[Statement]) -> str:
    """The summary: the four headings in order, a bullet for each statement, a word where there is none."""
    return "\n\n".join(_section_markdown(section, statements) for section in Section) + "\n"


def _section_markdown(section: Section, statements: Sequence[Statement]) -> str:
    texts = [statement.text for statement in statements if statement.section is section] or [_EMPTY[section]]
    return "\n".join((f"## {section.value}", *(f"- {text}" for text in texts)))


def _urgent_facts(section: Section, chart: Chart, found: Sequence[Hit]) -> Iterator[Statement]:
    """Critical values and safety conflicts; a routine caution stands in the plan alone."""
    for hit in found:
        if hit.rule.concern in _URGENT and hit.urgency is not Urgency.ROUTINE:
            yield _statement(section, chart, hit, f"{_CALLED[hit.rule.concern]}: {hit.finding.fact}.")


def _urgent_again(chart: Chart, found: Sequence[Hit]) -> Iterator[Statement]:
    """The same once more where they are few; of many, told above, only what they are about is named."""
    told = tuple(_urgent_facts(Section.GUIDANCE, chart, found))
    conflicts = [s for s in told if s.text.startswith(_CALLED[Concern.SAFETY])]
    critical = [s for s in told if s not in conflicts]
    for called, statements in (("Critical values", critical), ("Safety conflicts", conflicts)):
        references = {reference for statement in statements for reference in statement.references}
        names = _subjects(chart, references, is_drugs=statements is conflicts)
        if len(statements) <= _FEW_URGENT or not names:
            yield from statements
            continue
        dates = tuple(dict.fromkeys(date for statement in statements for date in statement.dates))
        text = f"{called}, told at the top, to settle first: {', '.join(names)}."
        yield Statement(Section.GUIDANCE, text, tuple(sorted(references)), dates)


def _subjects(chart: Chart, references: Set[str], *, is_drugs: bool) -> tuple[str, ...]:
    """What urgent statements are about: the drugs of conflicts, the results of critical values."""
    if is_drugs:
        drugs = (c for c in chart.courses if c.is_active and not references.isdisjoint(c.references))
        return tuple(dict.fromkeys(map(drug_stem, drugs)))
    return tuple(dict.fromkeys(r.name for r in chart.results if not references.isdisjoint(r.references)))


def _planned(found: Sequence[Hit]) -> list[Hit]:
    return sorted((hit for hit in found if hit.rule.concern is not Concern.DATA), key=lambda hit: hit.urgency)


def _plan(chart: Chart, planned: Sequence[Hit]) -> Iterator[Statement]:
    """A statement for each suggestion; in a long plan the routine ones share one, without their reasons.

    So they do while a critical value stands, with all long-term treatment: as none of it comes first.
    """
    is_acute = any(hit.rule.concern is Concern.CRITICAL for hit in planned)
    waiting = [hit for hit in planned if _waits(hit, is_acute=is_acute)]
    is_joined = bool(waiting) and (is_acute or (len(planned) > _LONG_PLAN and len(waiting) > 1))
    yield from (_suggestion(chart, hit) for hit in planned if not is_joined or hit not in waiting)
    if is_joined:
        told = "; ".join(f"{_without_reason(hit)} ({hit.rule.source})" for hit in waiting)
        references = tuple(dict.fromkeys(r for hit in waiting for r in hit.finding.references))
        dates = chart.days(*(moment for hit in waiting for moment in hit.finding.moments))
        after = f"{_AFTER}, " if is_acute else ""
        text = f"{Urgency.ROUTINE.label}{_doubt(chart)}: {after}{told}."
        yield Statement(Section.PLAN, text, references, dates)


def _waits(hit: Hit, *, is_acute: bool) -> bool:
    is_care = hit.rule.is_long_term and hit.urgency is not Urgency.NOW
    return hit.urgency is Urgency.ROUTINE or (is_acute and is_care)


def _without_reason(hit: Hit) -> str:
    return hit.finding.advice.partition(", because ")[0]


def _doubt(chart: Chart) -> str:
    return ", if still current" if is_old_record(chart) else ""


def _suggestion(chart: Chart, hit: Hit) -> Statement:
    text = f"{hit.urgency.label}{_doubt(chart)}: {hit.finding.advice} ({hit.rule.source})."
    return _statement(Section.PLAN, chart, hit, text)


def _conflicts(chart: Chart) -> Iterator[Statement]:
    """Where an uploaded document says otherwise than the record."""
    for conflict in chart.conflicts:
        dates = tuple(DAY.findall(conflict.text))
        yield Statement(Section.GUIDANCE, conflict.text, conflict.references, dates)


def _data_facts(chart: Chart, found: Sequence[Hit]) -> Iterator[Statement]:
    for hit in found:
        if hit.rule.concern is Concern.DATA:
            text = hit.finding.fact[:1].upper() + hit.finding.fact[1:] + "."
            yield _statement(Section.GUIDANCE, chart, hit, text)


def _statement(section: Section, chart: Chart, hit: Hit, text: str) -> Statement:
    return Statement(
        section, text, tuple(dict.fromkeys(hit.finding.references)), chart.days(*hit.finding.moments)
    )

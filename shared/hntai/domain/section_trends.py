"""Key Trends & Changes: what is new, what is abnormal, and how it moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hntai.domain.baseline import Baseline, Item
from hntai.domain.chart.analytes import ANALYTES, BLOOD_PRESSURE, Kind
from hntai.domain.chart.timeline import as_of, is_stale, newest_results, previous_result
from hntai.domain.chart.values import Chart, Doubt, Flag, Result
from hntai.domain.chart.wording import OVER_A_YEAR, WITHIN_A_YEAR, drug_stem, said_flag, said_result
from hntai.domain.delta import Delta, dose_change_text
from hntai.domain.reference_ranges import ADULT_YEARS
from hntai.domain.rules.critical import is_critical
from hntai.domain.statements import Section, Statement

_FIRST = (
    BLOOD_PRESSURE, "oxygen_saturation", "potassium", "sodium", "creatinine", "egfr", "glucose", "a1c",
    "hemoglobin", "platelets", "leukocytes", "inr",
)  # fmt: skip
"""What is looked for before anything else; the rest follows in the order of the table."""
_ORDER = {
    key: place for place, key in enumerate(dict.fromkeys((*_FIRST, *(analyte.key for analyte in ANALYTES))))
}
_RECENT_DOSE_DAYS = 365
_RECENT_START_DAYS = 100
"""How far back a new drug may explain the newest results: A1c answers for three months, INR for weeks."""
_DERIVED = frozenset({"21000-5", "788-0", "32207-3", "32623-1", "776-5", "10834-0", "2336-6", "33037-3"})
"""LOINC codes of what is derived beside a result: widths, mean volumes, globulin, gaps."""
_NEW_DAYS = 31
"""Age up to which a result that nobody judged is still shown."""
_UNJUDGED_AT_MOST = 6
_NO_RANGE = "No range to judge by"
_NO_RULE = f"{_NO_RANGE}, and seen by no rule"
_SAME = 0.03
"""Relative change up to which a result is called unchanged."""
_HOSPITAL = ("inpatient", "emergency", "observation")


def trends(chart: Chart, baseline: Baseline, delta: Delta) -> Iterator[Statement]:
    """Critical results, what is new, the other abnormal results, what else was measured, what was done."""
    if baseline.is_first_visit and chart.newest:
        yield Statement(
            Section.KEY_TRENDS, f"{delta.text}", chart.newest.references, chart.days(chart.newest.at)
        )
    abnormal = [r for r in _latest_by_method(chart) if r.is_abnormal and r.doubt is Doubt.NONE]
    recent = sorted((result for result in abnormal if not is_stale(chart, result.at)), key=_by_weight)
    critical = [result for result in recent if is_critical(result, chart.patient.age)]
    yield from (_abnormal(chart, result) for result in critical)
    yield from _changes(
        ("New problems", delta.problems_new),
        ("Resolved problems", delta.problems_resolved),
        ("Drugs started", (*delta.medications_started, *_started_before(chart, baseline, delta))),
        ("Drugs stopped", delta.medications_stopped),
        ("Allergies added", delta.allergies_added),
    )
    yield from _dose_changes(chart)
    yield from (_abnormal(chart, result) for result in recent if result not in critical)
    yield from _normal_again(delta)
    yield from _unjudged(chart)
    yield from _vitals(chart)
    newest = newest_results(chart)
    old = [r for r in abnormal if is_stale(chart, r.at) and not _is_superseded(r, newest[r.analyte])]
    yield from _older(chart, old)
    yield from _admissions(chart)
    yield from _changes(("Procedures", delta.procedures), ("Immunizations", delta.immunizations))


def _latest_by_method(chart: Chart) -> Iterable[Result]:
    """The last result of each analyte under each of its codes, which may differ in specimen or method.

    Of several in words at one moment each is told. One that cannot be believed hides none before it, and
    before a preliminary one stands the last final one.
    """
    told = [r for r in chart.results if r.at is not None and r.doubt in (Doubt.NONE, Doubt.CONFLICTING)]
    final = {(r.analyte, r.method): r for r in told if not r.is_preliminary}
    latest = {(r.analyte, r.method): r for r in told}
    newest = {key: result.at for key, result in latest.items()}
    in_words = (r for r in told if r.value is None and r.doubt is Doubt.NONE)
    beside = [r for r in in_words if newest[r.analyte, r.method] == r.at]
    every = [*final.values(), *(r for r in latest.values() if r.is_preliminary), *beside]
    return list({id(result): result for result in every}.values())


def _changes(*kinds: tuple[str, Sequence[Item]]) -> Iterator[Statement]:
    for called, items in kinds:
        if items:
            yield _listed(called, items)


def _listed(called: str, items: Sequence[Item]) -> Statement:
    references = tuple(dict.fromkeys(reference for item in items for reference in item.references))
    dates = tuple(dict.fromkeys(day for item in items for day in item.dates))
    return Statement(
        Section.KEY_TRENDS,
        f"{called}: {'; '.join(dict.fromkeys(item.text for item in items))}.",
        references,
        dates,
    )


def _started_before(chart: Chart, baseline: Baseline, delta: Delta) -> Iterator[Item]:
    """Active drugs started with or before the previous encounter that may explain the newest results."""
    known = {reference for item in delta.medications_started for reference in item.references}
    for course in chart.courses:
        is_told = baseline.is_first_visit or not known.isdisjoint(course.references) or not course.is_active
        if course.at and not is_told and (as_of(chart) - course.at.day).days <= _RECENT_START_DAYS:
            text = f"{drug_stem(course)} (since {chart.day(course.at)})"
            yield Item(text, course.references, chart.days(course.at))


def _dose_changes(chart: Chart) -> Iterator[Statement]:
    """Dose changes of active drugs in the last twelve months, and those since the previous encounter."""
    since = chart.previous.at.day if chart.previous and chart.previous.at else as_of(chart)
    for course in chart.courses:
        for step in range(1, len(course.doses)):
            before, after = course.doses[step - 1], course.doses[step]
            is_recent = after.at and (
                (as_of(chart) - after.at.day).days <= _RECENT_DOSE_DAYS or after.at.day > since
            )
            if is_recent and course.is_active:
                text = f"{dose_change_text(chart, course, step)}."
                yield Statement(
                    Section.KEY_TRENDS, text, (before.reference, after.reference), chart.days(after.at)
                )


def _abnormal(chart: Chart, result: Result) -> Statement:
    previous = previous_result(chart.results, result)
    text = f"{said_result(chart, result)}: {said_flag(result)}"
    if previous is None:
        return Statement(Section.KEY_TRENDS, f"{text}.", result.references, chart.days(result.at))
    text = f"{text}; {_movement(chart, result, previous)}."
    return Statement(
        Section.KEY_TRENDS,
        text,
        (*result.references, *previous.references),
        chart.days(result.at, previous.at),
    )


def _movement(chart: Chart, result: Result, previous: Result) -> str:
    """`up from 4.8 mmol/L (2026-01-10)`."""
    day = chart.day(previous.at)
    now, before = result.value or 0.0, previous.value or 0.0
    if result.shown == previous.shown:
        return f"the same on {day}"
    if result.diastolic is not None:
        moved = "was"
    elif abs(now - before) <= _SAME * abs(before):
        moved = "little changed from"
    else:
        moved = "up from" if now > before else "down from"
    return f"{moved} {previous.shown} ({day})"


def _unjudged(chart: Chart) -> Iterator[Statement]:
    """Results of the newest month that no range judges, apart from those no rule knows; or that none are."""
    if not chart.results:
        yield Statement(Section.KEY_TRENDS, "No results are recorded.", ("Patient",), ())
    found = [
        result
        for result in _latest_by_method(chart)
        if result.flag is Flag.UNJUDGED and result.shown and result.method not in _DERIVED
        if _is_worth_telling(result)
        if result.at and (as_of(chart) - result.at.day).days <= _NEW_DAYS
    ]
    yield from _without_range(chart, _NO_RANGE, [result for result in found if result.is_known])
    yield from _without_range(chart, _NO_RULE, [result for result in found if not result.is_known])


def _without_range(chart: Chart, called: str, found: Sequence[Result]) -> Iterator[Statement]:
    if found:
        newest_first = sorted(found, key=lambda r: (-r.at.day.toordinal() if r.at else 0, *_by_weight(r)))
        shown = newest_first[:_UNJUDGED_AT_MOST]
        told = "; ".join(said_result(chart, result) for result in shown)
        more = "; and others" if len(found) > len(shown) else ""
        references = tuple(reference for result in shown for reference in result.references)
        text = f"{called}: {told}{more}."
        yield Statement(Section.KEY_TRENDS, text, references, chart.days(*(r.at for r in shown)))


def _is_worth_telling(result: Result) -> bool:
    """Whether nothing else tells of it: vital signs that we know have ranges, doubts have their own line."""
    is_unknown_vital = result.kind is Kind.VITAL and not result.is_known
    return result.doubt is Doubt.NONE and (result.kind is Kind.LABORATORY or is_unknown_vital)


def _vitals(chart: Chart) -> Iterator[Statement]:
    """A child's vital signs, or of an unknown age: shown, as adult ranges do not judge them."""
    is_adult = chart.patient.age is not None and chart.patient.age >= ADULT_YEARS
    found = [
        r
        for r in newest_results(chart).values()
        if r.kind is Kind.VITAL and r.flag is Flag.UNJUDGED and r.doubt is Doubt.NONE and r.at
        if r.shown and (as_of(chart) - r.at.day).days <= _NEW_DAYS
    ]
    if found and not is_adult:
        shown = sorted(found, key=_by_weight)
        told = "; ".join(said_result(chart, result) for result in shown)
        references = tuple(r for result in shown for r in result.references)
        text = f"Vital signs, not judged by adult ranges: {told}."
        yield Statement(Section.KEY_TRENDS, text, references, chart.days(*(r.at for r in shown)))


def _is_superseded(result: Result, newest: Result) -> bool:
    """Whether the same was measured since under another code: an old value then tells nothing more."""
    is_later = newest.at is not None and result.at is not None and newest.at > result.at
    return is_later and newest.is_comparable


def _older(chart: Chart, results: Sequence[Result]) -> Iterator[Statement]:
    if results:
        told = "; ".join(
            f"{r.name} {r.shown} ({chart.day(r.at)}, {r.flag})" for r in sorted(results, key=_by_weight)
        )
        references = tuple(reference for result in results for reference in result.references)
        text = f"Abnormal, but {OVER_A_YEAR}: {told}."
        yield Statement(Section.KEY_TRENDS, text, references, chart.days(*(r.at for r in results)))


def _normal_again(delta: Delta) -> Iterator[Statement]:
    back = [
        item
        for item in delta.results
        if item.details.get("crossed") and item.details.get("flag") == "normal"
        if not item.details.get("preliminary")
    ]
    if back:
        yield _listed("Back in range", back)


def _admissions(chart: Chart) -> Iterator[Statement]:
    stays = [e for e in chart.encounters if e.setting in _HOSPITAL and not is_stale(chart, e.at)]
    if stays:
        told = "; ".join(dict.fromkeys(f"{stay.setting} {chart.day(stay.at)}" for stay in stays))
        references = tuple(reference for stay in stays for reference in stay.references)
        text = f"Hospital contacts {WITHIN_A_YEAR}: {told}."
        yield Statement(Section.KEY_TRENDS, text, references, chart.days(*(stay.at for stay in stays)))


def _by_weight(result: Result) -> tuple[int, str]:
    return _ORDER.get(result.analyte, len(_ORDER)), result.name

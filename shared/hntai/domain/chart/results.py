"""All results of a record together: repeats merged, lone pressures paired, contradictions marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hntai.domain.chart.analytes import BLOOD_PRESSURE, Kind
from hntai.domain.chart.judging import judged_pressure, shown_number
from hntai.domain.chart.values import Doubt, Flag, Result
from hntai.domain.dates import Moment

_SAME_VALUE = 0.2
"""Relative difference up to which two values at one moment agree, as long as they are judged alike."""


def settled_results(results: Iterable[Result], *, is_adult: bool) -> tuple[Result, ...]:
    """Oldest first; one value at one moment stands once, differing ones are marked as conflicting."""
    merged: dict[tuple[object, ...], Result] = {}
    for result in _with_pairs(results, is_adult=is_adult):
        key = (result.analyte, result.method, result.name, result.at, result.shown)
        known = merged.get(key)
        merged[key] = _joined(known, result) if known else result
    return tuple(sorted(_contradictions_marked(list(merged.values())), key=_by_time))


def _joined(first: Result, again: Result) -> Result:
    return replace(
        first,
        references=tuple(dict.fromkeys((*first.references, *again.references))),
        encounter=first.encounter or again.encounter,
        is_preliminary=first.is_preliminary and again.is_preliminary,
    )


def _contradictions_marked(results: list[Result]) -> list[Result]:
    by_moment: dict[tuple[str, str, str, Moment], list[Result]] = {}
    for result in results:
        if result.value is not None and result.at and (result.is_known or result.kind is not Kind.OTHER):
            by_moment.setdefault((result.analyte, result.method, result.unit, result.at), []).append(result)
    replaced: dict[int, Result | None] = {}
    for together in by_moment.values():
        final = [result for result in together if not result.is_preliminary]
        replaced |= {id(result): None for result in together if final and result.is_preliminary}
        if _differ(final or together):
            replaced |= {id(result): _doubted(result) for result in final or together}
    settled = (replaced.get(id(result), result) for result in results)
    return [result for result in settled if result is not None]


def _differ(together: list[Result]) -> bool:
    """Of what no rule knows any two values differ: nothing tells how much would matter."""
    values = [result.value for result in together if result.value is not None]
    is_judged_alike = len({result.flag for result in together}) == 1
    tolerated = _SAME_VALUE if together[0].is_known else 0.0
    return not is_judged_alike or max(values) - min(values) > tolerated * max(map(abs, values))


def _doubted(result: Result) -> Result:
    return replace(result, doubt=Doubt.CONFLICTING) if result.doubt is Doubt.NONE else result


def _with_pairs(results: Iterable[Result], *, is_adult: bool) -> list[Result]:
    """Systolic and diastolic recorded as two observations at one moment become one blood pressure."""
    every = list(results)
    lone = {
        (r.analyte, r.at): r
        for r in every
        if r.analyte in ("systolic", "diastolic") and r.at and r.is_comparable
    }
    made: list[Result] = []
    used: set[int] = set()
    for (analyte, at), systolic in lone.items():
        diastolic = lone.get(("diastolic", at))
        if analyte == "systolic" and diastolic:
            made.append(_paired(systolic, diastolic, is_adult=is_adult))
            used |= {id(systolic), id(diastolic)}
    return [result for result in every if id(result) not in used] + made


def _paired(systolic: Result, diastolic: Result, *, is_adult: bool) -> Result:
    upper, lower = systolic.value or 0.0, diastolic.value or 0.0
    is_plausible = lower < upper
    return replace(
        systolic,
        references=(*systolic.references, *diastolic.references),
        analyte=BLOOD_PRESSURE,
        method=BLOOD_PRESSURE,
        name="Blood pressure",
        diastolic=lower,
        shown=f"{shown_number(upper)}/{shown_number(lower)} mmHg",
        is_preliminary=systolic.is_preliminary or diastolic.is_preliminary,
        range=None,
        flag=judged_pressure(upper, lower, set()) if is_plausible and is_adult else Flag.UNJUDGED,
        doubt=Doubt.NONE if is_plausible else Doubt.IMPLAUSIBLE,
    )


def _by_time(result: Result) -> tuple[int, str, str, bool, float, str, str]:
    """By moment; at one moment the abnormal one comes last and is the latest. Ids decide nothing read."""
    at = result.at
    when = (at.instant, at.written) if at else (0, "")
    said = (result.value or 0.0, result.shown, result.references[0])
    return *when, result.name, result.is_abnormal, *said

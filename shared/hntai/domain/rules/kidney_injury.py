"""Acute kidney injury by creatinine: half more within a week, or 0.3 mg/dL more within two days."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.values import Chart, Result
from hntai.domain.dates import days_between
from hntai.domain.rules.lookups import because, final, history, said
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_DAY_S = 24 * 3600
_TWO_DAYS_S = 2 * _DAY_S
_WEEK = 7
_STEP = 0.3 - 1e-9
"""mg/dL, with room for what adding decimals leaves behind."""


def _acute_rise(chart: Chart) -> Iterator[Finding]:
    now = final(chart, "creatinine")
    for before in reversed(history(chart, "creatinine")):
        if now is None or not _may_be_compared(now, before):
            continue
        how = _how_much(now, before)
        if how:
            fact = f"{said(chart, now)} has risen {how}, from {said(chart, before)}"
            yield because(fact, "assess for acute kidney injury the same day", now, before)
            return


def _may_be_compared(now: Result, before: Result) -> bool:
    """Same method and same unit, both final, on known days: a change of unit is not a rise."""
    is_same = before.method == now.method and _unit(before) == _unit(now)
    is_dated = before.at is not None and now.at is not None and before.at.is_exact and now.at.is_exact
    return is_same and is_dated and not before.is_preliminary


def _how_much(now: Result, before: Result) -> str:
    if now.at is None or before.at is None or now.value is None or before.value is None:
        return ""
    days = days_between(before.at, now.at)
    if 0 <= days <= _WEEK and before.at < now.at and now.value >= 1.5 * before.value:
        return "by half or more within 7 days"
    if 0 < _seconds(before, now) <= _TWO_DAYS_S and now.value - before.value >= _STEP:
        return "by 0.3 mg/dL or more within 48 hours"
    return ""


def _seconds(before: Result, now: Result) -> int:
    """At most this long apart: a last value without a time may be from the end of its day."""
    if now.at is None or before.at is None:
        return 0
    is_timed = now.at.instant % _DAY_S != 0
    return now.at.instant - before.at.instant + (0 if is_timed else _DAY_S)


def _unit(result: Result) -> str:
    return result.shown.partition(" ")[2].casefold()


RULES = (
    Rule(
        "acute-creatinine-rise",
        "Creatinine risen by half within a week or by 0.3 mg/dL in two days",
        "KDIGO AKI 2012",
        Concern.CRITICAL,
        Urgency.NOW,
        _acute_rise,
        ("by half or more within 7 days", "by 0.3 mg/dL or more within 48 hours"),
        ("creatinine",),
    ),
)

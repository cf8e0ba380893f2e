"""Troponin above its range beside chest pain, or far above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.chart.values import Chart, Doubt, Flag, Result
from hntai.domain.rules.critical import critical_finding, told_results
from hntai.domain.rules.lookups import days_since, has_problem
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_PAIN = r"chest (?:pain|tightness|pressure|discomfort)|angina|myocardial|\bn?stemi\b|acute coronary|dyspnea"
_FAR = {"hs_troponin_i": 64.0, "hs_troponin_t": 52.0, "troponin_i": 0.4, "troponin_t": 0.1}
"""ng/L: rules infarction in at once, ESC 2020; ng/mL: ten times the ABIM limit. Without an own range."""
_TIMES = 5.0
"""Times the upper end of its own range that is far above it. Source: ESC 2020."""
_DAYS = 7


def _raised(chart: Chart) -> Iterator[Finding]:
    has_pain = _has_pain(chart)
    for result in told_results(chart):
        days = days_since(chart, result.at)
        if result.analyte in _FAR and days is not None and days <= _DAYS and _is_told(result, has_pain):
            beside = ", with a complaint or diagnosis of the heart" if has_pain else ""
            advice = "record an ECG, repeat troponin and consider acute myocardial injury at once"
            yield critical_finding(chart, result, f"is above its range{beside}", advice)


def _has_pain(chart: Chart) -> bool:
    """Whether the newest encounter is for pain of the chest, or a problem of these days names it."""
    newest = chart.newest
    is_reason = newest is not None and re.search(_PAIN, newest.reason, re.IGNORECASE) is not None
    return is_reason or any((days_since(chart, p.at) or 0) <= _DAYS for p in has_problem(chart, _PAIN))


def _is_told(result: Result, has_pain: bool) -> bool:
    if result.doubt is not Doubt.NONE or result.value is None or "<" in result.comparator:
        return False
    upper = result.range.high if result.range else None
    bound = _TIMES * upper if upper and result.range and result.range.is_own else _FAR[result.analyte]
    return result.value >= bound or (has_pain and result.flag is Flag.HIGH)


RULES = (
    Rule(
        "troponin-high",
        "Troponin above its range with chest pain, or far above it",
        "ESC 2020; AHA/ACC 2021",
        Concern.CRITICAL,
        Urgency.NOW,
        _raised,
        inputs=(*_FAR, "problems", "encounters"),
    ),
)

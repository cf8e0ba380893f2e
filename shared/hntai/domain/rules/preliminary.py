"""Cultures that grow something: acted on when they are preliminary, not awaited."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.chart.values import Chart, Doubt, Result
from hntai.domain.rules.critical import critical_finding
from hntai.domain.rules.lookups import days_since
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_STERILE = re.compile(
    r"blood.{0,20}culture|culture.{0,20}blood|bacteria identified in blood|cerebrospinal|\bcsf\b"
    r"|(?:joint|synovial|pleural|ascitic|peritoneal).{0,20}(?:culture|gram)|blood.{0,24}parasit"
    r"|malaria|acid.fast",
    re.IGNORECASE,
)
"""What should hold no germ. Source: critical-value lists, College of American Pathologists."""
_STERILE_CODES = frozenset({"600-7", "17928-3", "17934-1", "17941-6", "606-4", "610-6"})
"""LOINC: bacteria in blood by culture, aerobic, anaerobic; in cerebrospinal and body fluid."""
_NAMED_NEGATIVE = re.compile(r"(?:gram|coagulase)[- ]*(?:stain[- ]*)?negative", re.IGNORECASE)
_NOTHING = re.compile(
    r"\bno\b|\bnot\b|\bnone\b|negative|sterile|without growth|pending|in progress|contaminat", re.IGNORECASE
)
_GROWTH = re.compile(
    r"positive|\bgram|cocc|bacill|\brods?\b|yeast|candida|staph|strep|escherichia|\be\.? ?coli|klebsiella"
    r"|pseudomonas|listeria|neisseria|plasmodium|mycobacter|proteus|serratia|enterobacter|acinetobacter|fung|growth|isolated"
    r"|detected|seen",
    re.IGNORECASE,
)
_DAYS = 14


def is_growth(result: Result) -> bool:
    """Whether a culture or stain of what should be sterile found a germ."""
    code = result.method.partition("|")[0]
    if result.value is not None or not (_STERILE.search(result.name) or code in _STERILE_CODES):
        return False
    said = _NAMED_NEGATIVE.sub("gram stained", result.shown)
    return bool(_GROWTH.search(said)) and not _NOTHING.search(said)


def _cultures(chart: Chart) -> Iterator[Finding]:
    newest = {r.analyte: r for r in chart.results if r.value is None and r.at and r.doubt is Doubt.NONE}
    for result in newest.values():
        days = days_since(chart, result.at)
        if days is not None and days <= _DAYS and is_growth(result):
            advice = "assess for sepsis and consider treatment by the likely germ at once"
            yield critical_finding(chart, result, "is a positive result", advice)


RULES = (
    Rule(
        "positive-culture",
        "Germs in blood, cerebrospinal or other sterile fluid",
        "CAP critical-value lists; Surviving Sepsis Campaign 2021",
        Concern.CRITICAL,
        Urgency.NOW,
        _cultures,
        inputs=("results",),
    ),
)

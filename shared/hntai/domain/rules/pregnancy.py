"""Drugs against a pregnancy that the record calls active."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.values import Chart
from hntai.domain.rules.cautions import pregnancies
from hntai.domain.rules.lookups import active_of, active_with, because, said_stems
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_CLASSES = (
    "ACE inhibitor", "ARB", "neprilysin inhibitor", "statin", "vitamin K antagonist", "retinoid",
)  # fmt: skip
_INGREDIENTS = (
    "valproate", "methotrexate", "mycophenolate", "thalidomide", "aliskiren", "topiramate",
    "carbamazepine", "phenytoin", "lithium",
)  # fmt: skip
"""Source: FDA labels, contraindications, boxed warnings and section 8.1 of each."""


def _harmful(chart: Chart) -> Iterator[Finding]:
    known = pregnancies(chart)
    drugs = {c.references: c for c in (*active_of(chart, *_CLASSES), *active_with(chart, *_INGREDIENTS))}
    if known and drugs:
        taken = tuple(drugs.values())
        fact = f"{said_stems(chart, *taken)} can harm an unborn child and {known[0].name} is active"
        suggestion = f"consider replacing {said_stems(chart, *taken)} the same day, with obstetric advice"
        yield because(fact, suggestion, *taken, known[0])


RULES = (
    Rule(
        "drug-pregnancy",
        "Drug that harms in an active pregnancy",
        "FDA labels",
        Concern.SAFETY,
        Urgency.NOW,
        _harmful,
        inputs=("drugs", "problems", "age", "sex"),
    ),
)

"""Diabetes beside glucose: yearly checks, and drugs that protect heart and kidney."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.chart.timeline import is_old_record, is_stale
from hntai.domain.chart.values import Chart, Encounter, Event, Problem, Result
from hntai.domain.chart.wording import WITHIN_A_YEAR
from hntai.domain.rules.cautions import may_suggest
from hntai.domain.rules.diabetes import diabetes
from hntai.domain.rules.heart_failure import heart_failure
from hntai.domain.rules.kidney import kidney_disease
from hntai.domain.rules.lipids import atherosclerotic_disease
from hntai.domain.rules.lookups import active_of, because, final, is_adult, said
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_EYES = re.compile(r"eye exam|ophthalmosc|fundus|fundosc|retina|ophthalmolog|optometr", re.IGNORECASE)
_PROTECTIVE = (("an SGLT2 inhibitor", "SGLT2 inhibitor"), ("a GLP-1 agonist", "GLP-1 agonist"))


def _yearly(chart: Chart) -> Iterator[Finding]:
    known = diabetes(chart)
    if not known or not is_adult(chart) or is_old_record(chart):
        return
    urine = any(r.analyte == "urine_acr" and not is_stale(chart, r.at) for r in chart.results)
    seen: tuple[Event | Encounter, ...] = (*chart.procedures, *chart.notes, *chart.encounters)
    eyes = any(_EYES.search(event.name) and not is_stale(chart, event.at) for event in seen)
    names = (("urine albumin/creatinine", urine), ("eye examination", eyes))
    lacking = [name for name, is_done in names if not is_done]
    if lacking:
        fact = f"{WITHIN_A_YEAR} none is recorded in {known[0].name}"
        yield because(fact, f"consider {' and '.join(lacking)}", known[0])


def _protection(chart: Chart) -> Iterator[Finding]:
    known = diabetes(chart)
    reasons = _reasons(chart)
    if not known or not reasons or not is_adult(chart) or active_of(chart, *(c for _, c in _PROTECTIVE)):
        return
    may = [name for name, drug_class in _PROTECTIVE if may_suggest(chart, drug_class)]
    if heart_failure(chart):  # whose own rule names SGLT2 inhibitors; the others do not help it
        may = [name for name in may if "GLP" in name and atherosclerotic_disease(chart)]
    if may:
        shown = [said(chart, r) if isinstance(r, Result) else r.name for r in reasons]
        fact = f"{known[0].name} stands beside {' and '.join(shown)} and no such drug is active"
        yield because(fact, f"consider {' or '.join(may)}", known[0], *reasons)


def _reasons(chart: Chart) -> tuple[Problem | Result, ...]:
    """What asks for protection: vessels, heart, kidney; of each the first."""
    urine = final(chart, "urine_acr")
    kidney: tuple[Problem | Result, ...] = kidney_disease(chart)[:1]
    if not kidney and urine is not None and (urine.value or 0) >= 30:
        kidney = (urine,)
    found = (*atherosclerotic_disease(chart)[:1], *heart_failure(chart)[:1], *kidney)
    return tuple({part.references: part for part in found}.values())


RULES = (
    Rule(
        "diabetes-yearly",
        "Yearly urine albumin and eye examination in diabetes",
        "ADA Standards of Care 2025",
        Concern.CARE,
        Urgency.ROUTINE,
        _yearly,
        inputs=("problems", "urine_acr", "procedures", "age"),
        is_long_term=True,
    ),
    Rule(
        "diabetes-protection",
        "Diabetes with heart or kidney disease without a protective class",
        "ADA Standards of Care 2025",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _protection,
        ("an SGLT2 inhibitor", "a GLP-1 agonist"),
        ("problems", "drugs", "urine_acr", "egfr", "creatinine", "allergies", "age"),
        is_long_term=True,
    ),
)

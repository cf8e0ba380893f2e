"""Every rule, and what they find in a chart. A new rule is a row in a module's RULES, or a module here."""

from __future__ import annotations

from hntai.domain.chart.values import Chart
from hntai.domain.chart.wording import A_YEAR_AGO, OVER_A_YEAR, WITHIN_A_YEAR
from hntai.domain.rules import (
    allergy_conflict,
    atrial_fibrillation,
    beers,
    bleeding,
    blood,
    blood_pressure,
    care_use,
    children,
    critical,
    data_quality,
    diabetes,
    diabetes_care,
    drug_lab,
    drug_levels,
    drug_vitals,
    duplicates,
    heart_failure,
    immunizations,
    interactions,
    kidney,
    kidney_dosing,
    kidney_injury,
    kidney_stage,
    lipids,
    methotrexate,
    preeclampsia,
    pregnancy,
    preliminary,
    prevention,
    thyroid,
    troponin,
)
from hntai.domain.rules.model import Concern, Finding, Hit, Rule, Urgency

__all__ = ["DECLARED", "RULES", "Concern", "Finding", "Hit", "Rule", "Urgency", "hits"]

RULES: tuple[Rule, ...] = (
    *critical.RULES,
    *preeclampsia.RULES,
    *preliminary.RULES,
    *troponin.RULES,
    *bleeding.RULES,
    *drug_vitals.RULES,
    *children.RULES,
    *methotrexate.RULES,
    *kidney_injury.RULES,
    *allergy_conflict.RULES,
    *pregnancy.RULES,
    *drug_lab.RULES,
    *drug_levels.RULES,
    *kidney_dosing.RULES,
    *interactions.RULES,
    *duplicates.RULES,
    *kidney.RULES,
    *kidney_stage.RULES,
    *blood_pressure.RULES,
    *heart_failure.RULES,
    *atrial_fibrillation.RULES,
    *lipids.RULES,
    *diabetes.RULES,
    *diabetes_care.RULES,
    *blood.RULES,
    *thyroid.RULES,
    *beers.RULES,
    *care_use.RULES,
    *prevention.RULES,
    *immunizations.RULES,
    *data_quality.RULES,
)

DECLARED: tuple[str, ...] = tuple(
    sorted(
        {
            OVER_A_YEAR,
            A_YEAR_AGO,
            WITHIN_A_YEAR,
            *(phrase for rule in RULES for phrase in (rule.source, *rule.declared)),
        },
        key=lambda phrase: (-len(phrase), phrase),
    )
)
"""Phrases of the rules whose numbers are the source's: longest first."""

_CONCERNS = list(Concern)
_KEPT = (*allergy_conflict.RULES, *pregnancy.RULES, *children.RULES, *methotrexate.RULES)
_YIELDING = frozenset(rule.id for rule in RULES if rule.concern is Concern.SAFETY and rule not in _KEPT)
"""Conflicts that another one may tell with its own; what speaks against a drug by itself is always told."""


def hits(chart: Chart) -> tuple[Hit, ...]:
    """Everything the rules find: critical values, safety conflicts, care, data, each by urgency.

    For a patient who died only what concerns the data is told.
    """
    asked = (rule for rule in RULES if rule.concern is Concern.DATA or not chart.patient.is_deceased)
    found = [Hit(rule, finding) for rule in asked for finding in rule.find(chart)]
    kept = (hit for hit in found if not _is_part_of_another(hit, found))
    return tuple(sorted(kept, key=lambda hit: (_CONCERNS.index(hit.rule.concern), hit.urgency)))


def _is_part_of_another(hit: Hit, found: list[Hit]) -> bool:
    """Whether another safety conflict, as urgent, tells of the same drugs and more.

    `lisinopril with spironolactone` is part of `high potassium on lisinopril and spironolactone`; a drug the
    Beers list names need not be named again where it is in conflict already.
    """
    own = set(hit.finding.references)
    others = (o for o in found if o.rule.concern is Concern.SAFETY and o.urgency <= hit.urgency)
    may_yield = hit.rule.id in _YIELDING or hit.rule in beers.RULES
    return may_yield and any(own < set(other.finding.references) for other in others)

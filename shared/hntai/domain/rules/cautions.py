"""What speaks against a suggestion: an allergy, a pregnancy, the kidney or a result forbids a class of drugs.

Rules ask here before they suggest a class, and say nothing where it is forbidden or cannot be judged.
Sources: FDA labels of the classes; KDIGO 2024 for eGFR; AHA/ACC/HFSA 2022 for heart failure.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hntai.domain.chart.analytes import BLOOD_PRESSURE
from hntai.domain.chart.drugs import classes_of
from hntai.domain.chart.values import Chart, Problem
from hntai.domain.rules.allergy_conflict import allergic_classes
from hntai.domain.rules.bleeding import hemoglobin_fall
from hntai.domain.rules.interaction_pairs import PAIRS
from hntai.domain.rules.kidney import kidney_function
from hntai.domain.rules.lookups import days_since, had_problem, has_problem, latest

_PREGNANCY = r"pregnan|gestation(?!al diabetes)|\bgravid"
_NOT_PREGNANT = (
    r"history of|tubal|ectopic|miscarriage|test|planning|prevention|unwanted|not pregnant|postpartum|puerper"
)
_PREGNANCY_DAYS = 300
"""An active entry older than a pregnancy lasts is one nobody closed."""
_WEIGHED = frozenset({"raises potassium", "raises the risk of bleeding"})
"""Harms that do not forbid: the first is gated by potassium, the second weighed in the suggestion itself."""
_CHILDBEARING = (12, 55)


def pregnancies(chart: Chart) -> tuple[Problem, ...]:
    """Active problems that say the patient is pregnant now: recent enough, at an age and sex that can be."""
    low, high = _CHILDBEARING
    age = chart.patient.age
    if chart.patient.sex == "male" or (age is not None and not low <= age <= high):
        return ()
    over = {p.references for p in has_problem(chart, _NOT_PREGNANT)}
    named = (p for p in has_problem(chart, _PREGNANCY) if p.references not in over)
    return tuple(p for p in named if -_PREGNANCY_DAYS <= (days_since(chart, p.at) or 0) <= _PREGNANCY_DAYS)


def may_suggest(chart: Chart, drug_class: str) -> bool:
    """Whether nothing known speaks against suggesting the class, and what must be known is known."""
    is_tried = any(c.is_on_hold and drug_class in classes_of(c.ingredients) for c in chart.courses)
    if pregnancies(chart) or is_tried or drug_class in allergic_classes(chart) or _clashes(chart, drug_class):
        return False
    return drug_class not in _ALLOWED or _ALLOWED[drug_class](chart)


def _clashes(chart: Chart, drug_class: str) -> bool:
    """Whether an active drug makes a harmful pair with the class, but for harms weighed elsewhere."""
    taken = frozenset[str]().union(
        *(frozenset(c.ingredients) | classes_of(c.ingredients) for c in chart.courses if c.is_active)
    )
    asked = (pair for pair in PAIRS if pair.harm not in _WEIGHED)
    return any(
        (drug_class in pair.first and taken & pair.second)
        or (drug_class in pair.second and taken & pair.first)
        for pair in asked
    )


def _statin(chart: Chart) -> bool:
    return not had_problem(
        chart, r"statin|rhabdomyolysis|hepatic failure|liver failure|decompensated cirrhosis"
    )


def _renin_blocker(chart: Chart) -> bool:
    """Kidney and potassium known and allowing; no angioedema, renal stenosis or low pressure."""
    kidney, potassium = kidney_function(chart), latest(chart, "potassium")
    has_room = kidney and kidney.egfr >= 20 and potassium and (potassium.value or 9) <= 5.0
    swells = any(
        re.search(r"angio-?(?:o)?edema", " ".join(a.reactions), re.IGNORECASE) for a in chart.allergies
    )
    against = had_problem(chart, r"angio-?(?:o)?edema|renal artery stenosis")
    return bool(has_room) and not (swells or against or _is_hypotensive(chart))


def renin_blocker(chart: Chart) -> str:
    """The class that may be suggested, as it is said: ACE inhibitor or ARB, or nothing."""
    allowed = [name for name in ("ACE inhibitor", "ARB") if may_suggest(chart, name)]
    return f"an {' or '.join(allowed)}" if allowed else ""


def _mineralocorticoid(chart: Chart) -> bool:
    """Source: AHA/ACC/HFSA 2022: eGFR over 30 and potassium below 5.0."""
    kidney, potassium = kidney_function(chart), latest(chart, "potassium")
    return bool(kidney and potassium and kidney.egfr > 30 and (potassium.value or 9) < 5.0)


def _sglt2(chart: Chart) -> bool:
    """Source: KDIGO 2024: from eGFR 20; FDA labels: not in type 1 diabetes or after ketoacidosis."""
    kidney = kidney_function(chart)
    against = r"type 1 diab|type i diab|ketoacidosis|dialysis|fournier"
    return kidney is not None and kidney.egfr >= 20 and not had_problem(chart, against)


def _glp1(chart: Chart) -> bool:
    against = r"type 1 diab|type i diab|medullary thyroid|multiple endocrine|pancreatitis|gastroparesis"
    return not had_problem(chart, against)


def _beta_blocker(chart: Chart) -> bool:
    rate = latest(chart, "heart_rate")
    is_slow = rate is not None and (rate.value or 0) < 55
    against = r"heart block|atrioventricular block|\bav block|sick sinus|bradycardia|asthma"
    return not is_slow and not has_problem(chart, against) and not _is_hypotensive(chart)


def _anticoagulant(chart: Chart) -> bool:
    """No sign of bleeding, and none in the skull ever. Source: FDA labels, contraindications."""
    platelets, hemoglobin = latest(chart, "platelets"), latest(chart, "hemoglobin")
    is_low = (platelets and (platelets.value or 0) < 50) or (hemoglobin and (hemoglobin.value or 0) < 8)
    bleeds = r"hemorrhage|haemorrhage|bleeding|hemophilia|haemophilia|thrombocytopenia"
    in_skull = r"intracranial|subdural|subarachnoid|intracerebral|hemorrhagic stroke|haemorrhagic stroke"
    is_bleeding = is_low or has_problem(chart, bleeds) or hemoglobin_fall(chart)
    return not is_bleeding and not had_problem(chart, in_skull)


def _is_hypotensive(chart: Chart) -> bool:
    pressure = latest(chart, BLOOD_PRESSURE)
    return pressure is not None and (pressure.value or 0) < 100


_ALLOWED: dict[str, Callable[[Chart], bool]] = {
    "statin": _statin,
    "ACE inhibitor": _renin_blocker,
    "ARB": _renin_blocker,
    "neprilysin inhibitor": _renin_blocker,
    "mineralocorticoid antagonist": _mineralocorticoid,
    "SGLT2 inhibitor": _sglt2,
    "GLP-1 agonist": _glp1,
    "beta blocker": _beta_blocker,
    "direct oral anticoagulant": _anticoagulant,
}

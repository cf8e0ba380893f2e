"""Blood pressure in pregnancy and after birth, and what makes it preeclampsia."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.chart.analytes import BLOOD_PRESSURE
from hntai.domain.chart.timeline import latest_results
from hntai.domain.chart.values import Chart, Doubt, Problem, Result
from hntai.domain.rules.cautions import pregnancies
from hntai.domain.rules.critical import AS_REAL
from hntai.domain.rules.lookups import because, days_since, has_problem, recent, said
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_AFTER_BIRTH = r"postpartum|puerper"
_AFTER_BIRTH_DAYS = 42
_DAYS = 14
"""Age up to which a pressure or a result speaks of the present."""
_SYMPTOMS = re.compile(
    r"headache|visual|scotoma|epigastric|right upper quadrant|upper abdominal|dyspnea|seizure", re.IGNORECASE
)
_UPPER = {"ast": 40.0, "alt": 40.0}
"""U/L, ABIM 2025: what twice the upper end is taken from where the result brings no range."""
_ADVICE = (
    "confirm the reading within 15 minutes and consider treating the pressure within 60 minutes, magnesium"
    " sulfate and obstetric care at once"
)

_ADVICE_FOR_FEATURES = "consider obstetric care, magnesium sulfate and the time of birth at once"


def _known(chart: Chart) -> tuple[Problem, ...]:
    """A pregnancy, or a birth of the last six weeks."""
    after = has_problem(chart, _AFTER_BIRTH)
    return pregnancies(chart) or tuple(
        p for p in after if 0 <= (days_since(chart, p.at) or 0) <= _AFTER_BIRTH_DAYS
    )


def _pressure(chart: Chart) -> Result | None:
    """The last believable reading of these days; a preliminary one counts."""
    found = latest_results(r for r in chart.results if r.doubt is Doubt.NONE).get(BLOOD_PRESSURE)
    days = days_since(chart, found.at) if found else None
    return found if days is not None and days <= _DAYS and found and "<" not in found.comparator else None


def _reaches(pressure: Result | None, systolic: int, diastolic: int) -> bool:
    return pressure is not None and (
        (pressure.value or 0) >= systolic or (pressure.diastolic or 0) >= diastolic
    )


def _severe_features(chart: Chart) -> tuple[Result, ...]:
    """Platelets below 100, transaminases from twice their upper end, creatinine above 1.1."""
    platelets, creatinine = recent(chart, "platelets", _DAYS), recent(chart, "creatinine", _DAYS)
    found = [platelets] if platelets and (platelets.value or 0) < 100 else []
    for key, upper in _UPPER.items():
        result = recent(chart, key, _DAYS)
        own = result.range.high if result and result.range and result.range.is_own else None
        found += [result] if result and (result.value or 0) >= 2 * (own or upper) else []
    found += [creatinine] if creatinine and (creatinine.value or 0) > 1.1 else []
    return tuple(found)


def _proteinuria(chart: Chart) -> tuple[Result | Problem, ...]:
    ratio = recent(chart, "urine_pcr", _DAYS)
    if ratio and (ratio.value or 0) >= 300:
        return (ratio,)
    return has_problem(chart, r"proteinuria")[:1]


def _complaints(chart: Chart) -> tuple[Problem, ...]:
    found = has_problem(chart, _SYMPTOMS.pattern)
    return tuple(p for p in found if (days_since(chart, p.at) or 0) <= _DAYS)


def _severe(chart: Chart) -> Iterator[Finding]:
    """Pressure in the severe range, or severe features of the blood, with what else fits."""
    known, pressure = _known(chart), _pressure(chart)
    features = _severe_features(chart)
    is_severe = _reaches(pressure, 160, 110)
    if not known or not (is_severe or len(features) > 1 or (features and _reaches(pressure, 140, 90))):
        return
    others = (*_proteinuria(chart), *_complaints(chart))
    results = [r for r in (pressure, *features, *others) if isinstance(r, Result)]
    named = [p.name for p in (*known[:1], *others) if isinstance(p, Problem)]
    what = "severe-range pressure" if is_severe else "features"
    joined = " with signs" if is_severe else ""
    sign = f"{what}{joined} of severe preeclampsia or HELLP" if features or others else f"{what} in pregnancy"
    fact = f"{said(chart, *results)} with {', '.join(dict.fromkeys(named))}: {sign}"
    real = AS_REAL if any(r.is_preliminary for r in results) else ""
    problems = [p for p in others if isinstance(p, Problem)]
    yield because(
        fact, f"{_ADVICE if is_severe else _ADVICE_FOR_FEATURES}{real}", *results, *known[:1], *problems
    )


def _raised(chart: Chart) -> Iterator[Finding]:
    known, pressure = _known(chart), _pressure(chart)
    if known and pressure and _reaches(pressure, 140, 90) and not any(_severe(chart)):
        protein = [p for p in _proteinuria(chart) if isinstance(p, Result)]
        fact = f"{said(chart, pressure, *protein)} with {known[0].name}, at or above 140/90 mmHg"
        advice = "repeat the reading within 4 hours and check urine protein, platelets, creatinine"
        urgency = Urgency.NOW if protein else None
        yield because(fact, f"{advice} and liver tests", pressure, *protein, known[0], urgency=urgency)


RULES = (
    Rule(
        "preeclampsia-severe",
        "Severe-range pressure or severe features in pregnancy",
        "ACOG 2020",
        Concern.CRITICAL,
        Urgency.NOW,
        _severe,
        (_ADVICE,),
        ("blood_pressure", "platelets", "ast", "alt", "creatinine", "urine_pcr", "problems"),
    ),
    Rule(
        "pregnancy-pressure",
        "Raised pressure in pregnancy",
        "ACOG 2020",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _raised,
        ("at or above 140/90 mmHg", "within 4 hours"),
        ("blood_pressure", "urine_pcr", "problems"),
        may_be=(Urgency.NOW,),
    ),
)

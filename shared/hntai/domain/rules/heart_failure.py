"""Heart failure: the four classes that lengthen life, drugs that harm, and weight that moves."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.values import Chart, Problem, Result
from hntai.domain.dates import days_between
from hntai.domain.rules.cautions import may_suggest, renin_blocker
from hntai.domain.rules.lookups import (
    active_of,
    because,
    final,
    has_problem,
    history,
    is_adult,
    said,
    said_stems,
)
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_FAILURE = (
    r"heart failure|cardiac failure|\bCHF\b|\bHFrEF\b|\bHFpEF\b|left ventricular (?:systolic )?dysfunction"
)
_REDUCED = r"reduced ejection|systolic heart failure|\bHFrEF\b|systolic dysfunction"
_RENIN_BLOCKERS = ("ACE inhibitor", "ARB", "neprilysin inhibitor")
_PILLARS = (
    ("a beta blocker", "beta blocker"),
    ("a mineralocorticoid antagonist", "mineralocorticoid antagonist"),
    ("an SGLT2 inhibitor", "SGLT2 inhibitor"),
)
_HALF_A_YEAR = 183


def heart_failure(chart: Chart) -> tuple[Problem, ...]:
    """Active problems that are heart failure."""
    return has_problem(chart, _FAILURE)


def _reduced(chart: Chart) -> tuple[Problem | Result, ...]:
    """What says that the ejection fraction is reduced: its last value up to 40 %, else the problem's name."""
    measured = [r for r in history(chart, "ejection_fraction") if not r.is_preliminary]
    if measured:
        return (measured[-1],) if (measured[-1].value or 99) <= 40 else ()
    return has_problem(chart, _REDUCED)[:1]


def _missing_classes(chart: Chart) -> Iterator[Finding]:
    known, reduced = heart_failure(chart), _reduced(chart)
    if not known or not is_adult(chart):
        return
    asked = _PILLARS if reduced else _PILLARS[-1:]
    lacking = [n for n, one in asked if not active_of(chart, one) and may_suggest(chart, one)]
    if reduced and not active_of(chart, *_RENIN_BLOCKERS) and renin_blocker(chart):
        lacking.insert(0, renin_blocker(chart))
    if lacking:
        shown = [said(chart, part) for part in reduced if isinstance(part, Result)]
        fact = " with ".join([f"{known[0].name} is active", *shown]) + " and no such drug is active"
        yield because(fact, f"consider {', '.join(lacking)}, or record why not", known[0], *reduced)


def _harmful(chart: Chart) -> Iterator[Finding]:
    classes = [
        "NSAID",
        "thiazolidinedione",
        *(["rate-limiting calcium channel blocker"] if _reduced(chart) else []),
    ]
    known, drugs = heart_failure(chart), active_of(chart, *classes)
    if known and drugs:
        fact = f"{said_stems(chart, *drugs)} can worsen {known[0].name}"
        yield because(fact, f"consider another drug than {said_stems(chart, *drugs)}", *drugs, known[0])


def _weight(chart: Chart) -> Iterator[Finding]:
    known, now = heart_failure(chart), final(chart, "weight")
    if not known or now is None or now.at is None or now.value is None:
        return
    for before in reversed(history(chart, "weight")):
        if before.at is None or before.value is None or before.is_preliminary or before.method != now.method:
            continue
        days, change = days_between(before.at, now.at), now.value - before.value
        if 0 < days <= 3 and change >= 2:
            fact = (
                f"{said(chart, now)} is 2 kg or more above that of up to 3 days before, {said(chart, before)}"
            )
            yield because(
                fact,
                f"assess for fluid overload in {known[0].name}",
                now,
                before,
                known[0],
                urgency=Urgency.NOW,
            )
            return
        if 3 < days <= _HALF_A_YEAR and abs(change) >= 0.05 * before.value:
            fact = f"{said(chart, now)} differs by 5 % or more within 6 months from {said(chart, before)}"
            yield because(fact, f"assess fluid and nutrition in {known[0].name}", now, before, known[0])
            return


RULES = (
    Rule(
        "heart-failure-drugs",
        "Heart failure without a class that lengthens life",
        "AHA/ACC/HFSA 2022",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _missing_classes,
        ("an SGLT2 inhibitor",),
        (
            "problems", "drugs", "ejection_fraction", "egfr", "creatinine", "potassium", "blood_pressure",
            "heart_rate", "allergies", "age",
        ),
        is_long_term=True,
    ),
    Rule(
        "heart-failure-harm",
        "Drug that worsens heart failure",
        "AHA/ACC/HFSA 2022",
        Concern.SAFETY,
        Urgency.THIS_VISIT,
        _harmful,
        inputs=("problems", "drugs", "ejection_fraction"),
    ),
    Rule(
        "heart-failure-weight",
        "Weight moving in heart failure",
        "AHA/ACC/HFSA 2022",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _weight,
        ("is 2 kg or more above that of up to 3 days before", "differs by 5 % or more within 6 months"),
        ("weight", "problems"),
        may_be=(Urgency.NOW,),
    ),
)  # fmt: skip

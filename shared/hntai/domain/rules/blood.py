"""Blood count: hemoglobin that falls, anemia without a name, iron that was not measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hntai.domain.chart.values import Chart, Result
from hntai.domain.rules.bleeding import fall_on_anticoagulant, hemoglobin_fall
from hntai.domain.rules.cautions import pregnancies
from hntai.domain.rules.critical import LIMITS
from hntai.domain.rules.lookups import because, final, has_problem, is_adult, latest, said
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_ANEMIC_BELOW = {"male": 13.0, "female": 12.0}
"""g/dL, adults who are not pregnant. Source: WHO 2024; AGA 2020 uses the same."""
_ANEMIA = r"an(?:a)?emia"


def _fall(chart: Chart) -> Iterator[Finding]:
    """On an anticoagulant or with a high INR the rule of bleeding tells it."""
    fall = hemoglobin_fall(chart)
    if fall and not any(fall_on_anticoagulant(chart)):
        fact = f"{said(chart, fall[0])} has fallen by 2 g/dL or more from {said(chart, fall[1])}"
        yield because(fact, "look for bleeding and another cause", *fall)


def _anemia(chart: Chart) -> Iterator[Finding]:
    now, bound = final(chart, "hemoglobin"), _ANEMIC_BELOW.get(chart.patient.sex)
    is_judged = now is not None and bound is not None and is_adult(chart) and not pregnancies(chart)
    if now is None or now.value is None or not is_judged or now.value >= (bound or 0):
        return
    if now.value < (LIMITS["hemoglobin"][0] or 0):
        return  # told as critical
    known, ferritin, size = has_problem(chart, _ANEMIA), final(chart, "ferritin"), latest(chart, "mcv")
    if known and ferritin is not None and (ferritin.value or 0) >= 45:
        return
    parts = (now, *(r for r in (size, ferritin) if r is not None))
    named = f"{known[0].name} is active" if known else "no active problem names anemia"
    fact = f"{said(chart, now)} is low{_beside(chart, parts[1:])} and {named}"
    yield because(fact, _work_up(size, ferritin), *parts, *known[:1])


def _beside(chart: Chart, parts: Sequence[Result]) -> str:
    return f" beside {said(chart, *parts)}" if parts else ""


def _work_up(size: Result | None, ferritin: Result | None) -> str:
    """What to measure next, by the size of the cells; iron deficiency wants its own cause."""
    if ferritin is not None and (ferritin.value or 0) < 45:
        return "iron deficiency is likely (ferritin below 45 ng/mL): look for its cause, bleeding included"
    if size is not None and (size.value or 0) > 100:
        return "consider vitamin B levels, folate, thyroid and liver tests"
    return "consider iron studies" if ferritin is not None else "consider measuring ferritin"


RULES = (
    Rule(
        "hemoglobin-fall",
        "Hemoglobin fallen by 2 g/dL",
        "AGA 2020",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _fall,
        ("has fallen by 2 g/dL or more",),
        ("hemoglobin",),
    ),
    Rule(
        "anemia",
        "Anemia to be worked up by cell size and ferritin",
        "AGA 2020",
        Concern.CARE,
        Urgency.ROUTINE,
        _anemia,
        ("ferritin below 45 ng/mL",),
        ("hemoglobin", "mcv", "ferritin", "problems", "age", "sex"),
    ),
)

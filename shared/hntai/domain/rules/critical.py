"""Critical values: results and vital signs that want action before anything else is read."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.analytes import BLOOD_PRESSURE
from hntai.domain.chart.timeline import is_stale, latest_results
from hntai.domain.chart.values import Chart, Doubt, Result
from hntai.domain.chart.wording import said_result
from hntai.domain.rules.cautions import pregnancies
from hntai.domain.rules.lookups import days_since, references_of
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

LIMITS: dict[str, tuple[float | None, float | None]] = {
    "potassium": (3.0, 6.0),
    "sodium": (125, 155),
    "glucose": (54, 400),  # ADA 2025: below 54 mg/dL is level 2 hypoglycaemia
    "hemoglobin": (7.0, None),
    "platelets": (50, None),
    "leukocytes": (1.5, None),
    "inr": (None, 4.5),
    "calcium": (6.5, 13.0),
    "oxygen_saturation": (90, None),
    "bicarbonate": (10, None),
    "ph": (7.20, 7.60),
    "lactate": (None, 3.99),  # Surviving Sepsis Campaign 2021: from 4 mmol/L
    "qtc": (None, 499.9),  # AHA/ACCF/HRS 2009: from 500 ms
    "acetaminophen_level": (None, 30),  # above what treatment reaches; the nomogram asks for the time
    "heart_rate": (40, None),
    "respiratory_rate": (9, None),
    "temperature": (35.0, 40.0),
}
"""Critical below the first and above the second, in the analyte's unit.

Source: critical-value lists as surveyed by the College of American Pathologists (Q-Probes); vital signs: the
red scores of NEWS2, Royal College of Physicians 2017; heat from 40 degrees: Wilderness Medical Society 2019.
"""
ADULT_LIMITS: dict[str, tuple[float | None, float | None]] = {
    "heart_rate": (40, 130),
    "respiratory_rate": (9, 24),
}
"""Of patients from 16 years, for whom NEWS2 is made: a child's heart and breath are faster."""
NEWS2_YEARS = 16
LOW_SYSTOLIC = 90
"""mmHg. Source: NEWS2 2017."""
PASSING_DAYS = 7
"""Days after which a vital sign, gas or lactate is no longer the present state."""
_VITALS = frozenset({"heart_rate", "respiratory_rate", "temperature"})
_PASSING = _VITALS | {"oxygen_saturation", "ph", "lactate", BLOOD_PRESSURE, "systolic"}
_ADVICE = {
    "potassium": "repeat potassium and record an ECG the same day",
    "sodium": "repeat sodium and assess symptoms and volume the same day",
    "glucose": "check capillary glucose, ketones and volume the same day",
    "inr": "repeat INR, look for bleeding and review the anticoagulant the same day",
    "hemoglobin": "repeat the blood count and look for bleeding the same day",
    "platelets": "repeat the count, look for bleeding and review drugs that make bleed the same day",
    "leukocytes": "repeat the count and look for fever and infection the same day",
    "oxygen_saturation": "repeat oximetry and assess breathing at once",
    "bicarbonate": "check blood gas, lactate, ketones and kidney function at once",
    "ph": "assess airway, breathing and circulation and look for the cause at once",
    "lactate": "assess perfusion and look for shock and sepsis at once",
    "qtc": "repeat the ECG, check potassium and magnesium and review drugs that lengthen QT at once",
    "acetaminophen_level": "consider acetylcysteine by the time of ingestion and a poison center at once",
    "heart_rate": "record an ECG, assess perfusion and review drugs at once",
    "respiratory_rate": "assess airway and breathing at once",
    "temperature": "repeat the core temperature and look for sepsis and exposure at once",
}
_LOW_GLUCOSE = "check capillary glucose and treat it immediately, then repeat it"
AS_REAL = ", and treat it as real until the final result"
"""Said of a critical value that is preliminary."""
_LABORATORY_SAYS = {"LL": "low", "HH": "high"}


def critical_direction(result: Result, age: int | None = None) -> str:
    """`low` or `high` where a result is critical, by our limits or the laboratory's word; else nothing."""
    if result.doubt is not Doubt.NONE:
        return ""
    low, high = _limits(result.analyte, age)
    if result.value is not None and low is not None and result.value < low and ">" not in result.comparator:
        return "low"
    if result.value is not None and high is not None and result.value > high and "<" not in result.comparator:
        return "high"
    return _LABORATORY_SAYS.get(result.interpretation, "")


def _limits(analyte: str, age: int | None) -> tuple[float | None, float | None]:
    of_all = LIMITS.get(analyte, (None, None))
    return ADULT_LIMITS.get(analyte, of_all) if age is not None and age >= NEWS2_YEARS else of_all


def is_crisis(result: Result) -> bool:
    """Systolic from 180 or diastolic from 120. Source: ACC/AHA 2017."""
    is_known = result.doubt is Doubt.NONE and not result.comparator.startswith("<")
    is_pressure = result.analyte == BLOOD_PRESSURE and is_known
    return is_pressure and ((result.value or 0) >= 180 or (result.diastolic or 0) >= 120)


def is_hypotension(result: Result, age: int | None) -> bool:
    """Systolic below 90 from 16 years. Source: NEWS2, Royal College of Physicians 2017."""
    is_known = result.doubt is Doubt.NONE and ">" not in result.comparator and result.value is not None
    is_meant = result.analyte in (BLOOD_PRESSURE, "systolic") and age is not None and age >= NEWS2_YEARS
    return is_meant and is_known and (result.value or 0) < LOW_SYSTOLIC


def is_critical(result: Result, age: int | None) -> bool:
    """Whether a result is critical in any of these ways, whenever it was."""
    return bool(critical_direction(result, age)) or is_crisis(result) or is_hypotension(result, age)


def told_results(chart: Chart) -> tuple[Result, ...]:
    """The latest believable result of each analyte, and the latest final one where that is preliminary.

    Neither an impossible value nor an unconfirmed normal one hides a critical value before it.
    """
    return chart.once(_told_results)


def _told_results(chart: Chart) -> tuple[Result, ...]:
    believed = [result for result in chart.results if result.doubt is Doubt.NONE]
    newest = latest_results(believed)
    final = latest_results(result for result in believed if not result.is_preliminary)
    return (*newest.values(), *(result for key, result in final.items() if newest[key] != result))


def is_present(chart: Chart, result: Result) -> bool:
    """Whether a result may still be acted on: a year, and a week where it passes quickly."""
    days = days_since(chart, result.at)
    return (
        days is not None
        and not is_stale(chart, result.at)
        and (result.analyte not in _PASSING or days <= PASSING_DAYS)
    )


def _critical_values(chart: Chart, analytes: frozenset[str] | None = None) -> Iterator[Finding]:
    """Of these analytes; without them, of all that have no rule of their own."""
    for result in told_results(chart):
        direction = critical_direction(result, chart.patient.age)
        is_asked = result.analyte in analytes if analytes else result.analyte not in _BY_THEMSELVES
        if direction and is_asked and is_present(chart, result):
            advice = _ADVICE.get(result.analyte, "repeat it and assess the patient the same day")
            advice = _LOW_GLUCOSE if (result.analyte, direction) == ("glucose", "low") else advice
            yield critical_finding(chart, result, f"is critically {direction}", advice)


def critical_finding(chart: Chart, result: Result, is_what: str, advice: str) -> Finding:
    """A finding about one result; of a preliminary one it is said that it counts."""
    fact = f"{said_result(chart, result)} {is_what}"
    real = AS_REAL if result.is_preliminary else ""
    return Finding(fact, f"{advice}{real}, because {fact}", references_of(result), (result.at,))


def _crisis(chart: Chart) -> Iterator[Finding]:
    pressure = next((result for result in told_results(chart) if is_crisis(result)), None)
    if pressure and not is_stale(chart, pressure.at) and not pregnancies(chart):
        what = "is critically high, in the range of a hypertensive crisis"
        yield critical_finding(chart, pressure, what, "repeat the reading and look for acute organ damage")


def _hypotension(chart: Chart) -> Iterator[Finding]:
    low = (result for result in told_results(chart) if is_hypotension(result, chart.patient.age))
    pressure = next((result for result in low if is_present(chart, result)), None)
    if pressure:
        advice = "repeat the reading, assess for shock and review drugs that lower pressure at once"
        yield critical_finding(chart, pressure, "is critically low", advice)


_BY_THEMSELVES = _VITALS | {"lactate", "qtc", "acetaminophen_level"}


def _rule(slug: str, title: str, source: str, *analytes: str) -> Rule:
    """A rule for critical values of some analytes, with their own source."""

    def find(chart: Chart) -> Iterator[Finding]:
        return _critical_values(chart, frozenset(analytes))

    return Rule(slug, title, source, Concern.CRITICAL, Urgency.NOW, find, inputs=(*analytes, "age"))


RULES = (
    _rule("critical-vital", "Vital sign scored red", "NEWS2 2017", *sorted(_VITALS)),
    _rule("critical-lactate", "Lactate from 4 mmol/L", "Surviving Sepsis Campaign 2021", "lactate"),
    _rule("critical-qtc", "QTc from 500 ms", "AHA/ACCF/HRS 2009", "qtc"),
    _rule(
        "critical-acetaminophen",
        "Acetaminophen above what treatment reaches",
        "ACMT consensus 2023",
        "acetaminophen_level",
    ),
    Rule(
        "critical-value",
        "Critical laboratory value",
        "CAP critical-value lists",
        Concern.CRITICAL,
        Urgency.NOW,
        _critical_values,
        inputs=("results", "age"),
    ),
    Rule(
        "hypertensive-crisis",
        "Hypertensive crisis",
        "ACC/AHA 2017",
        Concern.CRITICAL,
        Urgency.NOW,
        _crisis,
        inputs=("blood_pressure", "problems"),
    ),
    Rule(
        "hypotension",
        "Systolic pressure below 90",
        "NEWS2 2017",
        Concern.CRITICAL,
        Urgency.NOW,
        _hypotension,
        inputs=("blood_pressure", "systolic", "age"),
    ),
)

"""Vaccines of which a record with immunizations shows none: one statement, routine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hntai.domain.chart.values import Chart
from hntai.domain.rules.cautions import pregnancies
from hntai.domain.rules.lookups import days_since
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency
from hntai.domain.rules.prevention import goes_back

_MONTH = 31


@dataclass(frozen=True, slots=True)
class Vaccine:
    name: str
    ages: tuple[int, int]
    days: int
    """How long a dose counts; 0: for life."""
    named: str
    """How records call it."""
    codes: str
    """CVX codes."""
    allergen: str


_VACCINES = (
    Vaccine(
        "influenza",
        (18, 200),
        365,
        r"(?<!haemophilus )(?<!hemophilus )influenza(?!e)|\bflu\b",
        "15 16 88 111 135 140 141 144 149 150 153 155 158 161 166 168 171 185 186 197 205",
        "influenza|flu vaccine",
    ),
    Vaccine(
        "COVID-19",
        (65, 200),
        365,
        r"covid|sars.cov",
        "207 208 211 212 217 218 221 228 229 230 300 301 302 308 309 310 311 312 313",
        "covid",
    ),
    Vaccine(
        "tetanus and diphtheria",
        (18, 200),
        3653,
        r"\btd\b|tdap|\bdtap\b|tetanus",
        "09 113 115 138 139 196",
        "tetanus|diphtheria|tdap",
    ),
    Vaccine(
        "zoster (recombinant)",
        (50, 200),
        0,
        r"zoster recombinant|recombinant zoster|shingrix",
        "187",
        "zoster",
    ),
    Vaccine(
        "pneumococcal disease",
        (50, 200),
        0,
        r"pneumococ|prevnar|pneumovax|\bpcv|\bppsv",
        "33 109 133 152 215 216 327",
        "pneumococ",
    ),
    Vaccine("RSV", (75, 200), 0, r"\brsv\b|respiratory syncytial", "303 304 305 314 326", "rsv"),
    Vaccine(
        "hepatitis B",
        (19, 59),
        0,
        r"hep(?:atitis)? ?b\b",
        "08 42 43 44 45 104 110 146 189 220",
        "hepatitis b",
    ),
)
"""Source: CDC ACIP adult schedule 2025; CVX codes: CDC."""


def _not_recorded(chart: Chart) -> Iterator[Finding]:
    age = chart.patient.age
    if age is None or not goes_back(chart) or not chart.immunizations or pregnancies(chart):
        return
    lacking = [v.name for v in _VACCINES if v.ages[0] <= age <= v.ages[1] and not _is_settled(chart, v)]
    if lacking:
        told = ", ".join(lacking)
        fact = f"the record shows no vaccine in time against {told}"
        advice = f"consider vaccines against {told}, because the record shows none in time"
        yield Finding(fact, advice, ("Patient",), ())


def _is_settled(chart: Chart, vaccine: Vaccine) -> bool:
    """Given in time, or not to be suggested because of a recorded allergy."""
    given = [
        event.at
        for event in chart.immunizations
        if re.search(vaccine.named, event.name, re.IGNORECASE)
        or set(event.codes) & set(vaccine.codes.split())
    ]
    ages = [days_since(chart, moment) for moment in given]
    in_time = any(not vaccine.days or (days is not None and days <= vaccine.days + _MONTH) for days in ages)
    return in_time or any(re.search(vaccine.allergen, a.name, re.IGNORECASE) for a in chart.allergies)


RULES = (
    Rule(
        "immunizations",
        "Vaccines that the record does not show",
        "CDC ACIP 2025",
        Concern.CARE,
        Urgency.ROUTINE,
        _not_recorded,
        ("COVID-19",),
        ("age", "immunizations", "encounters", "allergies"),
    ),
)

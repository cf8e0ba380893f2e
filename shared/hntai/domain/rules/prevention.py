"""Screening of which a record that goes back far enough shows nothing: one statement, routine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hntai.domain.chart.analytes import TOBACCO_CODES
from hntai.domain.chart.timeline import is_old_record
from hntai.domain.chart.values import Chart, Event
from hntai.domain.dates import Moment
from hntai.domain.rules.cautions import pregnancies
from hntai.domain.rules.lookups import days_since, had_problem, has_problem, history
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_YEAR = 365.25
_ENOUGH_YEARS = 3
_ENOUGH_ENCOUNTERS = 4
_LIFE_LIMITING = r"dementia|alzheimer|hospice|palliative|metasta|terminal|end.stage"
_SHOWN_AT_MOST = 5
_EVER = re.compile(r"smoker|smokes|every day|some days")
_NOW = re.compile(r"current|smokes|every day|some days|(?:heavy|light) (?:tobacco )?smoker")
_QUIT_YEARS = 15
"""Who stopped longer ago is not screened for lung cancer. Source: USPSTF 2021."""


@dataclass(frozen=True, slots=True)
class Screening:
    name: str
    ages: tuple[int, int]
    sex: str
    """female, male, or nothing for both."""
    years: int
    """How far back a test counts; 0: once in a life."""
    tests: str
    """Names of procedures, results or reports that show it."""
    codes: str = ""
    """LOINC codes of results that show it."""
    unless: str = ""
    """Problems that make it another question."""
    smoker: str = ""
    """`ever`, or `pack-years` for 20 of them."""


_SCREENINGS = (
    Screening(
        "colorectal cancer",
        (45, 75),
        "",
        10,
        r"colonoscop|sigmoidoscop|f(?:a)?ecal (?:occult|immuno)|occult blood|immunochemical|cologuard"
        r"|stool dna|ct colonograph",
        "57905-2 29771-3 2335-8 77353-1",
        r"(?:cancer|neoplasm) of (?:the )?(?:colon|rectum)|colectomy",
    ),
    Screening(
        "breast cancer",
        (40, 74),
        "female",
        2,
        r"mammogra|breast tomosynth",
        "24606-6",
        r"mastectomy|breast cancer|(?:cancer|neoplasm) of (?:the )?breast",
    ),
    Screening(
        "cervical cancer",
        (21, 65),
        "female",
        5,
        r"\bpap\b|cervical (?:smear|cytolog)|genital source|papilloma\w* (?:virus )?(?:dna|rna|test|screen)"
        r"|\bhpv\b (?:dna|rna|test)",
        "10524-7 21440-3 59420-0 77379-6",
        r"hysterectomy|absence of (?:uterus|cervix)",
    ),
    Screening(
        "aortic aneurysm",
        (65, 75),
        "male",
        0,
        r"(?:aort|abdom)\w* .*(?:ultraso|sonogra|\bct\b)|(?:ultraso|sonogra|\bct\b).* (?:aort|abdom)",
        unless=r"aortic aneurysm",
        smoker="ever",
    ),
    Screening(
        "lung cancer",
        (50, 80),
        "",
        1,
        r"low.?dose (?:ct|computed)|ct.*(?:chest|thorax|lung)|(?:chest|thorax|lung).*\bct\b",
        unless=r"(?:cancer|neoplasm) of (?:the )?lung|lung cancer",
        smoker="pack-years",
    ),
    Screening(
        "osteoporosis",
        (65, 200),
        "female",
        0,
        r"\bdxa\b|\bdexa\b|bone (?:mineral )?densit|densitometry",
        "38265-5 38263-0 24701-5",
        r"osteoporosis",
    ),
    Screening(
        "hepatitis C", (18, 79), "", 0, r"hepatitis c|\bhcv\b", "16128-1 13955-0 5198-7", r"hepatitis c"
    ),
    Screening(
        "HIV",
        (15, 65),
        "",
        0,
        r"\bhiv\b|human immunodeficiency",
        "56888-1 75622-1 7917-8 31201-7",
        r"\bhiv\b|human immunodeficiency",
    ),
    Screening(
        "depression",
        (18, 200),
        "",
        1,
        r"depression screen|\bphq|depression .*(?:score|scale)",
        "44261-6 55758-7 73831-0 73832-8",
        r"depressi|bipolar",
    ),
    Screening(
        "lipids",
        (40, 75),
        "",
        5,
        r"lipid panel|cholesterol",
        "2093-3 18262-6 13457-7 57698-3",
    ),
)
"""In the order they are told. Source: USPSTF: colorectal 2021, breast 2024, cervical 2018, aneurysm 2019,
lung 2021, osteoporosis 2025, hepatitis C 2020, HIV 2019, depression 2023, statin use (lipids) 2022."""


def goes_back(chart: Chart, years: float = _ENOUGH_YEARS) -> bool:
    """Whether the record holds enough history to say that something is missing from it."""
    dated = [e.at for e in chart.encounters if e.at]
    is_enough = len(dated) >= _ENOUGH_ENCOUNTERS and not is_old_record(chart)
    return is_enough and (days_since(chart, dated[0]) or 0) >= years * _YEAR


def _not_shown(chart: Chart) -> Iterator[Finding]:
    age, is_judged = chart.patient.age, goes_back(chart) and bool(chart.procedures or chart.notes)
    if age is None or not is_judged or pregnancies(chart) or has_problem(chart, _LIFE_LIMITING):
        return
    lacking = [s.name for s in _SCREENINGS if _is_meant(chart, s, age) and not _is_shown(chart, s)]
    if lacking:
        told = ", ".join([*lacking[:_SHOWN_AT_MOST], *(["others"] if len(lacking) > _SHOWN_AT_MOST else [])])
        fact = f"the record shows no screening for {told} in the usual interval"
        advice = f"consider screening for {told}, because the record shows none in the usual interval"
        yield Finding(fact, advice, ("Patient",), ())


def _is_meant(chart: Chart, screening: Screening, age: int) -> bool:
    low, high = screening.ages
    is_group = low <= age <= high and screening.sex in ("", chart.patient.sex)
    is_moot = bool(screening.unless) and bool(had_problem(chart, screening.unless))
    return (
        is_group
        and not is_moot
        and goes_back(chart, min(screening.years, 10))
        and _smokes(chart, screening.smoker)
    )


def _smokes(chart: Chart, wanted: str) -> bool:
    """Whether what is recorded of tobacco meets a screening's condition; nothing recorded does not."""
    told = [(r.shown.lower(), r.at) for r in chart.results if r.method in TOBACCO_CODES]
    if wanted == "pack-years":
        smoked = history(chart, "pack_years")
        is_heavy = bool(smoked) and (smoked[-1].value or 0) >= 20
        return is_heavy and any(_NOW.search(words) and _counts(chart, at, _QUIT_YEARS) for words, at in told)
    return not wanted or any(_EVER.search(words) and "never" not in words for words, _ in told)


def _is_shown(chart: Chart, screening: Screening) -> bool:
    named, codes = re.compile(screening.tests, re.IGNORECASE), screening.codes.split()
    events: tuple[Event, ...] = (*chart.procedures, *chart.notes)
    names = {event.name for event in events} | {result.name for result in chart.results}
    meant = {name for name in names if named.search(name)}
    done = [event.at for event in events if event.name in meant]
    done += [r.at for r in chart.results if r.method in codes or r.name in meant]
    return any(_counts(chart, moment, screening.years) for moment in done)


def _counts(chart: Chart, moment: Moment | None, years: int) -> bool:
    days = days_since(chart, moment)
    return not years or (days is not None and days <= years * _YEAR + 31)


RULES = (
    Rule(
        "screening",
        "Screening that the record does not show",
        "USPSTF 2025",
        Concern.CARE,
        Urgency.ROUTINE,
        _not_shown,
        inputs=("age", "sex", "procedures", "results", "problems", "encounters", "pack_years"),
    ),
)

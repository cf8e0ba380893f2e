"""Drugs that older people had better avoid, told together."""

from __future__ import annotations

from collections.abc import Iterator

from hntai.domain.chart.drugs import classes_of
from hntai.domain.chart.values import Chart, Course
from hntai.domain.rules.lookups import because, days_since, has_problem, is_adult, is_unrenewed, said_stems
from hntai.domain.rules.model import Concern, Finding, Rule, Urgency

_AVOID = (
    ("benzodiazepine|hypnotic", "falls, confusion"),
    ("first-generation antihistamine|bladder anticholinergic", "anticholinergic"),
    ("tricyclic|paroxetine", "anticholinergic"),
    ("muscle relaxant|barbiturate", "sedation"),
    ("sulfonylurea", "hypoglycemia"),
    ("alpha blocker|clonidine", "low blood pressure"),
    ("NSAID", "bleeding, kidney"),
    ("indomethacin|ketorolac|meperidine", "harm outweighs benefit"),
    ("megestrol|estrogen", "clots"),
    ("metoclopramide", "movement disorders"),
    ("desmopressin", "low sodium"),
    ("rivaroxaban", "more bleeding than another of its class"),
)
"""Classes or ingredients and why. Source: AGS Beers 2023, table 2; of age 65 or older."""
_IN_DEMENTIA = (("antipsychotic", "mortality in dementia"),)
_CNS = "opioid|benzodiazepine|hypnotic|antipsychotic|antiepileptic|tricyclic|SSRI|SNRI|muscle relaxant"
_LONG_ACID_DAYS = 56
_TOPICAL = ("cream", "ointment", "gel", "patch", "topical", "ophthalmic", "vaginal")


def _older(chart: Chart) -> Iterator[Finding]:
    if not is_adult(chart, 65):
        return
    table = _AVOID + (_IN_DEMENTIA if has_problem(chart, r"dementia|alzheimer") else ())
    told: dict[tuple[str, ...], tuple[Course, str]] = {}
    for course in chart.courses:
        reasons = [why for names, why in table if _names(course) & set(names.split("|"))]
        reasons += ["over 8 weeks"] if _is_long_acid(chart, course) else []
        if reasons and _is_taken(chart, course):
            told[course.references] = (course, reasons[0])
    if told:
        shown = "; ".join(f"{said_stems(chart, course)} ({why})" for course, why in told.values())
        courses = [course for course, _ in told.values()]
        fact = f"the Beers list for age 65 or older names {shown}"
        yield because(fact, "review whether each is still needed", *courses)


def _several_sedatives(chart: Chart) -> Iterator[Finding]:
    names = set(_CNS.split("|"))
    drugs = [c for c in chart.courses if _is_taken(chart, c) and classes_of(c.ingredients) & names]
    if is_adult(chart, 65) and len(drugs) >= 3:
        fact = f"{said_stems(chart, *drugs)} act on the brain together, at age 65 or older a risk of falls"
        yield because(fact, "consider reducing their number", *drugs)


def _is_taken(chart: Chart, course: Course) -> bool:
    is_topical = any(word in course.name.lower() for word in _TOPICAL)
    return course.is_active and not is_topical and not is_unrenewed(chart, course)


def _is_long_acid(chart: Chart, course: Course) -> bool:
    is_long = (days_since(chart, course.at) or 0) > _LONG_ACID_DAYS
    needs = (
        r"barrett|erosive esophagitis|zollinger|gastrointestinal h|peptic ulcer|gastric ulcer|duodenal ulcer"
    )
    return (
        "proton pump inhibitor" in classes_of(course.ingredients)
        and is_long
        and not has_problem(chart, needs)
    )


def _names(course: Course) -> frozenset[str]:
    return frozenset(course.ingredients) | classes_of(course.ingredients)


RULES = (
    Rule(
        "beers",
        "Drugs to avoid from age 65",
        "AGS Beers 2023",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _older,
        ("the Beers list for age 65 or older", "over 8 weeks"),
        ("drugs", "problems", "age"),
    ),
    Rule(
        "beers-sedatives",
        "Three drugs that act on the brain, from age 65",
        "AGS Beers 2023",
        Concern.CARE,
        Urgency.THIS_VISIT,
        _several_sedatives,
        ("at age 65 or older a risk of falls",),
        ("drugs", "age"),
    ),
)

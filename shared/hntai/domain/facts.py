"""What a model may speak of: the rule-written statements of a section, one thing said by each, with an id.

A list of a statement (`Current drugs: a; b`) becomes a fact for each entry, with the references of that entry
alone, so that a sentence is held to the very entry it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hntai.domain.chart.analytes import ANALYTES
from hntai.domain.chart.drugs import ingredients_in
from hntai.domain.chart.values import Allergy, Chart, Course, Event, Problem, Result
from hntai.domain.chart.wording import OVER_A_YEAR, WITHIN_A_YEAR, drug_stem
from hntai.domain.statements import Section, Statement


class FactKind(StrEnum):
    """What a fact is about; in the order in which facts matter where not all of them fit."""

    CONFLICT = "critical value or safety conflict"
    PATIENT = "patient"
    ALLERGY = "allergy"
    DRUG = "drug"
    PROBLEM = "problem"
    SUGGESTION = "suggestion"
    RESULT = "result"
    DATA = "state of the record"
    CONTACT = "hospital contact"
    FINDING = "other finding"
    EVENT = "procedure or immunization"


@dataclass(frozen=True, slots=True)
class CitedFact:
    """One thing a sentence may say, and what it cites for it."""

    id: str
    """`F1`, `F2`... through all the facts a model is shown."""
    statement: Statement
    """The rule's own sentence for it, with the references and dates of this fact alone."""
    kind: FactKind
    label: str
    """The list it is an entry of, such as `Current drugs`, or nothing."""
    item: str
    """The entry, as the list says it; without a list the whole text."""
    is_critical: bool
    is_required: bool
    """Whether a section without it is incomplete."""

    @property
    def section(self) -> Section:
        return self.statement.section

    @property
    def is_suggestion(self) -> bool:
        return self.kind is FactKind.SUGGESTION


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The facts a model is shown, and the names figures belong to."""

    facts: tuple[CitedFact, ...]
    names: tuple[str, ...]
    """What is measured and what is taken, in lower case, longest first."""

    def of(self, section: Section) -> FactSheet:
        """The facts of one section, under their ids."""
        return replace(self, facts=tuple(fact for fact in self.facts if fact.section is section))


_LISTS: dict[str, tuple[FactKind, bool]] = {
    "Active problems": (FactKind.PROBLEM, True),
    "Code status and directives": (FactKind.PATIENT, True),
    "Findings": (FactKind.FINDING, True),
    "Other findings": (FactKind.FINDING, False),
    "Current drugs": (FactKind.DRUG, True),
    "On hold": (FactKind.DRUG, True),
    "Allergies": (FactKind.ALLERGY, True),
    "New problems": (FactKind.PROBLEM, True),
    "Resolved problems": (FactKind.PROBLEM, True),
    "Drugs started": (FactKind.DRUG, True),
    "Drugs stopped": (FactKind.DRUG, True),
    "Allergies added": (FactKind.ALLERGY, True),
    "Back in range": (FactKind.RESULT, False),
    f"Abnormal, but {OVER_A_YEAR}": (FactKind.RESULT, True),
    "No range to judge by": (FactKind.RESULT, False),
    "No range to judge by, and seen by no rule": (FactKind.RESULT, False),
    "Procedures": (FactKind.EVENT, False),
    "Immunizations": (FactKind.EVENT, False),
    f"Hospital contacts {WITHIN_A_YEAR}": (FactKind.CONTACT, False),
}
"""Labels of lists: what their entries are, and whether each must be told."""
_URGENT = ("Critical: ", "Safety conflict: ", "To settle: ")
_MORE = re.compile(r"; and others[^;()]*\Z")
_SPLIT = re.compile(r"; (?!was |and others)(?![^()]*\))")
_OF_SECTION = {
    Section.CLINICAL_ASSESSMENT: FactKind.PATIENT,
    Section.KEY_TRENDS: FactKind.RESULT,
    Section.PLAN: FactKind.SUGGESTION,
    Section.GUIDANCE: FactKind.DATA,
}


def fact_sheet(statements: Iterable[Statement], chart: Chart) -> FactSheet:
    """The facts of these statements, numbered from F1 in their order."""
    entries = _entries(chart)
    found = [fact for statement in statements for fact in _facts_of(statement, entries)]
    return FactSheet(tuple(replace(f, id=f"F{n}") for n, f in enumerate(found, 1)), _names(chart))


def _facts_of(statement: Statement, entries: Sequence[tuple[str, frozenset[str]]]) -> Iterator[CitedFact]:
    label, _, told = statement.text.partition(": ")
    if label not in _LISTS:
        yield _single(statement)
        return
    kind, is_required = _LISTS[label]
    for item in _SPLIT.split(_MORE.sub("", told.removesuffix("."))):
        references = _references(item, statement, entries)
        is_told_apart = references != statement.references
        dates = tuple(day for day in statement.dates if day in item)
        dates = dates if dates or is_told_apart else statement.dates
        own = Statement(statement.section, f"{label}: {item}.", references, dates)
        yield CitedFact("", own, kind, label, item, is_critical=False, is_required=is_required)


def _single(statement: Statement) -> CitedFact:
    is_urgent = statement.text.startswith(_URGENT) or (
        statement.section is Section.PLAN and statement.text.startswith("Now")
    )
    kind = _OF_SECTION[statement.section]
    if statement.text.startswith(_URGENT):
        kind = FactKind.CONFLICT
    elif ": dose changed" in statement.text:
        kind = FactKind.DRUG
    is_required = not statement.text.startswith("Routine")
    return CitedFact("", statement, kind, "", statement.text, is_critical=is_urgent, is_required=is_required)


def _references(
    item: str, statement: Statement, entries: Sequence[tuple[str, frozenset[str]]]
) -> tuple[str, ...]:
    """Those of the statement's references that belong to the entry; all of them where none can be told."""
    stem = item.partition(" (")[0].lower()
    matching = [
        (name, references)
        for name, references in entries
        if item.lower().startswith(name) or name.startswith(stem)
    ]
    longest = max((len(name) for name, _ in matching), default=0)
    own = {r for name, references in matching if len(name) == longest for r in references}
    return tuple(r for r in statement.references if r in own) or statement.references


def _entries(chart: Chart) -> list[tuple[str, frozenset[str]]]:
    """What lists may name, in lower case, and the references it stands on."""
    told: tuple[Sequence[Problem | Course | Allergy | Result | Event], ...] = (
        chart.problems, chart.courses, chart.allergies, chart.results, chart.immunizations, chart.procedures,
    )  # fmt: skip
    found: dict[str, set[str]] = {}
    for one in (one for group in told for one in group):
        found.setdefault(one.name.lower(), set()).update(one.references)
    for stay in chart.encounters:
        found.setdefault(f"{stay.setting} {chart.day(stay.at)}", set()).update(stay.references)
    return [(name, frozenset(references)) for name, references in found.items() if name]


def _names(chart: Chart) -> tuple[str, ...]:
    measured = {r.name.lower() for r in chart.results} | {a.name.lower() for a in ANALYTES}
    taken = {name for course in chart.courses for name in _taken(course)}
    taken |= {name for allergy in chart.allergies for name in (allergy.name.lower(), *_spelled(allergy.name))}
    return tuple(sorted((n for n in measured | taken if n), key=lambda name: (-len(name), name)))


def _taken(course: Course) -> tuple[str, ...]:
    return _spelled(course.name) or (drug_stem(course).lower(),)


def _spelled(name: str) -> tuple[str, ...]:
    return tuple(ingredient.replace("-", " ") for ingredient in ingredients_in(name))

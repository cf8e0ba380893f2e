"""extract(): every entity of a text, each place claimed by one kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from hntai.domain.errors import RecognizerBudgetError
from hntai.domain.extraction.allergies import find_allergies
from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.backgrounds import find_family, find_social
from hntai.domain.extraction.entities import Assertion, Code, Entity, Kind, System
from hntai.domain.extraction.immunizations import find_immunizations
from hntai.domain.extraction.measurements import find_measurements
from hntai.domain.extraction.medications import find_medications
from hntai.domain.extraction.note import ClinicalNote, read_note
from hntai.domain.extraction.problems import Problem, find_problems, is_acute
from hntai.domain.extraction.procedures import find_procedures
from hntai.domain.extraction.scores import Evidence, is_repaired, problem_score
from hntai.domain.extraction.short_forms import Named, short_form_uses
from hntai.domain.extraction.years import is_told_by_year

EXTRACTOR: Final = "rules@1"
"""What audit rows name as the model."""
_SKIPPED_SECTIONS: Final = frozenset({"technique"})


@dataclass(frozen=True, slots=True)
class Extraction:
    """Entities in order of place."""

    entities: tuple[Entity, ...]

    def of(self, kind: Kind) -> tuple[Entity, ...]:
        return tuple(one for one in self.entities if one.kind is kind)


def extract(text: str, has_time: Callable[[], bool] = lambda: True) -> Extraction:
    """Every entity of the text.

    has_time: asked between the steps.

    Raises:
        RecognizerBudgetError: time was up before all was found.
    """
    note = read_note(text)
    assertions = Assertions(note)
    claimed: list[Entity] = []
    for step in (_measured, _vaccines, _drugs, _social, _problems, _procedures):
        if not has_time():
            raise RecognizerBudgetError
        claimed += _unclaimed(step(note, assertions), claimed)
    return Extraction(tuple(sorted(claimed, key=lambda one: (one.start, one.end))))


def _measured(note: ClinicalNote, assertions: Assertions) -> Iterable[Entity]:
    return find_measurements(note, assertions)


def _vaccines(note: ClinicalNote, assertions: Assertions) -> Iterable[Entity]:
    return find_immunizations(note, assertions)


def _drugs(note: ClinicalNote, assertions: Assertions) -> Iterable[Entity]:
    """Allergies first: what someone is allergic to is nothing they take."""
    drugs = (one for one in find_medications(note, assertions) if _is_drug_here(note, one))
    allergies, medications = find_allergies(note, assertions, drugs)
    return [*allergies, *medications]


def _is_drug_here(note: ClinicalNote, drug: Entity) -> bool:
    return not note.sections.in_heading(drug.start) and drug.section not in (
        "social_history",
        "family_history",
    )


def _social(note: ClinicalNote, assertions: Assertions) -> Iterable[Entity]:
    return find_social(note, assertions)


def _problems(note: ClinicalNote, assertions: Assertions) -> Iterable[Entity]:
    """The patient's problems, and those of the family."""
    family, own = find_family(note, assertions, _all_problems(note, assertions))
    return [*family, *own]


def _all_problems(note: ClinicalNote, assertions: Assertions) -> Iterator[Entity]:
    found = [
        one for one in find_problems(note.words) if not note.sections.in_heading(note.words.starts[one.first])
    ]
    for one in found:
        yield _problem(note, assertions, one)
    named = [Named(one.first, one.last, place) for place, one in enumerate(found)]
    for use in short_form_uses(note.words, named):
        yield _problem(
            note,
            assertions,
            found[use.key]._replace(first=use.first, last=use.last, evidence=Evidence.EXPLAINED),
        )


def _problem(note: ClinicalNote, assertions: Assertions, found: Problem) -> Entity:
    start, end = note.words.starts[found.first], note.words.ends[found.last - 1]
    text = note.text[start:end]
    said = assertions.of(found.first)
    if said is Assertion.PRESENT and is_acute(found.code) and is_told_by_year(note.text, end):
        said = Assertion.HISTORICAL
    is_told = bool(found.code) and not (said is Assertion.HISTORICAL and is_acute(found.code))
    codes = (Code(System.ICD10CM, found.code, text.lower()),) if is_told else ()
    if note.words.forms[found.first] == "non" and found.last - found.first == 2:
        said = Assertion.NEGATED
    repaired = is_repaired(note.words, found.first, found.last)
    score = problem_score(found.evidence, text, said, is_repaired=repaired)
    return Entity(Kind.PROBLEMS, text, start, end, note.sections.at(start), said, score, codes)


def _procedures(note: ClinicalNote, assertions: Assertions) -> Iterable[Entity]:
    return find_procedures(note, assertions)


def _claimed_to(one: Entity) -> int:
    """What a medicine is for, and what an allergen does, is told with it and no problem of its own."""
    return max(one.end, one.told_to)


def _unclaimed(found: Iterable[Entity], claimed: list[Entity]) -> list[Entity]:
    """Those whose place nothing found before has taken."""
    taken = sorted((one.start, _claimed_to(one)) for one in claimed)
    fresh: list[Entity] = []
    at, reached = 0, 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        while at < len(taken) and taken[at][1] <= one.start:
            at += 1
        if one.start < reached or (at < len(taken) and taken[at][0] < one.end):
            continue
        if one.section in _SKIPPED_SECTIONS and one.kind is not Kind.PROCEDURES:
            continue
        fresh.append(one)
        reached = one.end
    return fresh

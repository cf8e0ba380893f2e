"""The chart: what a record says about one patient, as plain values without free text or identifiers.

Every value carries the `references` of the resources it stands on (`Observation/123`), and where known the
moment it belongs to and the encounter it was recorded in. Texts were scrubbed before they came here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from hntai.domain.chart.fact_values import DOCUMENT, Conflict, DocumentSource, Fact
from hntai.domain.chart.result_values import Doubt, Flag, Range, Result
from hntai.domain.dates import DateStyle, Moment, shown_moment

__all__ = [
    "DOCUMENT",
    "UNNAMED_SUBSTANCE",
    "Allergy",
    "Chart",
    "Conflict",
    "Course",
    "DocumentSource",
    "DoseStep",
    "Doubt",
    "Encounter",
    "Event",
    "Fact",
    "Flag",
    "Order",
    "Patient",
    "Problem",
    "Range",
    "Result",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patient:
    sex: str
    """male, female, other or unknown."""
    age: int | None
    """Completed years today, or at death; for rules. Show it by `shown_age` only."""
    is_deceased: bool
    died: Moment | None
    is_age_approximate: bool = False
    """Only the year of birth is recorded: age is the lower of the two it may be."""


@dataclass(frozen=True, slots=True)
class Encounter(Fact):
    name: str
    setting: str
    """ambulatory, emergency, inpatient, home, virtual, or the class code as recorded."""
    reason: str
    end: Moment | None


@dataclass(frozen=True, slots=True)
class Problem(Fact):
    """at is the onset, or where that is missing the day it was recorded."""

    name: str
    codes: tuple[str, ...]
    is_active: bool
    is_confirmed: bool
    is_status_recorded: bool
    is_social: bool
    """A finding, situation, history, absence or screening rather than a disease the patient has."""
    recorded: Moment | None
    resolved: Moment | None


@dataclass(frozen=True, slots=True)
class Order(Fact):
    """One MedicationRequest or MedicationStatement; at is when it was written or began."""

    name: str
    ingredients: tuple[str, ...]
    course_key: str
    """Orders with one key belong to one course: same ingredients by the same way."""
    dose: str
    """Dose and frequency as recorded, such as `500 mg twice daily`, or nothing."""
    strength: str
    """What tells one dose of a course from another; nothing where the order does not say."""
    is_active: bool
    is_on_hold: bool
    is_reported: bool
    """A MedicationStatement: said to be taken, not ordered here."""
    is_not_taken: bool
    """A MedicationStatement that says the drug is not taken."""
    end: Moment | None


@dataclass(frozen=True, slots=True)
class DoseStep:
    reference: str
    at: Moment | None
    encounter: str
    label: str


@dataclass(frozen=True, slots=True)
class Course(Fact):
    """All orders of one drug; at is the first. Renewals are not stops."""

    name: str
    ingredients: tuple[str, ...]
    dose: str
    doses: tuple[DoseStep, ...]
    """The first step and each change of strength since, oldest first."""
    last_ordered: Moment | None
    """Of the order that tells what holds now."""
    renewals: int
    is_active: bool
    is_on_hold: bool
    is_reported: bool
    stopped: Moment | None
    until: Moment | None
    """When the order that holds now ends by its own dates."""
    not_taken: Moment | None
    """When it was last said, after that order, that the drug is not taken."""
    active_references: tuple[str, ...]
    """The orders that are active now; more than one may be a duplicate."""


UNNAMED_SUBSTANCE = "substance not named"


@dataclass(frozen=True, slots=True)
class Allergy(Fact):
    name: str
    reactions: tuple[str, ...]
    is_severe: bool
    is_confirmed: bool
    is_none_known: bool
    """An entry that says no allergy is known."""

    @property
    def is_named(self) -> bool:
        return self.name != UNNAMED_SUBSTANCE


@dataclass(frozen=True, slots=True)
class Event(Fact):
    """An immunization given, a procedure done, or a note written; a note keeps its kind, not its text."""

    name: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    patient: Patient
    today: date
    date_style: DateStyle
    newest: Encounter | None
    """The latest encounter that brought data: its day is day 0."""
    previous: Encounter | None
    """The latest one before it that brought data."""
    encounters: tuple[Encounter, ...]
    problems: tuple[Problem, ...]
    orders: tuple[Order, ...]
    courses: tuple[Course, ...]
    allergies: tuple[Allergy, ...]
    results: tuple[Result, ...]
    """Oldest first."""
    immunizations: tuple[Event, ...]
    procedures: tuple[Event, ...]
    notes: tuple[Event, ...]
    warnings: tuple[str, ...]
    counts: Mapping[str, int]
    documents: tuple[DocumentSource, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    comparable: Mapping[str, tuple[Result, ...]] = field(init=False, repr=False, compare=False)
    """Of each analyte the dated results that rules may use, oldest first: an index of `results`."""
    doubted: Mapping[str, Moment] = field(init=False, repr=False, compare=False)  # the last in doubt of each
    _derived: dict[Callable[[Chart], object], Any] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        by_analyte: dict[str, list[Result]] = {}
        for result in self.results:
            if result.is_comparable and result.at is not None:
                by_analyte.setdefault(result.analyte, []).append(result)
        index = {analyte: tuple(found) for analyte, found in by_analyte.items()}
        object.__setattr__(self, "comparable", index)
        in_doubt = {r.analyte: r.at for r in self.results if r.doubt is not Doubt.NONE and r.at}
        object.__setattr__(self, "doubted", in_doubt)

    def once(self, derive: Callable[[Chart], T]) -> T:
        """derive(self), worked out once: a chart does not change."""
        if derive not in self._derived:
            self._derived[derive] = derive(self)
        told: T = self._derived[derive]
        return told

    def source_of(self, references: Sequence[str]) -> DocumentSource | None:
        """The document a fact stands on; nothing for what the record says, alone or too."""
        if not references or not all(reference.startswith(DOCUMENT) for reference in references):
            return None
        named = references[0].removeprefix(DOCUMENT).partition("#")[0]
        return next((source for source in self.documents if source.upload_id == named), None)

    def day(self, moment: Moment | None) -> str:
        """A moment as this chart may show it."""
        return shown_moment(moment, self.date_style, self.newest.at if self.newest else None)

    def days(self, *moments: Moment | None) -> tuple[str, ...]:
        """The known moments among these as they may be shown, each once, in order."""
        return tuple(dict.fromkeys(self.day(moment) for moment in moments if moment is not None))

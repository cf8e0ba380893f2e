"""What is found in a text: entities with their places, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The lists of an answer, in its order."""

    PROBLEMS = "problems"
    MEDICATIONS = "medications"
    ALLERGIES = "allergies"
    VITALS = "vitals"
    LABS = "labs"
    PROCEDURES = "procedures"
    IMMUNIZATIONS = "immunizations"
    FAMILY_HISTORY = "family_history"
    SOCIAL_HISTORY = "social_history"


class Assertion(StrEnum):
    """Whether what is said is so, and of whom."""

    PRESENT = "present"
    NEGATED = "negated"
    POSSIBLE = "possible"
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"
    FAMILY = "family"


Detail = str | float | bool


class System(StrEnum):
    """Terminologies, as they are named in answers."""

    ICD10CM = "ICD-10-CM"
    RXNORM = "RxNorm"
    LOINC = "LOINC"
    CVX = "CVX"


@dataclass(frozen=True, slots=True)
class Code:
    system: System
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing said: text == input[start:end]."""

    kind: Kind
    text: str
    start: int
    """Half-open code points of the input."""
    end: int
    section: str
    """Of section_headings.txt, or nothing above the first heading."""
    assertion: Assertion
    score: float
    codes: tuple[Code, ...] = ()
    details: Mapping[str, Detail] = field(default_factory=dict)
    """What its kind has beside: dose, value, reaction, relation; the contract names them."""
    told_to: int = 0
    """Where what is told with it ends: its sig, its reaction; nothing there is an entity of its own."""

"""POST /extract_medical_data."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from hntai.contracts.strict import Lenient
from hntai.domain.extraction.entities import Assertion, Entity, Kind, System
from hntai.domain.extraction.extract import Extraction


class ExtractionRequest(Lenient):
    """One text, or the document it stands in."""

    text: str | None = None
    upload_id: uuid.UUID | None = None
    """From POST /upload."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.text is None) == (self.upload_id is None):
            raise PydanticCustomError("one_of", "text or upload_id, one of them")
        return self


class FoundCode(Lenient):
    """Given only where the match is exact or curated."""

    system: System
    code: str
    display: str


class Finding(Lenient):
    """One thing said. Half-open code-point offsets in the input: `text` is what stands there."""

    text: str
    start: int
    end: int
    section: str
    """Empty above the first heading."""
    assertion: Assertion
    codes: tuple[FoundCode, ...]
    score: float
    start_s: float | None = None
    """Of a recording alone: where the segment starts in which it is begun, in seconds."""
    end_s: float | None = None
    """Where the segment ends in which it is ended."""


class FoundMedication(Finding):
    """A medicine; `drug` is its generic name where known."""

    drug: str
    variant: str | None = None
    """Salt and release as written: `succinate er`."""
    dose: str | None = None
    unit: str | None = None
    strength: str | None = None
    """How strong a liquid is: `400 mg/5 mL`."""
    quantity: str | None = None
    form: str | None = None
    route: str | None = None
    frequency: str | None = None
    as_needed: bool | None = None
    reason: str | None = None
    duration: str | None = None
    status: str | None = None
    """started, stopped, held, changed, continued, active."""
    sig: str | None = None
    """The words it was read from."""


class FoundAllergy(Finding):
    """An allergen, or that there are none (`none known`, negated)."""

    substance: str
    reaction: str | None = None
    about: str | None = None
    """Of `none known`: drug, food or any."""


class FoundMeasurement(Finding):
    """A vital sign or a result; a blood pressure has two values and no `value`."""

    name: str
    value: float | None = None
    unit: str | None = None
    comparator: str | None = None
    flag: str | None = None
    systolic: float | None = None
    diastolic: float | None = None


class FoundImmunization(Finding):
    date: str | None = None
    """As written."""


class FoundFamilyHistory(Finding):
    relation: str | None = None


class FoundSocialHistory(Finding):
    topic: str
    status: str | None = None
    amount: str | None = None
    frequency: str | None = None


class ExtractedData(Lenient):
    """Every list in order of place."""

    problems: tuple[Finding, ...]
    medications: tuple[FoundMedication, ...]
    allergies: tuple[FoundAllergy, ...]
    vitals: tuple[FoundMeasurement, ...]
    labs: tuple[FoundMeasurement, ...]
    procedures: tuple[Finding, ...]
    immunizations: tuple[FoundImmunization, ...]
    family_history: tuple[FoundFamilyHistory, ...]
    social_history: tuple[FoundSocialHistory, ...]


class ExtractionAnswer(ExtractedData):
    """What a text says of a patient."""

    audit_id: uuid.UUID


def answer_of(extraction: Extraction, audit_id: uuid.UUID) -> ExtractionAnswer:
    """The answer that says what was extracted."""
    lists = {kind.value: [_finding(one) for one in extraction.of(kind)] for kind in Kind}
    return ExtractionAnswer.model_validate({**lists, "audit_id": audit_id})


def data_of(extraction: Extraction, when: Callable[[int, int], tuple[float, float]]) -> ExtractedData:
    """What was extracted from a transcript. when: the seconds of the half-open code points."""

    def timed(one: Entity) -> dict[str, Any]:
        start_s, end_s = when(one.start, one.end)
        return {**_finding(one), "start_s": start_s, "end_s": end_s}

    lists = {kind.value: [timed(one) for one in extraction.of(kind)] for kind in Kind}
    return ExtractedData.model_validate(lists)


def _finding(one: Entity) -> dict[str, Any]:
    return {
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "section": one.section,
        "assertion": one.assertion,
        "score": one.score,
        "codes": [{"system": c.system, "code": c.code, "display": c.display} for c in one.codes],
        **one.details,
    }

"""POST /generate_patient_summary."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from hntai.contracts.strict import Lenient
from hntai.domain.jobs import GenerationMode, TimeoutMode


class PhiPolicy(StrEnum):
    """Whether dates of care stay. Source: 45 CFR 164.514(e), 164.514(b)(2)."""

    LIMITED_DATASET = "limited_dataset"
    SAFE_HARBOR = "safe_harbor"


MAX_DOCUMENTS: Final = 10
"""Of one run."""
ModelWord = Annotated[str, StringConstraints(max_length=300)]
Credential = Annotated[str, StringConstraints(max_length=8192, pattern=r"^[\x21-\x7e]*$")]


PatientId = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")]


class PatientSummaryRequest(Lenient):
    """Whose summary, and how."""

    patientid: PatientId
    """The patient's id in the EHR."""
    token: Credential = ""
    """Sent on to the EHR as `Authorization: Bearer`."""
    key: Credential = ""
    """Sent on to the EHR as `x-api-key`."""
    patient_summarizer_model_name: ModelWord | None = None
    patient_summarizer_model_type: ModelWord | None = None
    generation_mode: GenerationMode = GenerationMode.RULE
    timeout_mode: TimeoutMode = TimeoutMode.FAST
    """8 s or 30 s for the EHR, as a whole."""
    phi_policy: PhiPolicy = PhiPolicy.LIMITED_DATASET
    """`safe_harbor` gives days relative to the newest encounter instead of dates."""

    documents: Annotated[tuple[uuid.UUID, ...], Field(max_length=MAX_DOCUMENTS)] = ()
    """Documents of the caller's, by their `upload_id`, to be read beside the record."""

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len(set(self.documents)) < len(self.documents):
            raise PydanticCustomError("repeated", "documents, each once")
        return self


class Timing(Lenient):
    """Seconds."""

    ehr_api: float
    generation: float
    total: float


class DocumentPlace(Lenient):
    """Where in an uploaded document. Half-open code-point offsets in the `text` it was answered with."""

    upload_id: uuid.UUID
    start: int
    end: int


class Evidence(Lenient):
    """What one statement of the summary stands on."""

    section: str
    statement: str
    references: tuple[str, ...]
    dates: tuple[str, ...]
    documents: tuple[DocumentPlace, ...] = ()
    """The same for the references that are `Document/<upload_id>#<start>-<end>`; absent where none is."""


class PatientSummaryAnswer(Lenient):
    """The summary, and where every line of it comes from."""

    summary: str
    """Markdown under four headings."""
    baseline: dict[str, Any]
    """The state before the newest encounter."""
    delta: dict[str, Any]
    """What the newest encounter changed."""
    timing: Timing
    model_used: str
    timeout_mode_used: TimeoutMode
    evidence: tuple[Evidence, ...]
    warnings: tuple[str, ...]
    fallbacks: tuple[str, ...]
    """What had to be done another way, by name."""
    unsupported_removed: int
    """Statements the verifier dropped."""
    job_id: uuid.UUID

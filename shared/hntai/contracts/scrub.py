"""POST /phi/scrub and POST /phi/scrub/batch."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from hntai.contracts.strict import Contract
from hntai.domain.deidentification import Operator, Policy, Recall
from hntai.domain.spans import PhiType

MAX_DOCUMENTS = 100
Value = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Values = Annotated[tuple[Value, ...], Field(max_length=1000)]


class Known(Contract):
    """What the record already knows of the patient; matched in all its forms."""

    model_config = ConfigDict(strict=False)

    names: Values = ()
    mrn: Values = ()
    dates: Values = ()
    phones: Values = ()


class ScrubOptions(Contract):
    """How to scrub. Every option has a default."""

    model_config = ConfigDict(strict=False)

    operator: Operator = Operator.redact
    """What stands in the place of an identifier."""
    policy: Policy = Policy.safe_harbor
    """What counts as one. Source: 45 CFR 164.514(b)(2), 164.514(e)."""
    recall: Recall = Recall.balanced
    """`high` hides more on weaker evidence."""
    known: Known = Known()
    allow: Values = ()
    """Literal values that stay."""
    deny: Values = ()
    """Literal values that always go."""
    types: Annotated[tuple[PhiType, ...], Field(min_length=1, max_length=len(PhiType))] | None = None
    """Only these types; all by default."""
    patient_key: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """Surrogates are consistent for one key; it is never stored."""
    entities: bool = True
    """False leaves the list of entities out of the answer."""


class ScrubRequest(ScrubOptions):
    """One document."""

    text: str


class Document(Contract):
    """One document of a batch."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    text: str


class ScrubBatchRequest(ScrubOptions):
    """Up to 100 documents, one set of options."""

    documents: Annotated[tuple[Document, ...], Field(min_length=1, max_length=MAX_DOCUMENTS)]


class Entity(Contract):
    """One identifier found. Half-open code-point offsets in the input."""

    start: int
    end: int
    type: PhiType
    score: float
    recognizer: str


class ScrubAnswer(Contract):
    """The text without its identifiers, and what was found."""

    scrubbed_text: str
    phi_found: tuple[PhiType, ...]
    """In order of first appearance, once each."""
    redaction_count: int
    entities: tuple[Entity, ...] | None = None
    audit_id: uuid.UUID


class DocumentProblem(Contract):
    """Why one document of a batch could not be scrubbed."""

    type: str
    title: str
    status: int
    limit: int | None = None


class BatchScrubbed(Contract):
    """One document of a batch, scrubbed."""

    id: str
    scrubbed_text: str
    phi_found: tuple[PhiType, ...]
    redaction_count: int
    entities: tuple[Entity, ...] | None = None
    audit_id: uuid.UUID


class BatchFailed(Contract):
    """One document of a batch that failed alone."""

    id: str
    error: DocumentProblem


class ScrubBatchAnswer(Contract):
    """One result per document, in order."""

    results: tuple[BatchScrubbed | BatchFailed, ...]

"""POST /phi/scrub and POST /phi/scrub/batch."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import Field, Strict, StringConstraints

from hntai.contracts.strict import Lenient
from hntai.domain.deidentification import Operator, Policy, Recall
from hntai.domain.spans import PhiType

MAX_DOCUMENTS = 100
Value = Annotated[str, StringConstraints(min_length=1, max_length=500)]
MAX_VALUES = 100
"""Of one list; each value is looked for in the whole text."""
Values = Annotated[tuple[Value, ...], Field(max_length=MAX_VALUES)]


class Known(Lenient):
    """What the record already knows of the patient; matched in all its forms."""

    names: Values = ()
    mrn: Values = ()
    dates: Values = ()
    phones: Values = ()


class ScrubOptions(Lenient):
    """How to scrub. Every option has a default."""

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
    entities: Annotated[bool, Strict()] = True
    """False leaves the list of entities out of the answer."""


class ScrubRequest(ScrubOptions):
    """One document."""

    text: str


class Document(Lenient):
    """One document of a batch."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    text: str


class ScrubBatchRequest(ScrubOptions):
    """Up to 100 documents, one set of options."""

    documents: Annotated[tuple[Document, ...], Field(min_length=1, max_length=MAX_DOCUMENTS)]


class Entity(Lenient):
    """One identifier found. Half-open code-point offsets in the input."""

    start: int
    end: int
    type: PhiType
    score: float
    recognizer: str


class ScrubAnswer(Lenient):
    """The text without its identifiers, and what was found."""

    scrubbed_text: str
    phi_found: tuple[PhiType, ...]
    """In order of first appearance, once each."""
    redaction_count: int
    entities: tuple[Entity, ...] | None = None
    audit_id: uuid.UUID


class DocumentProblem(Lenient):
    """Why one document of a batch could not be scrubbed."""

    type: str
    title: str
    status: int
    limit: int | None = None


class BatchScrubbed(Lenient):
    """One document of a batch, scrubbed."""

    id: str
    scrubbed_text: str
    phi_found: tuple[PhiType, ...]
    redaction_count: int
    entities: tuple[Entity, ...] | None = None
    audit_id: uuid.UUID


class BatchFailed(Lenient):
    """One document of a batch that failed alone."""

    id: str
    error: DocumentProblem


class ScrubBatchAnswer(Lenient):
    """One result per document, in order."""

    results: tuple[BatchScrubbed | BatchFailed, ...]

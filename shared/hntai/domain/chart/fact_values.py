"""What every fact of a chart carries, and the uploaded documents facts may stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hntai.domain.dates import Moment


@dataclass(frozen=True, slots=True)
class Fact:
    references: tuple[str, ...]
    at: Moment | None
    encounter: str
    """Reference of the encounter it was recorded in, or nothing."""


DOCUMENT: Final = "Document/"
"""How the reference of what an uploaded document says begins: `Document/<upload_id>#<start>-<end>`."""


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """An uploaded document that was added to the record."""

    upload_id: str
    at: Moment
    """What it is dated by itself, or else the day it was uploaded."""
    is_date_stated: bool


@dataclass(frozen=True, slots=True)
class Conflict(Fact):
    """That a document says otherwise than the record, which is told; at is the document's day."""

    text: str

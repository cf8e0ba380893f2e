"""POST /upload."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import StringConstraints

from hntai.contracts.strict import Lenient
from hntai.domain.documents.document import PageSource, PageWarning


class DocumentRequest(Lenient):
    """A document that lies in the store already."""

    s3_key: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """From POST /uploads."""


class DocumentPage(Lenient):
    """One page, from 1."""

    number: int
    text: str
    source: PageSource
    confidence: float
    """From 0 to 1; 1 for what the document says itself, 0 where nothing could be read."""
    warnings: tuple[PageWarning, ...]
    header_lines: int
    """How many of the first lines of `text` are a header: they repeat on most pages."""
    footer_lines: int
    """The same of the last ones."""


class DocumentTiming(Lenient):
    """Seconds."""

    reading: float
    scrubbing: float
    """Finding identifiers, to count them or to take them out."""
    total: float


class DocumentAnswer(Lenient):
    """What stands in a document. `text` is its pages, an empty line between two."""

    upload_id: uuid.UUID
    """To name it by in other calls, until it expires."""
    expires_at: datetime
    text: str
    pages: tuple[DocumentPage, ...]
    media_type: str
    """Of the bytes; what the form or the name say is not looked at."""
    sha256: str
    phi: dict[str, int]
    """How many identifiers of each type there are; with `scrub=true`, were."""
    scrubbed: bool
    timing: DocumentTiming

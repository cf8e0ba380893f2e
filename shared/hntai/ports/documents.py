"""What the services need for documents: something that reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hntai.domain.documents.document import Page


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What was read. media_type: what the bytes are."""

    media_type: str
    pages: tuple[Page, ...]
    """At least one."""


class DocumentReader(Protocol):
    def read(self, content: bytes, *, deadline_s: float) -> ReadDocument:
        """Every page.

        Raises:
            DocumentTypeUnknownError: the bytes are no type we read.
            DocumentTooLongError: more pages or characters than the limit.
            DocumentUnreadableError: empty, truncated, damaged, encrypted, a bomb; or it took too long.
        """

    def said(self, content: bytes, *, deadline_s: float) -> ReadDocument:
        """Every page as the document says it itself: those that are pictures are empty, confidence 0.

        Raises as read does.
        """

    def recognised(self, content: bytes, numbers: Sequence[int], *, deadline_s: float) -> tuple[Page, ...]:
        """The pictures of pages of these numbers as text; one there was no time for, or that failed, says so.

        Raises:
            DocumentUnreadableError: what recognises them was ended by one of them.
        """

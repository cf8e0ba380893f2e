"""What is read out of a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

PAGE_GAP: Final = "\n\n"
"""What stands between two pages where they are one text."""


class PageSource(StrEnum):
    """How a page's text was had."""

    TEXT = "text"
    """Out of the document itself."""
    OCR = "ocr"
    """Recognised in a picture of the page."""


class PageWarning(StrEnum):
    """What a reader of the page ought to know."""

    NO_TEXT_LAYER = "no_text_layer"
    """The page is a picture; its text, if it has any, was recognised."""
    GARBLED_TEXT_LAYER = "garbled_text_layer"
    """What the page says of its letters makes no words; it was taken for a picture."""
    NOTHING_RECOGNISED = "nothing_recognised"
    """An empty page, or one with nothing but drawings."""
    OCR_OUT_OF_TIME = "ocr_out_of_time"
    """There was no time to recognise the page: its text is empty, though it may have some."""
    OCR_FAILED = "ocr_failed"
    """The page could not be recognised, alone either: its text is empty, though it may have some."""
    ENCODING_GUESSED = "encoding_guessed"
    """No encoding is declared and it is not UTF-8: read as Windows-1252."""
    MIXED_ENCODINGS = "mixed_encodings"
    """Some lines are UTF-8 and some are not; each was read as what it is."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page. confidence: from 0 to 1; 1 for what the document says itself."""

    number: int
    text: str
    source: PageSource = PageSource.TEXT
    confidence: float = 1.0
    warnings: tuple[PageWarning, ...] = ()


def merged_page(said: Page, recognised: Page | None) -> Page:
    """A page as it was recognised, with what was said of it before; as it was where it was not."""
    if recognised is None:
        return said
    return replace(recognised, warnings=said.warnings + recognised.warnings)


def page_to_json(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "text": page.text,
        "source": page.source.value,
        "confidence": page.confidence,
        "warnings": [warning.value for warning in page.warnings],
    }


def page_from_json(told: Mapping[str, Any]) -> Page:
    """The page that page_to_json took apart."""
    return Page(
        told["number"],
        told["text"],
        PageSource(told["source"]),
        told["confidence"],
        tuple(map(PageWarning, told["warnings"])),
    )

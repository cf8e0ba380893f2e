"""FHIR JSON: the narrative of every resource; where it has none, what its fields say to people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from hntai.domain.documents.document import Page
from hntai.domain.documents.html_text import feed_html
from hntai.domain.documents.layout import Layout
from hntai.domain.errors import DocumentTypeUnknownError, DocumentUnreadableError

MAX_DEPTH: Final = 100
_NAMED: Final = """
    text display family given suffix prefix line city state postalCode country birthDate gender status
    note description comment conclusion title patientInstruction value unit valueString valueBoolean
    valueInteger valueDecimal valueDateTime effectiveDateTime onsetDateTime authoredOn recordedDate
    occurrenceDateTime performedDateTime date start end dose comparator
"""
_SPOKEN: Final = frozenset(_NAMED.split())
"""Fields that hold words, figures or dates for people. Source: HL7 FHIR R4, the resources' definitions."""
_UNSPOKEN: Final = frozenset(
    {"meta", "extension", "contained", "identifier", "link", "implicitRules", "data"}
)


def fhir_pages(content: bytes, layout: Layout, shown: list[str]) -> list[Page]:
    """One page: the resources in order, each under its type.

    Raises:
        DocumentTypeUnknownError: JSON of something else.
        DocumentUnreadableError: no JSON, or deeper than any resource.
    """
    try:
        found: Any = json.loads(content)
    except RecursionError:
        raise DocumentUnreadableError(cause="too_deep", limit=MAX_DEPTH) from None
    except (ValueError, UnicodeError) as error:
        at_end = getattr(error, "pos", 0) >= len(content.rstrip()) - 1 or "Unterminated" in str(error)
        raise DocumentUnreadableError(cause="truncated" if at_end else "damaged") from None
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        raise DocumentTypeUnknownError(types=shown)
    for resource in _resources(found):
        _lay_out(resource, layout)
    return [Page(number, text) for number, text in enumerate(layout.pages(), 1)]


def _resources(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The resource itself, or those of a Bundle; contained ones after what contains them."""
    if found["resourceType"] != "Bundle":
        yield found
        contained = found.get("contained")
        yield from (one for one in contained if isinstance(one, dict)) if isinstance(contained, list) else ()
        return
    entries = found.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and isinstance(resource.get("resourceType"), str):
            yield from _resources(resource)


def _lay_out(resource: dict[str, Any], layout: Layout) -> None:
    layout.words(str(resource.get("resourceType", "")))
    layout.end_line()
    narrative = resource.get("text")
    div = narrative.get("div") if isinstance(narrative, dict) else None
    if isinstance(div, str) and div.strip():
        feed_html(div, layout)
        return
    for name, value in resource.items():
        if name not in _UNSPOKEN and name not in ("resourceType", "text"):
            words = list(dict.fromkeys(_words(name, value, 0)))
            if words:
                layout.words(f"{name}: {' '.join(words)}")
                layout.end_line()


def _words(name: str, value: Any, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise DocumentUnreadableError(cause="too_deep", limit=MAX_DEPTH)
    if isinstance(value, dict):
        for inner, what in value.items():
            if inner not in _UNSPOKEN:
                yield from _words(inner, what, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _words(name, one, depth + 1)
    elif name in _SPOKEN and isinstance(value, (str, int, float)):
        yield str(value)

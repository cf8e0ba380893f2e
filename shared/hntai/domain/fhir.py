"""Readers of FHIR JSON that take any shape and never fail: what is not there, or not right, is absent."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal

Resource = Mapping[str, object]

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_ABSOLUTE = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([^\s/?#]{1,128})(?:/_history/[^/]*)?\Z")
"""Ids as they are written, not as R4 wants them: some servers use underscores."""
_STATUSES = frozenset({"final", "active", "completed", "finished", "amended", "corrected", "order"})
"""The commonest, as R4 writes them."""
_UUID = re.compile(r"urn:(?:uuid|oid):(.+)\Z", re.IGNORECASE)


def mapping(value: object) -> Resource:
    """The value if it is a JSON object, else an empty one."""
    if type(value) is dict:  # what JSON is made of; the question below costs ten times as much
        return value
    return value if value is not None and isinstance(value, Mapping) else {}


def mappings(value: object) -> Iterator[Resource]:
    """The JSON objects in a list; a lone object counts as a list of one."""
    if value is None:
        return
    if type(value) is list or isinstance(value, tuple):
        for item in value:
            if type(item) is dict or isinstance(item, Mapping):
                yield item
    elif type(value) is dict or isinstance(value, Mapping):
        yield value


def string(value: object) -> str:
    """One line of visible text, or nothing: line breaks become spaces, zero-width characters go."""
    if not isinstance(value, str):
        return ""
    if value.isascii() and value.isprintable():
        is_tidy = " " not in value or ("  " not in value and value.strip() == value)
        return value if is_tidy else " ".join(value.split())
    spaced = "".join(" " if character.isspace() else character for character in value)
    visible = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)
    return " ".join(visible.split())


def strings(value: object) -> tuple[str, ...]:
    """The visible texts in a list of strings; a lone string counts as a list of one."""
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(text for text in map(string, items) if text)


def number(value: object) -> float | None:
    """A finite JSON number; booleans and numerals in strings are none."""
    if type(value) is not float and (isinstance(value, bool) or not isinstance(value, int | float | Decimal)):
        return None
    try:
        read = float(value)
    except (OverflowError, ValueError):
        return None
    return read if math.isfinite(read) else None


def codes(concept: object) -> tuple[tuple[str, str], ...]:
    """(system, code) of each coding of a CodeableConcept, in order."""
    codings = mapping(concept).get("coding")
    read = [(string(c.get("system")), string(c.get("code"))) for c in mappings(codings)]
    return tuple(pair for pair in read if pair[1])


def code_values(concept: object) -> frozenset[str]:
    """The codes of a CodeableConcept, whatever their systems."""
    return frozenset(code for _, code in codes(concept))


def displays(concept: object) -> tuple[str, ...]:
    """What a CodeableConcept is called: its own text first, then the displays of its codings."""
    read = mapping(concept)
    names = [string(read.get("text")), *(string(c.get("display")) for c in mappings(read.get("coding")))]
    return tuple(name for name in names if name)


def reference(value: object) -> str:
    """`Type/id` of a Reference, a bare id where it is a URN, `#id` where contained, or nothing."""
    written = string(mapping(value).get("reference"))
    if not written or written[0] == "#":
        return written
    kind, _, own = written.partition("/")
    if own and written.isascii() and kind.isalpha() and kind[0].isupper() and own.replace("-", "").isalnum():
        return written  # what most are: `Patient/123`
    urn = _UUID.match(written)
    if urn:
        return urn[1]
    typed = _ABSOLUTE.search(written)
    return f"{typed[1]}/{typed[2]}" if typed else ""


def status(resource: Resource, field: str) -> str:
    """A status that is a code (`final`) or a CodeableConcept, by code or by text, in lower case."""
    value = resource.get(field)
    if value is None:
        return ""
    if isinstance(value, str):
        return value if value in _STATUSES else string(value).lower()
    coded = next((code.lower() for _, code in codes(value)), "")
    return coded or "-".join(string(mapping(value).get("text")).lower().split())

"""One answer of an EHR, and the JSON in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hntai.domain.errors import EhrAnswerInvalidError, EhrPatientUnknownError, EhrRefusedError
from hntai.domain.fhir import mappings

NOT_OFFERED = frozenset({404, 405, 501})
_JSON_TYPES = ("application/fhir+json", "application/json+fhir", "application/json", "text/json")
"""FHIR's own, that of its drafts, and what servers say that know JSON only."""


@dataclass(slots=True)
class Answer:
    status: int
    media_type: str = ""
    """Without parameters, in lower case."""
    body: bytearray = field(default_factory=bytearray)
    is_not_offered: bool = False
    """Whether the server says that it does not know what it was asked for."""

    def says_not_supported(self) -> bool:
        """Whether it is an OperationOutcome that says so; gives the body up."""
        try:
            issues = mappings(_object(self.body).get("issue"))
        except EhrAnswerInvalidError:
            return False
        return any(issue.get("code") == "not-supported" for issue in issues)

    def json(self) -> Mapping[str, Any]:
        """The object in it; gives the body up, so that it is not held beside its values.

        Raises EhrAnswerInvalidError, EhrPatientUnknownError, EhrRefusedError.
        """
        if self.status in (404, 410):
            raise EhrPatientUnknownError
        if self.status == 400:
            raise EhrRefusedError(status=self.status)
        if self.status != 200:
            raise EhrAnswerInvalidError(status=self.status)
        if self.media_type not in _JSON_TYPES:
            raise EhrAnswerInvalidError(expected="application/fhir+json")
        return _object(self.body)


def _object(body: bytearray) -> Mapping[str, Any]:
    try:
        text = body.decode("utf-8-sig")
        body.clear()
        parsed = json.loads(text)
        if "\\ud" in text or "\\uD" in text:
            _refuse_half_characters(parsed)
    except (ValueError, RecursionError):
        raise EhrAnswerInvalidError(expected="JSON of whole characters") from None
    if not isinstance(parsed, dict):
        raise EhrAnswerInvalidError(expected="a JSON object")
    return parsed


def _refuse_half_characters(parsed: object) -> None:
    """Raises ValueError where an escape made text that could not be encoded again."""
    for part in _parts(parsed):
        json.dumps(part, ensure_ascii=False).encode()


def _parts(parsed: object) -> Iterator[object]:
    """The value in pieces, so that no second copy of a whole record is made."""
    if isinstance(parsed, dict):
        yield list(parsed)
        for value in parsed.values():
            yield from _parts(value) if isinstance(value, list) else (value,)
    else:
        yield from parsed if isinstance(parsed, list) else (parsed,)
